"""What Twilio's Trust Hub keeps, and how a review there goes: addresses, end users, documents, customer profiles.

Every account has an approved primary profile, as one made in the console. A profile that is submitted is reviewed by
itself: `pending-review`, then `in-review`, then approved; rejected when the registration number ends in REJECTED, or
as the control API says.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sandbox.calls import Record
from sandbox.clock import Clock
from sandbox.journal import write_atomically

SECONDARY_POLICY = "RNdfbf3fae0e1107f8aded0e7cead80bf5"
PRIMARY_POLICY = "RN6433641899984f951173ef1738c3bdd0"
# Human seconds in each state of a review.
PENDING, IN_REVIEW = 3.0, 6.0
LOOK_EVERY = 1.0
REJECTED = "000"
DECISIONS = ("pending-review", "in-review", "twilio-approved", "twilio-rejected")


@dataclass(slots=True)
class Paper(Record):
    """One record: `kind` is address, end_user, document or profile; `fields` are its own, `parts` what is assigned."""

    sid: str
    account_sid: str
    kind: str
    friendly_name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)  # assignment SID -> the SID of what is assigned
    status: str = "draft"
    reason: str = ""
    submitted: float | None = None  # human seconds of the clock
    decided: bool = False
    created: float = field(default_factory=time.time)


class TrustHub:
    def __init__(self, folder: Path, clock: Clock, new_sid: Callable[[str], str]) -> None:
        self._path, self._clock, self._new_sid = folder / "trusthub.json", clock, new_sid
        self.papers: dict[str, Paper] = {}
        if self._path.exists():
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            self.papers = {row["sid"]: Paper.from_dict(row) for row in rows}
            for paper in self.papers.values():
                # The clock began anew with this process; so does a review that was going on.
                paper.submitted = self._clock.human() if paper.submitted is not None else None

    def save(self) -> None:
        write_atomically(self._path, json.dumps([asdict(paper) for paper in self.papers.values()]))

    def add(self, prefix: str, account_sid: str, kind: str, friendly_name: str, **fields: Any) -> Paper:
        paper = Paper(self._new_sid(prefix), account_sid, kind, friendly_name, fields)
        self.papers[paper.sid] = paper
        self.save()
        return paper

    def of(self, account_sid: str, kind: str) -> Iterator[Paper]:
        """The account's records of a kind, newest first."""
        if kind == "profile":
            self._primary(account_sid)
        return (
            p for p in reversed(list(self.papers.values())) if (p.account_sid, p.kind) == (account_sid, kind)
        )

    def find(self, account_sid: str, kind: str, sid: str) -> Paper | None:
        paper = self.papers.get(sid)
        return paper if paper and (paper.account_sid, paper.kind) == (account_sid, kind) else None

    def _primary(self, account_sid: str) -> None:
        if not any(
            p.account_sid == account_sid and p.fields.get("policy_sid") == PRIMARY_POLICY
            for p in self.papers.values()
        ):
            made = self.add(
                "BU", account_sid, "profile", "Primary profile", policy_sid=PRIMARY_POLICY, email=""
            )
            made.status, made.decided = "twilio-approved", True
            self.save()

    def assign(self, profile: Paper, object_sid: str) -> str:
        sid = self._new_sid("BV")
        profile.parts[sid] = object_sid
        self.save()
        return sid

    def going_on(self) -> list[Paper]:
        """Profiles whose review is not decided."""
        return [p for p in self.papers.values() if p.submitted is not None and not p.decided]

    def submit(self, profile: Paper) -> None:
        profile.status, profile.submitted, profile.decided, profile.reason = (
            "pending-review", self._clock.human(), False, "",
        )  # fmt: skip
        self.save()

    def decide(self, profile: Paper, status: str, reason: str) -> None:
        """The review ends, or stays, as somebody says (the control API)."""
        profile.status, profile.reason, profile.decided = status, reason, True
        self.save()

    def progress(self, profile: Paper) -> None:
        """Move the review on to where it is by now."""
        if profile.decided or profile.submitted is None:
            return
        waited = self._clock.human() - profile.submitted
        if waited < PENDING:
            return
        if waited < IN_REVIEW:
            profile.status = "in-review"
            return
        business = self.business_of(profile)
        number = (
            str(business.fields["attributes"].get("business_registration_number", "")) if business else ""
        )
        if number.endswith(REJECTED):
            self.decide(profile, "twilio-rejected", "The business registration number could not be verified")
        else:
            self.decide(profile, "twilio-approved", "")

    def business_of(self, profile: Paper) -> Paper | None:
        return self.part(profile, "customer_profile_business_information")

    def part(self, profile: Paper, type_: str) -> Paper | None:
        """The end user or document of this type that is assigned to the profile."""
        found = (self.papers.get(sid) for sid in profile.parts.values())
        return next((paper for paper in found if paper and paper.fields.get("type") == type_), None)

    def forget(self) -> None:
        self.papers.clear()
        self.save()
