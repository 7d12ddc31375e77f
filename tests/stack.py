"""The whole running product, for journeys: web, worker, dialer and sandbox carrier as `make run` starts them."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from run import BASE, preparations, programs
from supervisor import Guard, signal_group
from tests.postgres import free_port

READY_WITHIN = 180.0
LINES_SHOWN = 60
STACK = pytest.StashKey["Stack"]()


@dataclass
class Stack:
    """Addresses and logs of the running product. The ORM of the test reads and writes the same database."""

    folder: Path
    port: int
    sandbox_port: int
    env: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def log(self, name: str) -> str:
        """What web, worker, dialer or sandbox printed so far."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def manage(self, *arguments: str) -> str:
        """Run a management command against the stack's database; what it printed."""
        return run_step([sys.executable, "manage.py", *arguments], self.env)

    def start(self, guard: Guard, only: Collection[str] | None = None) -> None:
        """Start all programs, or those named in `only`; web and sandbox listen when this returns."""
        for program in programs(self.port, self.sandbox_port):
            if only is not None and program.name not in only:
                continue
            with open(self.folder / f"{program.name}.log", "wb") as log:
                process = subprocess.Popen(
                    list(program.command),
                    cwd=BASE,
                    env={**self.env, **program.env},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            guard.add(process.pid)
            self.processes[program.name] = process
        deadline = time.monotonic() + READY_WITHIN
        ports = {"sandbox": self.sandbox_port, "web": self.port}
        for port in (port for name, port in ports.items() if name in self.processes):
            while not listens(port):
                self.check_alive()
                if time.monotonic() > deadline:
                    pytest.fail(
                        f"Nothing listens on port {port} after {READY_WITHIN:g} s.\n{self.tails()}",
                        pytrace=False,
                    )
                time.sleep(0.05)
        self.check_alive()

    def check_alive(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                pytest.fail(
                    f"{name} ended with exit code {process.returncode}.\n{self.tails()}", pytrace=False
                )

    def tails(self) -> str:
        tails = []
        for name in self.processes:
            lines = self.log(name).splitlines()[-LINES_SHOWN:]
            tails.append("\n".join([f"--- {name} ---", *lines]))
        return "\n".join(tails)

    def stop(self, guard: Guard) -> None:
        """End everything at once: its database goes away now. How a stop should go is the matter of tests/run."""
        for process in self.processes.values():
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
            guard.remove(process.pid)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run_step(command: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=BASE, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command[1:])} failed:\n{done.stdout}{done.stderr}", pytrace=False)
    return done.stdout


class Databases:
    """Migrated once in a session, copied for every stack: files of SQLite, or databases beside DATABASE_URL's."""

    def __init__(self, folder: Path, server: str | None = None) -> None:
        """server: the URL of a PostgreSQL; DATABASE_URL's when it names one, else files of SQLite."""
        from django.conf import settings

        self.folder = folder
        server = os.environ.get("DATABASE_URL", "") if server is None else server
        self.server = server if server.startswith(("postgres", "psql", "pgsql")) else None
        self.template = self.new()
        # What it queues is signed, and a stack of this key reads it.
        env = {
            **os.environ,
            "DATABASE_URL": self.template,
            "PARLEY_VAR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
        }
        for step in preparations(free_port(), demo=False):
            run_step(list(step.command), {**env, **step.env})

    def new(self, template: str | None = None) -> str:
        """The URL of a new database, empty or a copy of `template`."""
        name = f"stack_{uuid.uuid4().hex[:12]}"
        if self.server is None:
            path = self.folder / f"{name}.sqlite3"
            if template is not None:
                shutil.copy(urlsplit(template).path, path)
            return f"sqlite:///{path}"
        origin = urlsplit(template).path.lstrip("/") if template else "template1"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"')
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    def drop(self, url: str) -> None:
        if self.server is not None:
            self.execute(f'DROP DATABASE IF EXISTS "{urlsplit(url).path.lstrip("/")}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.server or "", autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def stack_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    databases = Databases(tmp_path_factory.mktemp("stack-databases"))
    yield databases
    databases.drop(databases.template)


@contextlib.contextmanager
def running(
    databases: Databases,
    folder: Path,
    node: pytest.Item | pytest.Collector,
    only: Collection[str] | None = None,
    **more: str,
) -> Iterator[Stack]:
    """The product, or the programs named in `only`, on a fresh database; `more` goes into their environment.

    Meanwhile the ORM of this process is connected to that database, in every thread, and commits for real. `node` gets
    the stack stashed, so that a failure shows the logs.
    """
    from django.conf import settings
    from django.db import connections
    from django.db.utils import load_backend
    from django.test import override_settings

    url = databases.new(databases.template)
    port, sandbox_port = free_port(), free_port()
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "PARLEY_VAR": str(folder),
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_SPEED": "20",
        "SANDBOX_DATA": str(folder / "sandbox"),
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        "PYTHONUNBUFFERED": "1",
        **more,
    }
    stack = Stack(folder, port, sandbox_port, env)
    guard = Guard()
    usual, usual_settings = connections["default"], connections.settings["default"]
    parameters = {**usual_settings, **environ.Env.db_url_config(url)}
    if parameters["ENGINE"] != usual_settings["ENGINE"]:
        parameters["OPTIONS"] = {}
    connections.settings["default"] = parameters
    connections["default"] = load_backend(parameters["ENGINE"]).DatabaseWrapper(parameters, "default")
    places = override_settings(
        PORT=port,
        PUBLIC_URL=stack.url,
        SANDBOX_PORT=sandbox_port,
        SANDBOX_URL=stack.sandbox_url,
        VAR_DIR=folder,
        MEDIA_ROOT=folder / "media",
    )
    try:
        with places:
            node.stash[STACK] = stack
            stack.start(guard, only)
            yield stack
    finally:
        stack.stop(guard)
        # It holds a copy of every open pipe, a browser's among them, which would wait for its end.
        guard.close()
        connections["default"].close()
        connections.settings["default"] = usual_settings
        connections["default"] = usual
        databases.drop(url)


@pytest.fixture(scope="module")
def live_stack(
    stack_databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[Stack]:
    """The product running on a fresh database of its own, one for every test module.

    Within the module the ORM is connected to that database and commits for real: what a test writes, the product
    sees, and the other way round. Do not mark such tests `django_db`.
    """
    with (
        django_db_blocker.unblock(),
        running(stack_databases, tmp_path_factory.mktemp("stack"), request.node) as stack,
    ):
        yield stack


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Show the ends of the product's logs beside a journey that failed."""
    report = yield
    module = item.getparent(pytest.Module)
    if report.failed and module is not None and (stack := module.stash.get(STACK, None)):
        report.sections.append(("the product's logs", stack.tails()))
    return report
