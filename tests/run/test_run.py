"""`make run` as a person types it."""

import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.postgres import free_port
from tests.run.test_supervisor import until
from tests.stack import listens

BASE = Path(__file__).resolve().parents[2]


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


def marked(mark: str) -> list[int]:
    """The running processes that inherited this environment variable, wherever they hang in the process tree."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                environment = (folder / "environ").read_bytes()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if mark.encode() in environment and state != "Z":
                found.append(int(folder.name))
    return found


@pytest.mark.xdist_group("product")
def test_make_run_greets_serves_stops_without_leftovers_and_starts_again(tmp_path):
    port, sandbox_port = free_port(), free_port()
    env = {
        **os.environ,
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "PARLEY_VAR": str(tmp_path / "var"),
        "PARLEY_TEST_RUN": str(port),
    }
    env.pop("DATABASE_URL", None)
    for start in (1, 2):
        output = tmp_path / f"output-{start}"
        with open(output, "w") as file:
            running = subprocess.Popen(
                ["make", "--no-print-directory", "run"],
                cwd=BASE,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        try:
            until(
                lambda running=running, output=output: (
                    "Ctrl-C stops it." in output.read_text() or running.poll() is not None
                ),
                "the greeting",
                within=300,
            )
            said = output.read_text()
            assert running.poll() is None, said
            assert f"Parley is at http://127.0.0.1:{port}/" in said
            assert re.search(r"[Pp]assword", said), f"no demo sign-in in:\n{said}"
            assert get(f"http://127.0.0.1:{port}/healthz")[0] == 200
            assert "<form" in get(f"http://127.0.0.1:{port}/")[1]
            assert listens(sandbox_port)
            os.killpg(running.pid, signal.SIGINT)  # what a terminal sends to everybody in the foreground
            running.wait(180)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
        said = output.read_text()
        assert "stopped." in said
        assert "Traceback" not in said
        until(
            lambda: not marked(f"PARLEY_TEST_RUN={port}"),
            f"everything to end; still there: {marked(f'PARLEY_TEST_RUN={port}')}",
        )
        assert not listens(port)
