"""Many locations with calls to make, somewhere where one may call right now, all known to the sandbox carrier.

Volume comes from many locations: the pace of each is real. Numbers lie in ranges of the place; their last two digits
choose who picks up (sandbox/personas).
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
from django.utils.timezone import now

from accounts.models import KycStatus, Location, Organization
from compliance.models import ConsentEntry, ConsentKind, ConsentSource, LocationDay, NumberDay
from compliance.zones import place_of
from contacts.models import Contact
from dialer.models import Call, Origin, Pace
from phone_numbers.models import PhoneNumber
from telephony.models import Carrier, CarrierAccount
from tests.factories import with_valid_forms
from tests.faults.exhibits import Past
from tests.hours import left
from tests.stack import Stack
from voiceagents.models import Agent

# Calls that are over soon: nobody answers, the line is busy, hangs up at once, a machine.
SHORT_CALLS = (65, 77, 82, 42, 70, 78)
# What else goes wrong at the carrier on a bad day: kinds of sandbox/faults.py.
BAD_DAY: tuple[dict[str, object], ...] = (
    {"kind": "callback_doubled", "callback": "*", "times": 3, "probability": 0.2},
    {"kind": "callback_reordered", "callback": "*", "seconds": 1, "probability": 0.2},
    {"kind": "callback_late", "callback": "*", "seconds": 2, "probability": 0.1},
    {"kind": "callback_lost", "callback": "*", "probability": 0.05},
    {"kind": "rest_429", "probability": 0.05},
    {"kind": "rest_reset", "when": "after", "probability": 0.05},
    {"kind": "rest_5xx", "when": "after", "probability": 0.05},
    {"kind": "rest_lost", "probability": 0.05},
)
# The token of dials from before the scene.
PAST = "past"


@dataclass(frozen=True, slots=True)
class Place:
    """digits: how many follow `prefix` before the two that choose the persona."""

    country: str
    zone: str
    prefix: str
    digits: int

    def phone(self, index: int, ending: int) -> str:
        return f"{self.prefix}{index:0{self.digits}d}{ending:02d}"


PLACES = (
    Place("US", "America/Denver", "+13032", 4),
    Place("GB", "Europe/London", "+442079", 4),
    Place("AU", "Australia/Sydney", "+6129", 5),
    Place("US", "Pacific/Guam", "+16712", 4),
)


def place_now() -> Place:
    """The place with the most of its calling day left."""
    return max(PLACES, key=lambda place: left(place.country, place.phone(0, 0), now()))


@dataclass(frozen=True)
class Scene:
    place: Place
    account: CarrierAccount
    locations: list[Location]
    agents: list[Agent]

    @property
    def calls(self):
        return Call.objects.filter(location__in=self.locations)


class Scenery:
    """Makes scenes on a stack; numbers of one never meet those of another."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.place = place_now()
        self._index = iter(range(10**self.place.digits))
        self._accounts = 0
        self.past: list[Past] = []

    def control(self, path: str, **body: object) -> dict:
        answer = httpx.post(f"{self.stack.sandbox_url}/control/{path}", json=body, timeout=30)
        return answer.raise_for_status().json()

    def bad_day(self, scene: Scene) -> None:
        """From now on the carrier fails the business at some of its requests, and doubles, delays or loses events."""
        for fault in BAD_DAY:
            self.control("faults", account=scene.account.account_sid, **fault)

    def numbers(self, endings: Sequence[int]) -> Iterator[str]:
        for index in self._index:
            for ending in endings:
                yield self.place.phone(index, ending)

    def make(
        self, locations: int, calls_each: int, *, endings: Sequence[int] = SHORT_CALLS, cps: int = 999
    ) -> Scene:
        """An organization with an account of its own, its locations, an agent each, and calls that are due now."""
        self._accounts += 1
        organization = Organization.objects.create(name=f"Business {self._accounts}")
        account = CarrierAccount.objects.create(
            organization=organization,
            name="Sandbox carrier",
            carrier=Carrier.SANDBOX,
            account_sid=f"AC{self._accounts:032x}",
            auth_token=f"{self._accounts:032x}",
            calls_per_second=cps,
        )
        self.control("accounts", sid=account.account_sid, token=account.auth_token, cps=0)
        made = Location.objects.bulk_create(
            Location(
                organization=organization,
                name=f"Branch {n}",
                country=self.place.country,
                timezone=self.place.zone,
                outbound_enabled=True,
                kyc_status=KycStatus.COMPLETED,
            )
            for n in range(locations)
        )
        with_valid_forms(made)
        Pace.objects.bulk_create(Pace(location=location) for location in made)
        ours = self.numbers([0])
        numbers = PhoneNumber.objects.bulk_create(
            PhoneNumber(location=location, account=account, number=next(ours), name="Front desk")
            for location in made
        )
        for number in numbers:
            self.control("numbers", number=number.number, account=account.account_sid)
        agents = Agent.objects.bulk_create(
            Agent(
                location=number.location,
                name="Ava",
                business_name="Bright Smile Dental",
                goals="Invite patients to book their check-up.",
                business_details="Hours: Monday to Friday, nine to five.",
                abilities=["hang_up", "book"],
                phone_number=number,
            )
            for number in numbers
        )
        scene = Scene(self.place, account, made, agents)
        self.add_calls(scene, calls_each, endings)
        return scene

    def dialled_today(self, location: Location, times: int) -> None:
        """The location made so many calls earlier today, to numbers of no scene, each once."""
        self._dialled(Past(location.pk, f"{location.pk}:{n}", now()) for n in range(times))

    def dialled_before(self, days: Mapping[Call, int]) -> None:
        """The numbers of these calls were dialled once on each of so many of the last 14 days, today left out."""
        past = [
            # The 14th is 335 hours ago: it counts for an hour more.
            Past(call.location_id, call.phone, now() - timedelta(hours=24 * n - (n == 14)))
            for call, count in days.items()
            for n in range(1, count + 1)
        ]
        self._dialled(past)
        zone = ZoneInfo(self.place.zone)
        NumberDay.objects.bulk_create(
            NumberDay(
                phone=each.phone,
                local_date=each.at.astimezone(zone).date(),
                dialled_at=each.at,
                location_id=each.location_id,
                attempt_token=PAST,
            )
            for each in past
        )

    def _dialled(self, past: Iterable[Past]) -> None:
        """Counted on the locations' own days, and told to the judge."""
        past, zone = list(past), ZoneInfo(self.place.zone)
        self.past += past
        counted = Counter((each.location_id, each.at.astimezone(zone).date()) for each in past)
        LocationDay.objects.bulk_create(
            LocationDay(location_id=location, local_date=day, dialled=count, last_dialled_at=now())
            for (location, day), count in counted.items()
        )

    def spread_slots(self, seconds: float = 8) -> None:
        """As in the middle of a day: slots open one after the other within the next seconds, not all at once."""
        chance, start = random.Random(1), now() + timedelta(seconds=1)
        paces = list(Pace.objects.all())
        for pace in paces:
            pace.next_slot_at = start + timedelta(seconds=chance.uniform(0, seconds))
        Pace.objects.bulk_update(paces, ["next_slot_at"])

    def add_calls(
        self,
        scene: Scene,
        each: int,
        endings: Sequence[int] = SHORT_CALLS,
        phones: Iterable[str] | None = None,
    ) -> list[Call]:
        """`each` more calls in every location, to people who agreed a month ago; to `phones` when given."""
        phones = iter(self.numbers(endings) if phones is None else phones)
        people = [
            (agent.location, place_of(next(phones), self.place.country))
            for agent in scene.agents
            for _ in range(each)
        ]
        contacts = Contact.objects.bulk_create(
            Contact(
                location=location,
                phone=number.e164,
                region=number.region or "",
                number_kind=number.kind,
                zones=",".join(number.zones),
                first_name="Noah",
            )
            for location, number in people
        )
        agreed = now() - timedelta(days=30)
        ConsentEntry.objects.bulk_create(
            ConsentEntry(
                organization=scene.account.organization,
                location=contact.location,
                contact=contact,
                phone=contact.phone,
                kind=ConsentKind.GRANTED,
                source=ConsentSource.FORM,
                evidence="Website form",
                captured_at=agreed,
                recorded_at=agreed,
            )
            for contact in contacts
        )
        agents = {agent.location_id: agent for agent in scene.agents}
        return Call.objects.bulk_create(
            Call(
                location=contact.location,
                contact=contact,
                agent=agents[contact.location_id],
                phone=contact.phone,
                origin=Origin.PERSON,
                state="queued",
            )
            for contact in contacts
        )
