"""Keep a set of programs running under one roof.

Each program is a child in a process group of its own. A child that ends is started again with growing pauses.
A part that /healthz names as stale (django-q2 can wedge without dying), or a web process that no longer
answers, is stopped, killed when it does not stop, and started again. Ctrl-C or SIGTERM stops all in reverse
order; a second Ctrl-C kills. Should the supervisor itself be killed, a guard process ends what it left.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BASE = Path(__file__).resolve().parent
COLOURS = (36, 32, 35, 33, 34)


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)
    grace: float = 15.0
    """Seconds between SIGTERM and SIGKILL when everything is being stopped."""
    farewell: Sequence[str] = ()
    """A command run beside the SIGTERM that tells the program's work to end early."""


@dataclass(frozen=True)
class Patience:
    """Seconds the supervisor waits before it acts."""

    look: float = 5.0
    """Between two looks at /healthz."""
    silence: float = 30.0
    """Web may be silent this long before it counts as wedged."""
    settle: float = 120.0
    """A fresh program is not called wedged: the dialer's first beat may take 90 s, by django-q2's clock."""
    wedged: float = 10.0
    """Between SIGTERM and SIGKILL for a wedged program, whose SIGTERM mostly hangs."""
    first_pause: float = 0.5
    longest_pause: float = 30.0
    steady: float = 60.0
    """A program that ran this long starts again with the first pause."""


class Terminal:
    """Prints lines under their program's name, coloured when a person is looking."""

    def __init__(self, names: Sequence[str]) -> None:
        self.width = max(len(name) for name in [*names, "parley"])
        in_colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.colours = dict(zip(names, COLOURS, strict=False)) if in_colour else {}

    def line(self, name: str, text: str) -> None:
        label = f"{name:<{self.width}} |"
        if name in self.colours:
            label = f"\033[{self.colours[name]}m{label}\033[0m"
        try:
            print(label, text, flush=True)
        except BrokenPipeError:
            # Nobody reads any more (`make run | head`): go on silently until told to stop.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Guard:
    """A process that ends the children of a supervisor that was killed.

    It reads a pipe on which the supervisor names the process groups it starts (`+7`) and those that are gone
    (`-7`). The pipe closes when the supervisor ends, however it ends. Portable, and unlike PR_SET_PDEATHSIG
    it reaches grandchildren: django-q2's workers.
    """

    def __init__(self, grace: float = 10.0) -> None:
        reading, self.writing = os.pipe()
        if os.fork() == 0:
            os.close(self.writing)
            try:
                self._stand(reading, grace)
            finally:
                os._exit(0)
        os.close(reading)

    def add(self, group: int) -> None:
        os.write(self.writing, f"+{group}\n".encode())

    def remove(self, group: int) -> None:
        os.write(self.writing, f"-{group}\n".encode())

    def close(self) -> None:
        """Let the guard end, and with it the groups that it still watches."""
        os.close(self.writing)

    @staticmethod
    def _stand(reading: int, grace: float) -> None:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        left: set[int] = set()
        with open(reading) as news:
            for entry in news:
                (left.add if entry[0] == "+" else left.discard)(int(entry[1:]))
        for group in left:
            signal_process(group, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while left and time.monotonic() < deadline:
            left = {group for group in left if signal_group(group, 0)}
            time.sleep(0.1)
        for group in left:
            signal_group(group, signal.SIGKILL)


def signal_process(process: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)


def signal_group(group: int, number: int) -> bool:
    """Signal a process group; False when nobody is left in it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of zombies
        return False
    return True


class Child:
    """One program, kept running until told to leave."""

    def __init__(self, program: Program, patience: Patience, terminal: Terminal, guard: Guard) -> None:
        self.program = program
        self.patience = patience
        self.terminal = terminal
        self.guard = guard
        self.process: asyncio.subprocess.Process | None = None
        self.started_at = 0.0
        self.failures = 0
        self.leaving = asyncio.Event()

    @property
    def age(self) -> float:
        return time.monotonic() - self.started_at

    def say(self, text: str) -> None:
        self.terminal.line("parley", f"{self.program.name} {text}")

    async def keep(self) -> None:
        """Start the program, and again whenever it ends, until `leave` or `kill`."""
        while not self.leaving.is_set():
            self.started_at = time.monotonic()
            self.process = await self.start(self.program.command, self.show)
            if self.leaving.is_set():  # told while the process was being made
                self.kill()
            code = await self.process.wait()
            self.bury(self.process)
            if self.leaving.is_set():
                return
            self.failures = 0 if self.age >= self.patience.steady else self.failures + 1
            pause = min(
                self.patience.longest_pause, self.patience.first_pause * 2 ** max(self.failures - 1, 0)
            )
            self.say(f"ended {in_words(code)}; starting it again in {pause:g} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leaving.wait(), pause)

    async def start(self, command: Sequence[str], hear: Callable[[str], None]) -> asyncio.subprocess.Process:
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=BASE,
                env={**os.environ, **self.program.env, "PYTHONUNBUFFERED": "1", "PYTHONTZPATH": ""},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self.guard.add(process.pid)
        listen(reading, hear)
        return process

    def bury(self, process: asyncio.subprocess.Process) -> None:
        """Kill what an ended process left in its group: it would hold the port, the database and our pipe."""
        signal_group(process.pid, signal.SIGKILL)
        self.guard.remove(process.pid)

    def show(self, line: str) -> None:
        self.terminal.line(self.program.name, line)

    async def run_once(self) -> tuple[int, list[str]]:
        """Run the program to its end; its exit code and its output."""
        lines: list[str] = []
        self.process = await self.start(self.program.command, lines.append)
        code = await self.process.wait()
        self.bury(self.process)
        await asyncio.sleep(0)  # the last lines
        return code, lines

    async def end(self, grace: float) -> None:
        """SIGTERM to the program, which tells its own children; SIGKILL to all after `grace` seconds."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        signal_process(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), grace)
        except TimeoutError:
            self.say(f"did not stop within {grace:g} s; killing it")
            signal_group(process.pid, signal.SIGKILL)
            await process.wait()

    async def leave(self) -> None:
        self.leaving.set()
        farewell = None
        if self.program.farewell and self.process is not None and self.process.returncode is None:
            farewell = await self.start(self.program.farewell, self.show)
        await self.end(self.program.grace)
        if farewell is not None:
            self.bury(farewell)
            await farewell.wait()

    def kill(self) -> None:
        self.leaving.set()
        if self.process is not None and self.process.returncode is None:
            signal_group(self.process.pid, signal.SIGKILL)


def listen(descriptor: int, hear: Callable[[str], None]) -> None:
    """Pass every line that arrives on a pipe to `hear`, until the last writer closes it."""
    loop = asyncio.get_running_loop()
    rest = b""

    def receive() -> None:
        nonlocal rest
        chunk = os.read(descriptor, 65536)
        *lines, rest = (rest + chunk).split(b"\n")
        if not chunk:
            loop.remove_reader(descriptor)
            os.close(descriptor)
            lines = [rest] if rest else []
        for line in lines:
            hear(line.decode(errors="replace").rstrip("\r"))

    loop.add_reader(descriptor, receive)


def in_words(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"


async def ask(port: int) -> tuple[int, dict[str, str]] | None:
    """The status and the stale parts that /healthz names; None when web gives no answer within 5 s."""
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            finally:
                writer.close()
        status = int(head.split(None, 2)[1])
        parts = json.loads(body).get("parts", {}) if status == 503 else {}
        return status, {name: str(state) for name, state in parts.items() if state != "ok"}
    except (OSError, ValueError, IndexError, AttributeError):
        return None


class Supervisor:
    def __init__(
        self,
        programs: Sequence[Program],
        *,
        port: int,
        preparations: Sequence[Program] = (),
        patience: Patience | None = None,
        guard: Guard,
    ) -> None:
        """`programs` start in their order and are stopped in reverse; `preparations` run to their end before.

        What the last preparation prints is shown once the web answers on `port`.
        """
        self.port = port
        self.patience = patience or Patience()
        self.terminal = Terminal([program.name for program in programs])
        self.preparations = [Child(each, self.patience, self.terminal, guard) for each in preparations]
        self.children = [Child(each, self.patience, self.terminal, guard) for each in programs]
        self.welcome: list[str] = []
        self.told_to_stop = asyncio.Event()

    def say(self, text: str) -> None:
        self.terminal.line("parley", text)

    async def run(self) -> int:
        """Run until told to stop; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
        for child in self.preparations:
            self.say(f"{child.program.name} ...")
            code, lines = await child.run_once()
            if self.told_to_stop.is_set():
                return 0
            if code:
                for line in lines:
                    self.say(line)
                self.say(f"{child.program.name}: failed {in_words(code)}. Nothing was started.")
                return 1
            self.welcome = lines
        keeping = [asyncio.create_task(child.keep()) for child in self.children]
        looking = [asyncio.create_task(self.announce()), asyncio.create_task(self.watch())]
        await self.told_to_stop.wait()
        for task in looking:
            task.cancel()
        for child in reversed(self.children):
            await child.leave()
        await asyncio.gather(*keeping)
        self.say("stopped.")
        return 0

    def stop(self) -> None:
        """The first signal asks; the second one kills."""
        if self.told_to_stop.is_set():
            for child in [*self.preparations, *self.children]:
                child.kill()
            return
        self.told_to_stop.set()
        for child in self.preparations:
            child.kill()
        self.say("stopping: calls being placed are finished first. Ctrl-C again to stop at once.")

    async def announce(self) -> None:
        while await ask(self.port) is None:
            await asyncio.sleep(0.3)
        for line in [
            "",
            f"Parley is at http://127.0.0.1:{self.port}/",
            *self.welcome,
            "Ctrl-C stops it.",
            "",
        ]:
            self.say(line)

    async def watch(self) -> None:
        """Look at /healthz for ever, and restart what is wedged."""
        answered_at = time.monotonic()
        while True:
            await asyncio.sleep(self.patience.look)
            health = await ask(self.port)
            stale: dict[str, str] = {}
            if health is not None:
                answered_at = time.monotonic()
                stale = health[1]
            elif time.monotonic() - answered_at >= self.patience.silence:
                stale = {"web": f"no answer on port {self.port}"}
            for child in self.children:
                name = child.program.name
                running = child.process is not None and child.process.returncode is None
                if name in stale and running and child.age >= self.patience.settle:
                    self.say(f"{name} is wedged ({stale[name]}); restarting it")
                    await child.end(self.patience.wedged)
                    answered_at = time.monotonic()
