"""A throwaway PostgreSQL from the distribution's binaries, for tests and benchmarks.

    python -m tests.postgres [--fsync] -- command ...

runs a command with DATABASE_URL naming an empty database; the cluster is gone afterwards, also after Ctrl-C.
"""

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from supervisor import Guard

INSTALL = "PostgreSQL's server is not installed. Debian, Ubuntu: apt-get install postgresql"
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgresError(Exception):
    """Why there is no cluster, in words."""


def binaries() -> Path:
    """The folder that holds initdb and postgres, the newest version first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    on_path = shutil.which("postgres")
    for folder in [*folders, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgresError(INSTALL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """One PostgreSQL server on a free port of 127.0.0.1, its files in `folder`.

    `stop` and `start` may be called in turns, as a database restart in the middle of work.
    """

    def __init__(self, folder: Path, *, fsync: bool = False, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.binaries = binaries()
        self.port = free_port()
        self.settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            **({} if fsync else QUICK),
            **(settings or {}),
        }
        server = f"postgres://parley@127.0.0.1:{self.port}"
        self.url, self.maintenance_url = f"{server}/parley", f"{server}/postgres"
        self.process: subprocess.Popen[bytes] | None = None
        self.guard = Guard()
        # PostgreSQL refuses to run as root.
        self.user: dict = {}
        if os.geteuid() == 0:
            known = {entry.pw_name: entry for entry in pwd.getpwall()}
            account = known.get("postgres") or known["nobody"]
            self.user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(folder, account.pw_uid, account.pw_gid)

    def create(self) -> None:
        command = [str(self.binaries / "initdb"), "--pgdata", str(self.folder / "data")]
        command += ["--username", "parley", "--auth", "trust"]
        command += ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
        made = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, **self.user)
        if made.returncode:
            raise NoPostgresError(f"initdb failed:\n{made.stderr}")
        self.start()
        with psycopg.connect(self.maintenance_url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE parley")

    def start(self) -> None:
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "data", *options],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self.user,
            )
        self.guard.add(self.process.pid)
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.maintenance_url, connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise NoPostgresError(
                        f"PostgreSQL did not start: {error}\n{log.read_text()[-2000:]}"
                    ) from None
                time.sleep(0.05)

    def stop(self, *, immediate: bool = False) -> None:
        """End the server: its clients are disconnected, or, when `immediate`, it crashes."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGQUIT if immediate else signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.guard.remove(self.process.pid)
        self.process = None


@contextmanager
def throwaway(*, fsync: bool = False, settings: dict[str, str] | None = None) -> Iterator[Cluster]:
    """A running cluster with an empty database `parley`; `fsync` when durability is part of the matter."""
    with tempfile.TemporaryDirectory(prefix="parley-postgres-") as folder:
        cluster = Cluster(Path(folder), fsync=fsync, settings=settings)
        try:
            cluster.create()
            yield cluster
        finally:
            cluster.stop(immediate=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.postgres", description="Run a command beside a PostgreSQL."
    )
    parser.add_argument("--fsync", action="store_true", help="write as durably as production does")
    parser.add_argument("command", nargs="+", help="what to run with DATABASE_URL set")
    options = parser.parse_args()

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    try:
        with throwaway(fsync=options.fsync) as cluster:
            # Not "web": a connection pool and the making of test databases do not go together.
            env = {**os.environ, "DATABASE_URL": cluster.url, "PARLEY_PROCESS": "manage"}
            command = subprocess.Popen(options.command, env=env)
            try:
                return command.wait()
            except BaseException:
                # Ctrl-C reached the command too, a SIGTERM did not; either way it ends before its database.
                command.terminate()
                command.wait()
                raise
    except NoPostgresError as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
