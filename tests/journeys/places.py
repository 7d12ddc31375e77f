"""A place where one may call right now, and a list of fictional people there.

Calling hours are never bent for a test: whichever of the four places has hours left takes part. Numbers are from
ranges kept for fiction; their last two digits choose who picks up at the sandbox carrier (sandbox/personas).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from django.utils import timezone

from accounts.models import KycStatus, Location, Member, Organization, Role, User
from telephony.models import Carrier, CarrierAccount
from tests.factories import with_valid_forms
from tests.hours import left
from tests.stack import Stack

PASSWORD = "correct-horse-battery"
EVIDENCE = "Signed intake forms of 2026, cabinet 3"

BOOKS, VOICEMAIL, FRIDAY, OPTS_OUT, NO_ANSWER, BUSY_LINE = 0, 42, 15, 38, 65, 77
ASKS, NO_CONSENT, DO_NOT_DISTURB, STAFF = 91, 93, 30, 96


@dataclass(frozen=True, slots=True)
class Place:
    """`number` is a pattern for the last two digits of a number as its people write it; `e164` as we store it."""

    name: str
    country: str
    zone: str
    number: str
    e164: str

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))


PLACES = (
    Place("Denver", "US", "America/Denver", "(303) 555-01{:02d}", "+130355501{:02d}"),
    Place("London", "GB", "Europe/London", "020 7946 00{:02d}", "+4420794600{:02d}"),
    Place("Sydney", "AU", "Australia/Sydney", "(02) 5550 00{:02d}", "+612555000{:02d}"),
    Place("Guam", "US", "Pacific/Guam", "(671) 555-01{:02d}", "+167155501{:02d}"),
)


def place_now() -> Place:
    """The place with the most of its calling day left."""
    now = timezone.now()
    return max(PLACES, key=lambda place: left(place.country, place.e164.format(0), now))


Person = tuple[str, str, int, str, str]
"""First name, last name, ending, "yes" when they agreed to be called, "yes" when they do not want to be disturbed."""

PEOPLE: tuple[Person, ...] = (
    ("Noah", "Brown", BOOKS, "yes", "no"),
    ("Olivia", "Nguyen", FRIDAY, "yes", "no"),
    ("Emma", "Øster", VOICEMAIL, "yes", "no"),
    ("John", "García", OPTS_OUT, "yes", "no"),
    ("Chloé", "Patel", NO_ANSWER, "yes", "no"),
    ("Patricia", "Young", BUSY_LINE, "yes", "no"),
    ("José", "Pérez-Ruiz", NO_CONSENT, "no", "no"),
    ("Maya", "Costa", DO_NOT_DISTURB, "yes", "yes"),
)


def contact_list(place: Place, people: Sequence[Person] = PEOPLE) -> bytes:
    """As a practice would export it, the last three rows wrong: the first person again, no number, half a number."""
    day = (place.local(timezone.now()) - timedelta(days=40)).date()
    rows = ["First name,Last name,Phone,E-mail,OK to call?,Consent date,Do not disturb,Tags"]
    for first, last, ending, agreed, quiet in people:
        rows.append(
            f"{first},{last},{place.number.format(ending)},{first.lower()}@example.com,{agreed},{day},{quiet},recall"
        )
    first, last, ending, *_ = people[0]
    rows.append(f"{first},{last},{place.e164.format(ending)},,yes,{day},no,vip")
    rows.append(f"Nobody,Home,,nobody@example.com,yes,{day},no,recall")
    rows.append(f"Wrong,Digits,12,wrong@example.com,yes,{day},no,recall")
    return ("\n".join(rows) + "\n").encode()


def organization_in(place: Place) -> tuple[User, Location]:
    """A business that is allowed to call, and its owner, who has a password."""
    organization = Organization.objects.create(name="Bright Smile Dental")
    location = Location.objects.create(
        organization=organization,
        name=place.name,
        country=place.country,
        timezone=place.zone,
        outbound_enabled=True,
        kyc_status=KycStatus.COMPLETED,
    )
    with_valid_forms([location])
    user = User.objects.create_user("olga@example.com", PASSWORD, first_name="Olga", last_name="Owner")
    Member.objects.create(user=user, location=location, role=Role.OWNER)
    return user, location


def carrier_account(stack: Stack, organization: Organization) -> CarrierAccount:
    """An account of the organization at the sandbox carrier, known there under the same credentials."""
    account = CarrierAccount.objects.create(
        organization=organization,
        name="Sandbox carrier",
        carrier=Carrier.SANDBOX,
        account_sid="AC" + "7b" * 16,
        auth_token="7c" * 16,
    )
    credentials = {"sid": account.account_sid, "token": account.auth_token}
    httpx.post(f"{stack.sandbox_url}/control/accounts", json=credentials).raise_for_status()
    return account


def witnessed(stack: Stack, kind: str) -> list[dict]:
    """The carrier's own record of what happened, of one kind."""
    answer = httpx.get(f"{stack.sandbox_url}/control/log", params={"kind": kind, "limit": 10_000})
    entries: list[dict] = answer.raise_for_status().json()["entries"]
    return entries
