"""What the judge of the fault tests reads, as plain data: the carrier's own log, and rows an auditor would read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Location:
    id: int
    organization_id: int
    zone: str


@dataclass(frozen=True, slots=True)
class Decision:
    """zones: those the decision was made for."""

    id: int
    call_id: int
    phone: str
    verdict: str
    decided_at: datetime
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A dial from before the carrier's log begins: the location's day and the number's fortnight count it."""

    location_id: int
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """committed_at: of its transaction, which is its decision's too; created_at where the database does not tell."""

    token: str
    call_id: int
    decision_id: int
    location_id: int
    phone: str
    state: str
    created_at: datetime
    committed_at: datetime
    local_date: date
    sid: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """due_at: when the drain may take it. held: put aside by a person."""

    id: int
    location_id: int
    contact_id: int
    phone: str
    state: str
    due_at: datetime | None = None
    held: bool = False
    disposition: str = ""
    talk_seconds: int = 0
    recording_sid: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A CallEvent; `id` gives their order."""

    id: int
    call_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NumberDay:
    phone: str
    day: date
    token: str


@dataclass(frozen=True, slots=True)
class LocationDay:
    location_id: int
    day: date
    dialled: int


@dataclass(frozen=True, slots=True)
class Event:
    """A CarrierEvent. part: what tells it from the call's other events of its kind."""

    kind: str
    token: str
    sid: str
    part: str


@dataclass(frozen=True, slots=True)
class Consent:
    """contact_id None: a revocation of a number nobody has. committed_at: as an attempt's, or recorded_at."""

    organization_id: int
    contact_id: int | None
    phone: str
    granted: bool
    captured_at: datetime
    recorded_at: datetime
    committed_at: datetime


@dataclass(frozen=True, slots=True)
class DoNotCall:
    """committed_at: as an attempt's, or added_at."""

    organization_id: int
    phone: str
    added_at: datetime
    removed_at: datetime | None
    committed_at: datetime


@dataclass(frozen=True)
class Evidence:
    """log: the carrier's, as JSON objects. settled_before: what was due or dialled before this has had its time.

    on_its_way: from a decision to the carrier. A dial leaves within 5 s; its request may be under way for two more.
    """

    log: list[dict]
    settled_before: datetime
    on_its_way: timedelta = timedelta(seconds=7)
    locations: list[Location] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    number_days: list[NumberDay] = field(default_factory=list)
    location_days: list[LocationDay] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    do_not_call: list[DoNotCall] = field(default_factory=list)
    past: list[Past] = field(default_factory=list)

    def rings(self) -> Iterator[tuple[str, str, datetime]]:
        """(token, number, instant) of every phone that rang for us."""
        for entry in self.log:
            if entry["kind"] == "ring" and entry["direction"] == "outbound-api":
                yield token_of(entry["url"]), entry["to"], instant(entry["at"])

    def starts(self) -> Iterator[tuple[str, str, datetime]]:
        """(token, number, instant) of every call that the carrier took on, whatever we heard of it."""
        for entry in self.log:
            if entry["kind"] == "create" and entry["sid"] is not None:
                yield token_of(entry["url"]), entry["to"], instant(entry["received_at"])


def instant(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def token_of(url: str) -> str:
    return urlsplit(url).path.rsplit("/", 1)[-1]


def delivered(entry: dict) -> Event | None:
    """The event that a delivery of the carrier's log was about; None for requests that are no events of ours."""
    path = urlsplit(entry["url"]).path.split("/")
    if len(path) != 4 or path[1] != "voice" or not entry["form"]:
        return None
    kind = "action" if path[2] == "transfer" else path[2]
    return Event(kind, path[3], entry["form"].get("CallSid", ""), part_of(kind, entry["form"]))


def part_of(kind: str, form: dict[str, str]) -> str:
    """What tells an event from the others of its kind in the same call."""
    fields = {
        "status": ("SequenceNumber", "CallStatus"),
        "amd": ("AnsweredBy",),
        "recording": ("RecordingSid", "RecordingStatus"),
        "action": ("SessionId", "DialCallSid"),
        "answer": ("CallStatus",),
    }[kind]
    return ":".join(form.get(name, "") for name in fields)
