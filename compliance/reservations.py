"""Reserving the right to dial: the limits as rows, written in the transaction that carries the allow decision.

A reservation stands for a phone that rings. It is given back only when it is certain that none rang.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.database import prepared, with_rows
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
    """Take the number-days and count the location-days; returns the tokens that hold their reservation.

    A token is left out when somebody else took its number-day since the facts were read: nothing of it stays reserved.
    Call inside the transaction of the decisions. Numbers are taken in one order everywhere, so that two drains wait
    for each other instead of deadlocking.
    """
    number_dates = {reservation.token: reservation.number_dates for reservation in reservations}
    wanted = sorted(
        (each.phone, day, each.at, each.location_id, each.token)
        for each in reservations
        for day in number_dates[each.token]
    )
    held: dict[str, int] = {}
    with prepared() as cursor:
        for rows_as_v, parameters in with_rows(_NUMBER_DAY, wanted):
            cursor.execute(
                f"{rows_as_v} INSERT INTO compliance_numberday ({', '.join(_NUMBER_DAY)}) "
                f"SELECT {', '.join(_NUMBER_DAY)} FROM v WHERE true "
                "ON CONFLICT (phone, local_date) DO NOTHING RETURNING attempt_token",
                parameters,
            )
            for (token,) in cursor.fetchall():
                held[token] = held.get(token, 0) + 1
        complete = {
            reservation.token
            for reservation in reservations
            if held.get(reservation.token, 0) == len(number_dates[reservation.token])
        }
        if partial := [token for token in held if token not in complete]:
            NumberDay.objects.filter(attempt_token__in=partial).delete()
        days: dict[tuple[int, date], tuple[int, datetime]] = {}
        for reservation in reservations:
            if reservation.token in complete:
                key = (reservation.location_id, reservation.location_date)
                count, newest = days.get(key, (0, reservation.at))
                days[key] = (count + 1, max(newest, reservation.at))
        for rows_as_v, parameters in with_rows(
            _LOCATION_DAY, [(*key, *counted) for key, counted in sorted(days.items())]
        ):
            cursor.execute(
                f"{rows_as_v} INSERT INTO compliance_locationday ({', '.join(_LOCATION_DAY)}) "
                f"SELECT {', '.join(_LOCATION_DAY)} FROM v WHERE true "
                "ON CONFLICT (location_id, local_date) DO UPDATE SET "
                "dialled = compliance_locationday.dialled + EXCLUDED.dialled, "
                "last_dialled_at = EXCLUDED.last_dialled_at",
                parameters,
            )
    return complete


def release(tokens: Iterable[str], location_days: Iterable[tuple[int, date]]) -> None:
    """Give reservations back, because the carrier refused and nothing rang. Call once per token, in a transaction."""
    NumberDay.objects.filter(attempt_token__in=list(tokens)).delete()
    with connection.cursor() as cursor:
        for location_id, day in sorted(location_days):
            cursor.execute(
                "UPDATE compliance_locationday SET dialled = dialled - 1"
                " WHERE location_id = %s AND local_date = %s AND dialled > 0",
                [location_id, connection.ops.adapt_datefield_value(day)],
            )


def dialled_on(location_id: int, day: date) -> int:
    """How many calls the location dialled on one of its calendar days."""
    return (
        LocationDay.objects.filter(location_id=location_id, local_date=day)
        .values_list("dialled", flat=True)
        .first()
        or 0
    )
