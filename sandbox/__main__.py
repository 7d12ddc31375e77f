"""``python -m sandbox --port 8001``: run the sandbox carrier on loopback."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys

import uvicorn

from sandbox.app import create_app
from sandbox.carrier import Settings, SettingsError
from sandbox.personas import PersonaError, load
from sandbox.webhooks import is_loopback


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address; anything else is refused")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--speed", help="1 is human pace, 20 is twenty times faster (SANDBOX_SPEED)")
    parser.add_argument("--data", help="folder of the log and the records (SANDBOX_DATA)")
    parser.add_argument("--seed", help="makes a run repeat exactly (SANDBOX_SEED)")
    given = parser.parse_args(argv)
    if not is_loopback(given.host):
        return _fail(f"The sandbox carrier runs on loopback only; {given.host} is not a loopback address.")
    flags = {"SANDBOX_SPEED": given.speed, "SANDBOX_DATA": given.data, "SANDBOX_SEED": given.seed}
    try:
        settings = Settings.from_env({**os.environ, **{key: value for key, value in flags.items() if value}})
        load()
    except (SettingsError, PersonaError) as exc:
        return _fail(f"The sandbox carrier cannot start: {exc}")
    family = socket.AF_INET6 if ":" in given.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((given.host, given.port))
        listener.listen(2048)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            return _fail(
                f"Port {given.port} is in use: stop what listens there, or choose another port with --port."
            )
        return _fail(f"The sandbox carrier cannot listen on {given.host}:{given.port}: {exc.strerror}.")
    config = uvicorn.Config(
        create_app(settings), log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=2
    )
    # uvicorn stops in order and then raises the signal again, which would end us with an error.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    print(
        f"Sandbox carrier on http://{given.host}:{listener.getsockname()[1]}/ (data in {settings.data})",
        flush=True,
    )
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
