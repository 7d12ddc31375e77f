"""Start Parley on this machine: `python run.py`, which is what `make run` does.

Checks that nothing is in the way, prepares the database (and the demo, when the sandbox carrier stands in for
the phone network), then keeps web, worker, dialer and sandbox carrier running until Ctrl-C.
"""

import asyncio
import contextlib
import fcntl
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import environ

from supervisor import Guard, Program, Supervisor

BASE = Path(__file__).resolve().parent
MANAGE = [sys.executable, "manage.py"]

# uvicorn's options, wherever Parley's sockets are served.
SERVER = ["--ws", "websockets-sansio", "--http", "config.connections:Connection", "--ws-max-size", "262144"]
SERVER += ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "5"]


class CannotStartError(Exception):
    """Why Parley does not start, in words for the person at the terminal."""


def sandbox_token(folder: Path) -> str:
    """The auth token of the demo's account at the sandbox carrier, made once and kept beside the database."""
    path = folder / "sandbox_auth_token"
    with (
        contextlib.suppress(FileExistsError),
        open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file,
    ):
        file.write(secrets.token_hex(16))
    return path.read_text().strip()


def programs(port: int, sandbox_port: int | None) -> list[Program]:
    """Parley's processes, in starting order; without the sandbox carrier when `sandbox_port` is None."""
    ports = {"PORT": str(port)}
    carrier = []
    if sandbox_port is not None:
        ports["SANDBOX_PORT"] = str(sandbox_port)
        command = [sys.executable, "-m", "sandbox", "--port", str(sandbox_port)]
        carrier = [Program("sandbox", command, env=ports, grace=5)]
    web = [sys.executable, "-m", "uvicorn", "config.asgi:application", *SERVER]
    web += ["--host", "127.0.0.1", "--port", str(port)]
    queue = [*MANAGE, "qcluster"]
    dialer = {**ports, "PARLEY_PROCESS": "dialer", "Q_CLUSTER_NAME": "dialer"}
    return [
        *carrier,
        Program("web", web, env={**ports, "PARLEY_PROCESS": "web"}, grace=10),
        Program("worker", queue, env={**ports, "PARLEY_PROCESS": "worker"}, grace=30),
        # A drain goes on for up to 100 s unless it is told to hand over.
        Program("dialer", queue, env=dialer, grace=110, farewell=[*MANAGE, "handover"]),
    ]


def preparations(port: int, *, demo: bool) -> list[Program]:
    """What runs to its end before the first process starts; each step may be repeated."""
    env = {"PARLEY_PROCESS": "manage", "PORT": str(port)}
    migrate = [*MANAGE, "migrate", "--no-input", "--verbosity", "0"]
    steps = [Program("preparing the database", migrate, env=env)]
    if demo:
        steps.append(Program("preparing the demo", [*MANAGE, "demo"], env=env))
    return steps


def port_from(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        raise CannotStartError(
            f"{variable}={text} is not a port: give a number from 1 to 65535, PORT=8010 make run"
        )
    return int(text)


def check_port(port: int, variable: str) -> None:
    """Bind the port for a moment; a refusal becomes words."""
    with socket.socket() as probe:
        # A port whose last connections are still fading is free for a server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStartError(
                f"port {port} is kept for root: choose one above 1023, PORT=8010 make run"
            ) from None
        except OSError:
            choice = f"{variable}={port + 10 if port < 65000 else 8010}"
            raise CannotStartError(
                f"port {port} is in use by another program: stop it, or choose another with {choice} make run"
            ) from None


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`. The guard inherits it, so it is free again when the last child is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "supervisor.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStartError(
                f"it already runs on {folder} (process {lock.read().strip()}), or is still stopping: stop it "
                "with Ctrl-C there, or give this one a folder of its own with PARLEY_VAR="
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def main() -> int:
    os.chdir(BASE)
    environ.Env.read_env(BASE / ".env")
    try:
        port = port_from("PORT", 8000)
        sandbox_port = None
        if os.environ.get("PARLEY_SANDBOX") != "0":
            sandbox_port = port_from("SANDBOX_PORT", port + 1)
        folder = Path(os.environ.get("PARLEY_VAR") or BASE / "var")
        with only_one(folder):
            os.environ.setdefault("SANDBOX_AUTH_TOKEN", sandbox_token(folder))
            os.environ.setdefault("SANDBOX_DATA", str(folder / "sandbox"))
            check_port(port, "PORT")
            if sandbox_port is not None:
                check_port(sandbox_port, "SANDBOX_PORT")
            return asyncio.run(serve(port, sandbox_port, Guard()))
    except CannotStartError as reason:
        print(f"Parley cannot start: {reason}", file=sys.stderr)
        return 1


async def serve(port: int, sandbox_port: int | None, guard: Guard) -> int:
    steps = preparations(port, demo=sandbox_port is not None)
    return await Supervisor(programs(port, sandbox_port), port=port, preparations=steps, guard=guard).run()


if __name__ == "__main__":
    sys.exit(main())
