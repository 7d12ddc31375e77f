"""Two machines over one database behind one address: each has a web, a worker and a dialer, and each is killed once.

The carrier has a bad day meanwhile: it fails some requests, and doubles, delays, reorders and loses events.
"""

import asyncio
import contextlib
import itertools
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL

import httpx
import pytest
from django.db.models import Max
from django.utils.timezone import now
from django_q.tasks import async_task
from pytest_django import DjangoDbBlocker

from accounts.models import Member
from dialer.models import Attempt, AttemptState, Call
from dialer.results import LAST_TURNS
from run import BASE, programs
from supervisor import Guard, signal_group
from tests.factories import MemberFactory
from tests.faults import checker
from tests.faults.conftest import PATIENCE, Theatre, scaled, theatre_on
from tests.postgres import free_port
from tests.stack import Databases
from voiceagents.models import Conversation

LOCATIONS = scaled(45, 120)
CALLS_EACH = scaled(2, 5)
# Bookings, questions, refusals to talk on, opt-outs; and calls that nobody or a machine takes.
ENDINGS = (5, 65, 30, 42, 92, 82, 40, 77)
SPEED = 20
PASSWORD = "correct-horse-battery"
STARTED, ENDED = (re.compile(rf"{event}\b.*\bepoch=(\d+)") for event in ("drain_started", "drain_ended"))


class Proxy:
    """One address for several web processes: connections in turns, and past one that does not listen."""

    def __init__(self, ports: list[int]) -> None:
        self.taken: Counter[int] = Counter()
        self._ports, self._turn = ports, itertools.count()
        self._loop = asyncio.new_event_loop()
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(self._turn)
        for offset in range(len(self._ports)):
            port = self._ports[(first + offset) % len(self._ports)]
            try:
                there, back = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            self.taken[port] += 1
            await asyncio.gather(pour(reader, back), pour(there, writer))
            return
        writer.close()


async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Hand on bytes until one of the two ends."""
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


@dataclass
class Machine:
    """The programs of one machine, with ports and a folder of their own."""

    name: str
    theatre: Theatre
    folder: Path
    port: int = field(default_factory=free_port)
    env: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    guard: Guard = field(default_factory=Guard)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *names: str) -> None:
        stack = self.theatre.stack
        for program in programs(self.port, stack.sandbox_port):
            if program.name not in names:
                continue
            with open(self.folder / f"{program.name}.log", "ab") as log:
                process = subprocess.Popen(
                    list(program.command),
                    cwd=BASE,
                    env={**stack.env, "PARLEY_VAR": str(self.folder), **self.env, **program.env},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self.guard.add(process.pid)
            self.processes[program.name] = process

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        signal_group(process.pid, SIGKILL)
        process.wait()
        self.guard.remove(process.pid)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def drains(self, event: re.Pattern[str]) -> set[int]:
        """The epochs of the drains here that wrote the event."""
        return {int(epoch) for epoch in event.findall(self.log("dialer"))}

    def answers(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/healthz").json()["status"] == "ok"
        return False

    def conversations(self) -> int:
        """How many are held in this machine's web process right now."""
        figures = httpx.get(f"{self.url}/metrics").text
        return int(float(figures.partition("\nparley_conversations_live ")[2].split("\n")[0]))


@dataclass
class Installation:
    theatre: Theatre
    proxy: Proxy
    machines: list[Machine]
    """Epoch of the stand-by that took over, and the conversations that were held by the web process that died."""
    took_over: int = 0
    cut: int = 0

    def wait(self, done: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
        deadline = time.monotonic() + within
        while not done():
            if time.monotonic() > deadline:
                tails = [
                    f"--- {name} of {machine.name} ---\n{machine.log(name)[-3000:]}"
                    for machine in self.machines
                    for name in machine.processes
                ]
                what = f"Not within {within:g} s: {what}"
                pytest.fail("\n".join([what, self.theatre.states(), *tails]), pytrace=False)
            time.sleep(0.1)

    def two_newest(self) -> list[Machine]:
        """Where the newest drain works and where the one before it stands by, in this order."""
        where = {epoch: machine for machine in self.machines for epoch in machine.drains(STARTED)}
        return [where[epoch] for epoch in sorted(where, reverse=True)[:2]]

    def spread_drains(self) -> tuple[Machine, Machine]:
        """Start drains, as the schedules do, until the two that matter are on two machines."""
        for _ in range(30):
            newest = self.two_newest()
            if len(newest) == 2 and newest[0] is not newest[1]:
                return newest[0], newest[1]
            started = sum(len(machine.drains(STARTED)) for machine in self.machines)
            async_task("dialer.tasks.drain", cluster="dialer")
            self.wait(
                lambda before=started: sum(len(m.drains(STARTED)) for m in self.machines) > before,
                "a drain started",
            )
        pytest.fail("30 drains in a row started in one cluster")


@pytest.fixture(scope="module")
def theatre(
    postgres_databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[Theatre]:
    """Only the carrier, twenty times as fast as life: conversations go on for seconds."""
    folder = tmp_path_factory.mktemp("machines")
    with (
        django_db_blocker.unblock(),
        theatre_on(
            postgres_databases, folder, request.node, ["sandbox"], SANDBOX_SPEED=f"{SPEED}"
        ) as theatre,
    ):
        yield theatre


@pytest.fixture(scope="module")
def installation(theatre: Theatre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    machines = [Machine(name, theatre, tmp_path_factory.mktemp(name)) for name in ("one", "other")]
    proxy = Proxy([machine.port for machine in machines])
    try:
        for machine in machines:
            machine.env["PUBLIC_URL"] = proxy.url
            machine.start("web", "worker", "dialer")
        yield Installation(theatre, proxy, machines)
    finally:
        for machine in machines:
            for name in list(machine.processes):
                machine.kill(name)
            machine.guard.close()
        proxy.close()


def went_on() -> bool:
    """Whether a conversation whose socket was lost has words on both sides of the gap."""
    resumed = Conversation.objects.filter(reconnects__gt=0)
    return any(conversation.turns.count() > 2 for conversation in resumed)


@pytest.fixture(scope="module")
def played(installation: Installation) -> Installation:
    """All calls made, while a dialer, a web process and a worker were killed and started again."""
    theatre, machines = installation.theatre, installation.machines
    installation.wait(lambda: all(machine.answers() for machine in machines), "both web processes up")
    # Drains are at work already, so a slot is never moved once there are calls.
    scene = theatre.scenery.make(LOCATIONS, 0)
    theatre.scenery.spread_slots()
    theatre.scenery.bad_day(scene)
    theatre.scenery.add_calls(scene, CALLS_EACH, ENDINGS)
    at_work, standing_by = installation.spread_drains()
    installation.wait(lambda: Attempt.objects.count() >= LOCATIONS // 3, "the first dials")

    at_work.kill("dialer")
    killed_at = now()
    installation.wait(
        lambda: Attempt.objects.filter(created_at__gt=killed_at).count() >= 5,
        "dials of the other machine",
    )
    installation.took_over = max(standing_by.drains(STARTED))
    at_work.start("dialer")

    one, other = machines
    # People take their time now, so that those who are cut off have something left to say, however slow the machine.
    theatre.control("speed", speed=6)
    installation.wait(lambda: one.conversations() >= 4, "conversations at the first web process")
    installation.cut = one.conversations()
    one.kill("web")
    other.kill("worker")
    killed_at = now()
    installation.wait(went_on, "a conversation that was cut goes on")
    theatre.control("speed", speed=SPEED)
    installation.wait(
        lambda: Conversation.objects.filter(ended_at__gt=killed_at).count() >= 3, "conversations go on"
    )
    one.start("web")
    other.start("worker")
    installation.wait(lambda: one.answers(), "the killed web process back")
    # Follow-ups are for another day.
    asked_for = Call.objects.filter(parent=None, state__in=checker.WAITING | checker.LIVE)
    open_dials = Attempt.objects.exclude(state__in=(AttemptState.ENDED, AttemptState.REFUSED))
    installation.wait(lambda: not asked_for.exists() and not open_dials.exists(), "every call over")
    return installation


def test_no_breach_when_a_part_of_each_machine_was_killed(played: Installation) -> None:
    assert played.theatre.breaches() == []
    asked_for = Call.objects.filter(parent=None)
    assert asked_for.count() == LOCATIONS * CALLS_EACH
    assert played.theatre.undialled(asked_for) == set()


def test_the_other_machine_took_over_the_calling(played: Installation) -> None:
    assert played.took_over


def test_both_web_processes_served_the_carrier(played: Installation) -> None:
    assert all(played.proxy.taken[machine.port] > 10 for machine in played.machines)


def test_a_conversation_cut_by_a_dying_web_process_goes_on_in_the_other(played: Installation) -> None:
    assert played.cut
    assert went_on()


def test_nothing_is_stale_in_the_eyes_of_either_machine(played: Installation) -> None:
    assert all(machine.answers() for machine in played.machines)


# -- people


@pytest.fixture
def member(played: Installation) -> Member:
    return MemberFactory(location=Call.objects.first().location)


@contextlib.contextmanager
def browser() -> Iterator[httpx.Client]:
    """Cookies belong to the host, whichever of its ports answers: as behind one address."""
    with httpx.Client(timeout=30) as client:
        yield client


def sign_in(client: httpx.Client, machine: Machine, email: str, password: str) -> httpx.Response:
    client.get(f"{machine.url}/account/login/")
    form = {"login": email, "password": password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
    return client.post(f"{machine.url}/account/login/", data=form)


def is_in(client: httpx.Client, machine: Machine, member: Member) -> bool:
    return client.get(f"{machine.url}/l/{member.location.code}/").status_code == 200


def test_who_signs_in_at_one_machine_is_signed_in_at_the_other(played: Installation, member: Member) -> None:
    one, other = played.machines
    with browser() as client:
        assert sign_in(client, one, member.user.email, PASSWORD).status_code == 302
        assert is_in(client, one, member)
        assert is_in(client, other, member)

        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
        assert client.post(f"{other.url}/account/logout/", data=token).status_code == 302
        assert not is_in(client, one, member)


def test_wrong_passwords_are_counted_over_both_machines(played: Installation, member: Member) -> None:
    one, other = played.machines
    for machine in (one, other, one, other, one):
        with browser() as client:
            assert sign_in(client, machine, member.user.email, "wrong").status_code == 200
    for machine in (one, other):
        with browser() as client:
            sign_in(client, machine, member.user.email, PASSWORD)
            assert not is_in(client, machine, member)


def test_every_call_is_concluded_though_a_worker_died_with_tasks_in_hand(played: Installation) -> None:
    left = Call.objects.filter(analysed_at=None, started_at__isnull=False, ended_at__isnull=False)
    last = Call.objects.aggregate(at=Max("ended_at"))["at"]
    played.wait(lambda: not left.exists() or now() > last + LAST_TURNS, "the last turns written")
    # As each minute's schedule does: it finds what a killed worker had in hand.
    async_task("dialer.tasks.every_minute")
    played.wait(lambda: not left.exists(), "every call concluded")
    assert not Conversation.objects.filter(started_at__isnull=False, ended_at=None).exists()


# -- going home: last, because it stops a dialer


def test_a_dialer_told_to_stop_ends_its_drain_and_leaves_the_calls_to_the_other(played: Installation) -> None:
    leaving, staying = played.spread_drains()
    process = leaving.processes["dialer"]
    process.terminate()
    played.theatre.stack.manage("handover")
    played.wait(lambda: process.poll() is not None, "the dialer at its end")
    assert process.returncode == 0
    assert leaving.drains(STARTED) >= leaving.drains(ENDED)
    assert max(leaving.drains(STARTED)) in leaving.drains(ENDED)

    scene = played.theatre.scenery.make(3, 1)
    before = len(staying.drains(STARTED))
    async_task("dialer.tasks.drain", cluster="dialer")
    played.wait(lambda: len(staying.drains(STARTED)) > before, "a drain at the other machine")
    played.wait(lambda: not scene.calls.filter(state="queued").exists(), "the calls dialled there")
