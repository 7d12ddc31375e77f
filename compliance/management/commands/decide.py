import re
from datetime import date, datetime
from typing import Any

from compliance.jsonlines import (
    JsonLinesCommand,
    UnreadableLineError,
    count_of,
    instant,
    list_at,
    needed,
    object_at,
    text_at,
    truth_at,
    written,
    zone_at,
)
from compliance.packs import RULE_PACKS, RulePack
from compliance.rules import (
    KYC_STATUSES,
    LIST_KINDS,
    NUMBER_LIMIT,
    ContactFacts,
    Facts,
    ListFact,
    LocationFacts,
    decide,
)
from compliance.schedules import parse_schedule
from compliance.windows import WeeklyHours
from compliance.zones import place_of

MOST_ATTEMPTS = 1_000_000
COUNTRY = re.compile("[A-Z]{2}")


class Command(JsonLinesCommand):
    help = (
        "All mandatory calling rules for one dial, on facts given in full: one JSON object a line on "
        "standard input with now, location, contact and number_attempts. Nothing is looked up or assumed."
    )

    def answer(self, line: dict[str, Any]) -> dict[str, Any]:
        now = instant(needed(line, "now"), "now")
        verdict = decide(read_facts(line), now, read_packs(line))
        return {
            "decision": verdict.decision,
            "until": written(verdict.until),
            "reasons": list(verdict.reasons),
        }


def read_facts(line: dict[str, Any]) -> Facts:
    """The facts of one line. Raises ValueError in words. A contact.phone that is no number is a fact too."""
    location = read_location(object_at(line, "location"))
    contact = read_contact(object_at(line, "contact"), location.country)
    attempts = read_attempts(line, "number_attempts")
    # More dials at one instant than the limit allows change no verdict, only the memory they take.
    dialled = tuple(at for at, count in attempts for _ in range(min(count, NUMBER_LIMIT)))
    return Facts(location, contact, dialled)


def read_location(location: dict[str, Any]) -> LocationFacts:
    where = "location."
    country = text_at(location, "country", where).strip().upper()
    if not COUNTRY.fullmatch(country):
        raise UnreadableLineError(
            f'location.country {country!r} is not a country. Write its two-letter ISO code, such as "US".'
        )
    zone = zone_at(location, "timezone", where)
    kyc_status = text_at(location, "kyc_status", where)
    if kyc_status not in KYC_STATUSES:
        raise UnreadableLineError(
            f"location.kyc_status {kyc_status!r} is unknown. Write one of: {', '.join(KYC_STATUSES)}."
        )
    schedule, last = location.get("schedule"), location.get("last_attempt_at")
    return LocationFacts(
        country=country,
        timezone=zone,
        outbound_enabled=truth_at(location, "outbound_enabled", where),
        kyc_status=kyc_status,
        schedules=() if schedule is None else (read_schedule(schedule),),
        attempts=read_attempts(location, "attempts", where),
        last_attempt_at=None if last is None else instant(last, "location.last_attempt_at"),
    )


def read_schedule(schedule: Any) -> WeeklyHours:
    try:
        return parse_schedule(schedule)
    except ValueError as error:
        raise UnreadableLineError(f"location.schedule: {error}") from error


def read_contact(contact: dict[str, Any], country: str) -> ContactFacts:
    where = "contact."
    opted_out_at = needed(contact, "opted_out_at", where)
    risk = needed(contact, "blacklist_risk", where)
    if risk is not None and not (isinstance(risk, str) and risk.strip()):
        raise UnreadableLineError(
            'contact.blacklist_risk is not a risk. Write "high", "medium" or "low", or null for none.'
        )
    return ContactFacts(
        place=place_of(text_at(contact, "phone", where), country),
        opt_in_documented=truth_at(contact, "opt_in_documented", where),
        dnd_voice=truth_at(contact, "dnd_voice", where),
        opted_out_at=None if opted_out_at is None else instant(opted_out_at, "contact.opted_out_at"),
        blacklist_risk=risk,
        lists=tuple(
            read_list(each, number)
            for number, each in enumerate(list_at(contact, "lists", where) if "lists" in contact else [], 1)
        ),
    )


def read_list(fact: Any, number: int) -> ListFact:
    """What an external do-not-call list says of the number; beside the contract, and none when left out."""
    where = f"contact.lists, entry {number}: "
    if not isinstance(fact, dict):
        raise UnreadableLineError(f"{where}it is not an object. Write kind, name, as_of and listed.")
    kind = text_at(fact, "kind", where)
    if kind not in LIST_KINDS:
        raise UnreadableLineError(f"{where}kind {kind!r} is unknown. Write one of: {', '.join(LIST_KINDS)}.")
    name, listed = text_at(fact, "name", where), truth_at(fact, "listed", where)
    if "as_of" in fact and fact["as_of"] is None and not listed:
        return ListFact(kind, name, None, listed)
    as_of = text_at(fact, "as_of", where)
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise UnreadableLineError(
            f'{where}as_of {as_of!r} is not a date. Write "2026-03-02", or null for a list that was never loaded.'
        ) from None
    return ListFact(kind, name, day, listed)


def read_attempts(holder: dict[str, Any], key: str, where: str = "") -> tuple[tuple[datetime, int], ...]:
    """Dials as instants or {"at", "count"}, as (instant, how many)."""
    attempts: list[tuple[datetime, int]] = []
    for number, attempt in enumerate(list_at(holder, key, where), start=1):
        name = f"{where}{key}, entry {number}"
        if isinstance(attempt, dict):
            count = count_of(attempt.get("count", 1), f"{name}: count", MOST_ATTEMPTS)
            attempts.append((instant(needed(attempt, "at", f"{name}: "), f"{name}: at"), count))
        else:
            attempts.append((instant(attempt, name), 1))
    return tuple(attempts)


def read_packs(line: dict[str, Any]) -> list[RulePack]:
    names = line.get("rule_packs")
    if names is None:
        return []
    known = ", ".join(sorted(RULE_PACKS))
    packs = []
    for name in list_at(line, "rule_packs"):
        if not isinstance(name, str) or name not in RULE_PACKS:
            raise UnreadableLineError(
                f"rule_packs: there is no pack {name!r}. Known packs: {known}. Leave it out, or correct it."
            )
        packs.append(RULE_PACKS[name])
    return packs
