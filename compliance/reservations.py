"""Reserving the right to dial: the limits as rows, written in the transaction that carries the allow decision.

A reservation stands for a phone that rings. It is given back only when it is certain that none rang.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.database import asked, with_rows
from compliance.models import LocationDay, NumberDay

_NUMBER_DAY = {
    "phone": "text",
    "local_date": "date",
    "dialled_at": "timestamptz",
    "location_id": "bigint",
    "attempt_token": "text",
}
_LOCATION_DAY = {
    "location_id": "bigint",
    "local_date": "date",
    "dialled": "integer",
    "last_dialled_at": "timestamptz",
}


@dataclass(frozen=True, slots=True)
class Reservation:
    """One dial to be reserved: the number's possible zones give the local dates it uses up."""

    token: str
    location_id: int
    location_zone: str
    phone: str
    zones: tuple[str, ...]
    at: datetime

    @property
    def location_date(self) -> date:
        return self.at.astimezone(ZoneInfo(self.location_zone)).date()

    @property
    def number_dates(self) -> set[date]:
        return {self.at.astimezone(ZoneInfo(zone)).date() for zone in self.zones}


def reserve(reservations: Sequence[Reservation]) -> set[str]:
    """Take the number-days and count the location-days, in the transaction of the decisions.

    Returns the tokens that do not hold theirs, because somebody else took a number-day since the facts were read: if
    there are any, the transaction must be rolled back. Numbers are taken in one order everywhere, so that two drains
    wait for each other instead of deadlocking: call it once a transaction.
    """
    wanted = sorted(
        (each.phone, day, each.at, each.location_id, each.token)
        for each in reservations
        for day in each.number_dates
    )
    answers = [
        asked(
            f"{rows_as_v} INSERT INTO compliance_numberday ({', '.join(_NUMBER_DAY)}) "
            f"SELECT {', '.join(_NUMBER_DAY)} FROM v WHERE true "
            "ON CONFLICT (phone, local_date) DO NOTHING RETURNING attempt_token",
            parameters,
        )
        for rows_as_v, parameters in with_rows(_NUMBER_DAY, wanted)
    ]
    days: dict[tuple[int, date], tuple[int, datetime]] = {}
    for each in reservations:
        key = (each.location_id, each.location_date)
        count, newest = days.get(key, (0, each.at))
        days[key] = (count + 1, max(newest, each.at))
    for rows_as_v, parameters in with_rows(
        _LOCATION_DAY, [(*key, *counted) for key, counted in sorted(days.items())]
    ):
        asked(
            f"{rows_as_v} INSERT INTO compliance_locationday ({', '.join(_LOCATION_DAY)}) "
            f"SELECT {', '.join(_LOCATION_DAY)} FROM v WHERE true "
            "ON CONFLICT (location_id, local_date) DO UPDATE SET "
            "dialled = compliance_locationday.dialled + EXCLUDED.dialled, "
            "last_dialled_at = EXCLUDED.last_dialled_at",
            parameters,
        )
    missing = Counter(token for *_, token in wanted)
    missing.subtract(token for answer in answers for (token,) in answer())
    return {token for token, count in missing.items() if count}


def release(*, token: str, phone: str, location_id: int, location_date: date) -> None:
    """Give a reservation back, because the carrier refused and nothing rang. Call once per token, in a transaction."""
    # By the phone, which has an index.
    NumberDay.objects.filter(phone=phone, attempt_token=token).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE compliance_locationday SET dialled = dialled - 1"
            " WHERE location_id = %s AND local_date = %s AND dialled > 0",
            [location_id, connection.ops.adapt_datefield_value(location_date)],
        )


def dialled_on(location_id: int, day: date) -> int:
    """How many calls the location dialled on one of its calendar days."""
    return (
        LocationDay.objects.filter(location_id=location_id, local_date=day)
        .values_list("dialled", flat=True)
        .first()
        or 0
    )
