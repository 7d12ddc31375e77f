"""The supervisor with real processes: small scripts stand for Parley's own."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import free_port

BASE = Path(__file__).resolve().parents[2]
DEADLINE = 60.0

PROGRAMS = """
import asyncio, sys
from supervisor import Guard, Patience, Program, Supervisor

patience = Patience(
    look=0.1, silence=0.5, settle=0.3, wedged=0.3, first_pause=0.05, longest_pause=0.2, steady=5
)

def python(name, source, **options):
    return Program(name, [sys.executable, "-c", source], **options)

async def main(*programs, port, preparations=()):
    guard = Guard(grace=1.0)
    supervisor = Supervisor(programs, port=port, preparations=preparations, patience=patience, guard=guard)
    return await supervisor.run()
"""

# Answers /healthz with what the file named in its first argument holds: a status and a body.
WEB = """
import http.server, pathlib, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = pathlib.Path({health!r}).read_text().split(" ", 1)
        self.send_response(int(status)); self.end_headers(); self.wfile.write(body.encode())
    def log_message(self, *arguments):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", {port}), Health).serve_forever()
"""

# Writes its process number to a file, one line a start, then sleeps.
SLEEPER = """
import os, time
with open({file!r}, "a") as file: print(os.getpid(), file=file)
print("up", flush=True)
while True: time.sleep(0.05)
"""


def until(look: Callable[[], Any], what: str, within: float = DEADLINE) -> Any:
    """Poll until `look` returns something true, and return that; give up after `within` seconds."""
    deadline = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < deadline, f"waited {within:g} s for {what}"
        time.sleep(0.02)
    return seen


def alive(process: int) -> bool:
    """Whether the process runs; a zombie that nobody collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def starts(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


class Running:
    """A supervisor in a process of its own, its output in a file."""

    def __init__(self, script: str, folder: Path) -> None:
        self.output = folder / "output"
        with open(self.output, "w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAMS + script],
                cwd=BASE,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def said(self, text: str) -> bool:
        return text in self.output.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    running: list[Running] = []

    def begin(script: str) -> Running:
        running.append(Running(script, tmp_path))
        return running[-1]

    yield begin
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


def test_it_starts_a_dead_child_again(supervise, tmp_path):
    file = tmp_path / "starts"
    supervisor = supervise(
        f"asyncio.run(main(python('worker', {SLEEPER.format(file=str(file))!r}), port={free_port()}))"
    )
    first = until(lambda: starts(file), "the first start")[0]
    os.kill(first, signal.SIGKILL)
    second = until(lambda: starts(file)[1:], "the second start")[0]
    assert alive(second)
    assert supervisor.said("worker ended by SIGKILL; starting it again in")
    assert supervisor.stop() == 0
    assert not alive(second)


def test_it_waits_longer_before_each_start_of_a_child_that_keeps_dying(supervise):
    supervisor = supervise(
        f"asyncio.run(main(python('worker', 'import sys; sys.exit(3)'), port={free_port()}))"
    )
    pauses = ["0.05", "0.1", "0.2"]
    for pause in pauses:
        text = f"worker ended with exit code 3; starting it again in {pause} s"
        until(lambda text=text: supervisor.said(text), text)
    assert supervisor.stop() == 0


def test_it_kills_and_restarts_the_part_that_healthz_names_even_when_it_ignores_sigterm(supervise, tmp_path):
    file, health, port = tmp_path / "starts", tmp_path / "health", free_port()
    health.write_text("200 {}")
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + SLEEPER.format(file=str(file))
    supervisor = supervise(
        f"web = python('web', {WEB.format(health=str(health), port=port)!r})\n"
        f"asyncio.run(main(web, python('dialer', {deaf!r}, grace=0.3), port={port}))"
    )
    until(lambda: supervisor.said("Parley is at"), "the web to answer")
    first = until(lambda: starts(file), "the first start")[0]
    health.write_text(
        '503 {"status": "stale", "parts": {"dialer": "no beat for 95 s, 3 calls due", "web": "ok"}}'
    )
    second = until(lambda: starts(file)[1:], "the restart")[0]
    health.write_text("200 {}")
    assert not alive(first)
    assert second != first
    assert supervisor.said("dialer is wedged (no beat for 95 s, 3 calls due); restarting it")
    assert supervisor.said("dialer did not stop within 0.3 s; killing it")
    assert not supervisor.said("web is wedged")
    assert supervisor.stop() == 0


def test_it_restarts_a_web_process_that_no_longer_answers(supervise, tmp_path):
    file = tmp_path / "starts"
    supervisor = supervise(
        f"asyncio.run(main(python('web', {SLEEPER.format(file=str(file))!r}), port={free_port()}))"
    )
    until(lambda: len(starts(file)) == 2, "the restart")
    assert supervisor.said("web is wedged (no answer on port")
    assert supervisor.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_in_reverse_order_with_the_farewell_and_leaves_no_grandchild(supervise, tmp_path, number):
    file, order, farewell = tmp_path / "starts", tmp_path / "order", tmp_path / "farewell"
    grandchild, bye = SLEEPER.format(file=str(file)), f"open({str(farewell)!r}, 'x')"
    source = (
        "import os, signal, subprocess, sys, time\n"
        "def leave(*_):\n"
        # As a drain that goes on until it is sent home.
        f"    while NAME == 'dialer' and not os.path.exists({str(farewell)!r}): time.sleep(0.02)\n"
        f"    with open({str(order)!r}, 'a') as file: print(NAME, file=file)\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}])\n"
        "while True: time.sleep(0.05)\n"
    )
    supervisor = supervise(
        "def noted(name, **options):\n"
        f"    return python(name, {source!r}.replace('NAME', repr(name)), **options)\n"
        f"bye = [sys.executable, '-c', {bye!r}]\n"
        f"sys.exit(asyncio.run(main(noted('web'), noted('dialer', farewell=bye), port={free_port()})))"
    )
    processes = until(lambda: starts(file) if len(starts(file)) == 2 else [], "both to run")
    assert supervisor.stop(number) == 0
    assert order.read_text().split() == ["dialer", "web"]
    assert [process for process in processes if alive(process)] == []
    assert supervisor.said("stopped.")


def test_a_second_interrupt_kills_what_will_not_stop(supervise, tmp_path):
    file = tmp_path / "starts"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + SLEEPER.format(file=str(file))
    supervisor = supervise(f"asyncio.run(main(python('worker', {deaf!r}, grace=3600), port={free_port()}))")
    process = until(lambda: starts(file), "the start")[0]
    supervisor.process.send_signal(signal.SIGINT)
    until(lambda: supervisor.said("Ctrl-C again to stop at once"), "the first answer")
    assert alive(process)
    supervisor.stop(signal.SIGINT)
    assert not alive(process)


def test_nothing_survives_a_killed_supervisor(supervise, tmp_path):
    file = tmp_path / "starts"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + SLEEPER.format(file=str(file))
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {deaf!r}])"
    supervisor = supervise(
        f"asyncio.run(main(python('worker', {parent!r}), python('dialer', {deaf!r}), port={free_port()}))"
    )
    processes = until(lambda: starts(file) if len(starts(file)) == 2 else [], "both to run")
    supervisor.process.kill()
    supervisor.process.wait()
    until(lambda: not any(alive(process) for process in processes), "the guard to end what was left")


def test_a_failed_preparation_shows_its_output_and_starts_nothing(supervise, tmp_path):
    file = tmp_path / "starts"
    supervisor = supervise(
        f"worker = python('worker', {SLEEPER.format(file=str(file))!r})\n"
        "step = python('preparing the database', 'import sys; print(\"no such table\"); sys.exit(1)')\n"
        f"sys.exit(asyncio.run(main(worker, port={free_port()}, preparations=[step])))"
    )
    assert supervisor.process.wait(DEADLINE) == 1
    assert supervisor.said("no such table")
    assert supervisor.said("Nothing was started.")
    assert not file.exists()


def test_it_greets_with_what_the_last_preparation_said_once_the_web_answers(supervise, tmp_path):
    health, port = tmp_path / "health", free_port()
    health.write_text("200 {}")
    supervisor = supervise(
        f"web = python('web', {WEB.format(health=str(health), port=port)!r})\n"
        "demo = python('preparing the demo', 'print(\"Sign in as somebody\")')\n"
        f"asyncio.run(main(web, port={port}, preparations=[demo]))"
    )
    until(lambda: supervisor.said("Sign in as somebody"), "the greeting")
    assert supervisor.said(f"Parley is at http://127.0.0.1:{port}/")
    assert supervisor.stop() == 0


def run_parley(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run.py"],
        cwd=BASE,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=DEADLINE,
    )


def test_a_port_in_use_is_named_with_the_way_out(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run_parley(PORT=str(port), PARLEY_VAR=str(tmp_path))
    assert result.returncode == 1
    assert f"port {port} is in use by another program: stop it, or choose another with PORT=" in result.stderr


@pytest.mark.parametrize("port", ["eight", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused_in_words(tmp_path, port):
    result = run_parley(PORT=port, PARLEY_VAR=str(tmp_path))
    assert result.returncode == 1
    assert f"PORT={port} is not a port" in result.stderr


def test_a_second_start_from_the_same_folder_is_refused(tmp_path):
    with open(tmp_path / "supervisor.lock", "w") as lock:
        lock.write("4711\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run_parley(PORT=str(free_port()), PARLEY_VAR=str(tmp_path))
    assert result.returncode == 1
    assert "it already runs on" in result.stderr
    assert "process 4711" in result.stderr
