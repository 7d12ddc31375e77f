"""Faults that the control API injects: what goes wrong, for whom, how often.

A fault matches by account, number dialled, operation or event, and acts while its ``count`` lasts, with its
``probability`` drawn from the seed, so that the same run meets the same faults.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

# kind -> what it does
KINDS = {
    "callback_lost": "a callback is never sent",
    "callback_late": "a callback is sent `seconds` later",
    "callback_doubled": "a callback is sent `times` times (2), all at once",
    "callback_reordered": "a callback is held until the next one of the same call was sent (or `seconds`, 5)",
    "rest_slow": "the answer takes `seconds` (5) longer; the request is worked on at once",
    "rest_timeout": "the request is accepted; the answer never comes, or comes after `seconds`",
    "rest_late": "the request is worked on `seconds` (5) after it came, whether its client still waits or not",
    "rest_lost": "the connection closes before the request is accepted",
    "rest_reset": "the connection is reset (`when`: after, before)",
    "rest_429": "429 / 20429, with `retry_after` seconds if given; nothing is accepted",
    "rest_5xx": "`status` (503) before or after acceptance (`when`: before, after)",
    "rest_401": "401 / 20003 to a right password",
    "rest_suspended": "403 / 20005 account not active",
    "rest_funds": "403 / 10001 no funds",
    "queue_stuck": "the call stays queued for `seconds` (600) and says so in queue_time",
    "relay_drop": "the relay socket breaks without a close frame after `frames` frames were received (1)",
    "relay_half_open": "the relay socket goes dead but stays open after `frames` frames were received (1)",
}
EVERY_OPERATION = {"rest_401", "rest_suspended", "rest_slow"}


@dataclass(slots=True)
class Fault:
    id: str
    kind: str
    account: str = "*"
    to: str = "*"  # shell pattern on the number dialled
    operation: str = (
        ""  # REST: calls.create (default), calls.fetch, calls.list, messages.create… or a pattern
    )
    callback: str = "status"  # callbacks: status, amd, recording, action, message… or a pattern
    event: str = "*"  # callbacks: initiated, ringing, in-progress, completed, busy… or a pattern
    count: int | None = None  # times left; None means always
    probability: float = 1.0
    seconds: float | None = None  # REST and callbacks: real seconds. queue_stuck: human seconds
    times: int = 2
    when: str = ""
    status: int = 503
    retry_after: int | None = None
    frames: int = 1
    acted: int = 0
    _asked: int = field(default=0, repr=False)

    def as_dict(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if not key.startswith("_")}


def make(fault_id: str, data: dict[str, Any]) -> Fault:
    """A fault from the control API's JSON. ValueError says what is wrong with it."""
    data = dict(data)
    kind = data.get("kind")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of: {', '.join(KINDS)}")
    allowed = {name for name in Fault.__slots__ if name not in ("id", "acted") and not name.startswith("_")}
    if unknown := sorted(set(data) - allowed):
        raise ValueError(f"unknown keys: {', '.join(unknown)}; known: {', '.join(sorted(allowed))}")
    data.setdefault("operation", "*" if kind in EVERY_OPERATION else "calls.create")
    fault = Fault(id=fault_id, **data)
    numbers = {"probability": fault.probability, "seconds": fault.seconds or 0, "frames": fault.frames}
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{name} must be a number, 0 or more")
    if fault.count is not None and (not isinstance(fault.count, int) or fault.count < 1):
        raise ValueError("count must be a whole number of 1 or more; leave it out for always")
    if fault.when not in ("", "before", "after"):
        raise ValueError("when must be before or after")
    return fault


class Faults:
    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._made = 0
        self.active: list[Fault] = []

    def add(self, data: dict[str, Any]) -> Fault:
        fault = make(f"F{self._made + 1}", data)
        self._made += 1
        self.active.append(fault)
        return fault

    def remove(self, fault_id: str) -> bool:
        before = len(self.active)
        self.active = [fault for fault in self.active if fault.id != fault_id]
        return len(self.active) < before

    def clear(self) -> None:
        self.active = []

    def rest(self, operation: str, account: str, to: str) -> Fault | None:
        """The first fault that strikes this REST request."""
        return self._strike("rest_", account, to, lambda f: fnmatchcase(operation, f.operation))

    def queue(self, account: str, to: str) -> Fault | None:
        return self._strike("queue_", account, to, lambda f: True)

    def relay(self, account: str, to: str) -> Fault | None:
        return self._strike("relay_", account, to, lambda f: True)

    def callback(self, callback: str, event: str, account: str, to: str) -> Fault | None:
        return self._strike(
            "callback_",
            account,
            to,
            lambda f: fnmatchcase(callback, f.callback) and fnmatchcase(event, f.event),
        )

    def _strike(self, family: str, account: str, to: str, fits: Any) -> Fault | None:
        for fault in self.active:
            if not (fault.kind.startswith(family) and fits(fault)):
                continue
            if not (fnmatchcase(account, fault.account) and fnmatchcase(to, fault.to)):
                continue
            fault._asked += 1
            chance = random.Random(f"{self._seed}:{fault.id}:{to}:{fault._asked}").random()
            if chance >= fault.probability:
                continue
            fault.acted += 1
            if fault.count is not None:
                fault.count -= 1
                if fault.count == 0:
                    self.remove(fault.id)
            return fault
        return None
