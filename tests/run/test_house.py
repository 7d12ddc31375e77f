"""The test house itself: what the other tests stand on does what it says."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.conftest import NetworkReached
from tests.postgres import throwaway

BASE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("example.com", 80)])
def test_no_test_reaches_the_network(address):
    with pytest.raises(NetworkReached, match="Tests stay on this machine"):
        socket.create_connection(address, timeout=1)


def test_a_test_reaches_its_own_machine():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_a_database_can_crash_and_come_back_in_the_middle_of_a_test():
    with throwaway() as cluster:
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (number integer)")
            connection.execute("CHECKPOINT")
        cluster.stop(immediate=True)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(cluster.url)
        cluster.start()
        with psycopg.connect(cluster.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        folder = cluster.folder
    assert not folder.exists()


def test_a_command_gets_a_database_and_its_exit_code_is_passed_on():
    check = "import os, psycopg, sys; psycopg.connect(os.environ['DATABASE_URL']); sys.exit(7)"
    done = subprocess.run(
        [sys.executable, "-m", "tests.postgres", "--", sys.executable, "-c", check], cwd=BASE
    )
    assert done.returncode == 7


def test_a_machine_without_chromium_is_told_what_to_install(monkeypatch, tmp_path):
    from tests.browser import executable

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        executable()


def test_python_that_is_too_old_is_told_what_to_install(tmp_path):
    for name in ("sh", "sed", "echo"):
        found = subprocess.run(
            ["sh", "-c", f"command -v {name}"], capture_output=True, text=True
        ).stdout.strip()
        if found.startswith("/"):
            (tmp_path / name).symlink_to(found)
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\ncase "$2" in *version_info\\[:2\\]*) echo 3.9 ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)
    env = {**os.environ, "PATH": str(tmp_path)}
    env.pop("PYTHON", None)
    done = subprocess.run(
        ["/bin/sh", BASE / "scripts/venv.sh"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Parley needs Python 3.11 or newer, with the venv module. Found: python3 is 3.9." in done.stderr


def test_the_browser_shows_a_page(page):
    page.goto("data:text/html,<h1>Parley</h1>")
    assert page.inner_text("h1") == "Parley"
