"""Programs that a benchmark starts and never leaves behind, and the load it puts on them."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from run import BASE, SERVER
from supervisor import Guard, signal_group
from tests.postgres import free_port

# The documented server of pages and callbacks, for several processes (docs/operations.md).
PAGES = ["--interface", "wsgi", "--http", "1", "--no-ws", "--blocking-threads", "16", "--log-level", "error"]


@contextmanager
def running(
    command: Sequence[str], *, port: int | None = None, log: IO[bytes] | None = None, **env: str
) -> Iterator[subprocess.Popen]:
    """A program of ours, answering on `port` when that is given; gone with all its children afterwards."""
    guard = Guard()
    process = subprocess.Popen(
        command,
        cwd=BASE,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=log or subprocess.DEVNULL,
        stderr=log,
        start_new_session=True,
    )
    guard.add(process.pid)
    try:
        deadline = time.monotonic() + 60
        while port is not None and not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} does not answer on port {port}")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        signal_group(process.pid, 9)
        process.wait()
        guard.remove(process.pid)


@contextmanager
def web(application: str, *, log: IO[bytes] | None = None, **env: str) -> Iterator[tuple[int, int]]:
    """An ASGI application on one uvicorn, as run.py starts it; its port and process id."""
    with _serving([sys.executable, "-m", "uvicorn", application, *SERVER], log, env) as served:
        yield served


@contextmanager
def pages(application: str, **env: str) -> Iterator[tuple[int, int]]:
    """A WSGI application on one granian, as docs/operations.md says; its port and process id."""
    with _serving([sys.executable, "-m", "granian", application, *PAGES], None, env) as served:
        yield served


@contextmanager
def plain(application: str, **env: str) -> Iterator[tuple[int, int]]:
    """An ASGI application that is not Parley on one uvicorn at its quickest; its port and process id."""
    with _serving(
        [
            sys.executable,
            "-m",
            "uvicorn",
            application,
            "--log-level",
            "error",
            "--no-access-log",
            "--ws",
            "none",
        ],
        None,
        env,
    ) as served:
        yield served


@contextmanager
def _serving(command: Sequence[str], log: IO[bytes] | None, env: dict[str, str]) -> Iterator[tuple[int, int]]:
    port = free_port()
    with running(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        port=port,
        log=log,
        **{"PARLEY_PROCESS": "web", "PORT": str(port), "LOG_LEVEL": "WARNING", **env},
    ) as process:
        yield port, process.pid


def megabytes(pid: int) -> float:
    """The memory of a process and its children that is in use; what several of them share counts once."""
    total = 0
    for each in [pid, *_children(pid)]:
        with suppress(FileNotFoundError, ProcessLookupError):
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += int(rollup.partition("\nPss:")[2].split()[0])
    return total * 1024 / 1e6


def megabytes_at_rest(pid: int) -> float:
    """The same once it has stopped growing: everything is loaded and nothing is asked of it."""
    size = 0.0
    while (grown := megabytes(pid)) > size * 1.02:
        size = grown
        time.sleep(4)
    return grown


def cpu_seconds(pid: int) -> float:
    """The processor time that a process and its children have taken."""
    total = 0
    for each in [pid, *_children(pid)]:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in map(int, task.read_text().split()):
                found += [child, *_children(child)]
        except FileNotFoundError:
            continue
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def post_all(
    ports: Sequence[int], requests: Sequence[bytes], *, connections: int = 16, per_second: float = 0.0
) -> tuple[float, list[float], int]:
    """Send ready-made HTTP requests over kept connections, as many to each port; seconds, each one's latency, and how
    many failed.

    per_second spaces the starts evenly, and a latency counts from the instant its request was due; 0 sends as fast as
    answers come.
    """
    latencies: list[float] = []
    failed = 0
    queue = iter(enumerate(requests))
    started = time.perf_counter()

    async def client(port: int) -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, request in queue:
            due = started + number / per_second if per_second else time.perf_counter()
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            if int(length or 0):
                await reader.readexactly(int(length))
            latencies.append(time.perf_counter() - due)
            failed += not head.startswith(b"HTTP/1.1 2")
        writer.close()

    await asyncio.gather(*(client(ports[number % len(ports)]) for number in range(connections)))
    return time.perf_counter() - started, latencies, failed
