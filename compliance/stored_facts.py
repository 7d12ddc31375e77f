"""The facts of a decision as its row keeps them, written and read back. No Django here.

They are the `decide` command's input without `now`, with what that command reads from the number itself: its country,
kind and clocks, as they stood. So every verdict can be derived again from its row and the rule packs it names.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from compliance.packs import RulePack
from compliance.places import NumberPlace
from compliance.rules import ContactFacts, EmergencyFact, Facts, ListFact, LocationFacts
from compliance.schedules import parse_schedule, schedule_json


def as_json(facts: Facts, within: timedelta = timedelta(0)) -> dict[str, Any]:
    """The facts as JSON. within: how long after the decided instant the dial may leave; the rules hold throughout."""
    location, contact = facts.location, facts.contact
    return {
        "location": {
            "country": location.country,
            "timezone": location.timezone,
            "outbound_enabled": location.outbound_enabled,
            "kyc_status": location.kyc_status,
            "schedules": [schedule_json(hours) for hours in location.schedules],
            "attempts": [{"at": at.isoformat(), "count": count} for at, count in location.attempts],
            "last_attempt_at": location.last_attempt_at.isoformat() if location.last_attempt_at else None,
        },
        "contact": {
            "phone": contact.place.e164,
            "region": contact.place.region,
            "kind": contact.place.kind,
            "zones": list(contact.place.zones),
            "problem": contact.place.problem,
            "opt_in_documented": contact.opt_in_documented,
            "dnd_voice": contact.dnd_voice,
            "opted_out_at": contact.opted_out_at.isoformat() if contact.opted_out_at else None,
            "blacklist_risk": contact.blacklist_risk,
            "lists": [
                {
                    "kind": each.kind,
                    "name": each.name,
                    "as_of": each.as_of and each.as_of.isoformat(),
                    "listed": each.listed,
                }
                for each in contact.lists
            ],
            # Left out where there is none: nearly always, and in rows of older engines.
            **({"refused_at": contact.refused_at.isoformat()} if contact.refused_at else {}),
        },
        "number_attempts": [at.isoformat() for at in facts.number_attempts],
        "rule_packs": [pack.name for pack in facts.packs],
        # Left out where there are none: nearly always, and in rows of older engines.
        **(
            {"emergencies": [_emergency_json(each) for each in facts.emergencies]}
            if facts.emergencies
            else {}
        ),
        "within_ms": within // timedelta(milliseconds=1),
    }


def facts_of(written: Mapping[str, Any], packs: Mapping[str, RulePack]) -> Facts:
    """The facts that as_json wrote. packs: by name, all those it names. Raises KeyError, TypeError or ValueError."""
    location, contact = written["location"], written["contact"]
    return Facts(
        LocationFacts(
            country=location["country"],
            timezone=location["timezone"],
            outbound_enabled=location["outbound_enabled"],
            kyc_status=location["kyc_status"],
            schedules=tuple(parse_schedule(schedule) for schedule in location["schedules"]),
            attempts=tuple((_instant(each["at"]), each["count"]) for each in location["attempts"]),
            last_attempt_at=_instant_or_none(location["last_attempt_at"]),
        ),
        ContactFacts(
            place=NumberPlace(
                contact["phone"],
                contact["region"],
                contact["kind"],
                tuple(contact["zones"]),
                contact["problem"],
            ),
            opt_in_documented=contact["opt_in_documented"],
            dnd_voice=contact["dnd_voice"],
            opted_out_at=_instant_or_none(contact["opted_out_at"]),
            blacklist_risk=contact["blacklist_risk"],
            lists=tuple(
                ListFact(each["kind"], each["name"], _day_or_none(each["as_of"]), each["listed"])
                for each in contact["lists"]
            ),
            refused_at=_instant_or_none(contact.get("refused_at")),
        ),
        tuple(_instant(at) for at in written["number_attempts"]),
        tuple(packs[name] for name in written["rule_packs"]),
        tuple(
            EmergencyFact(
                each["where"], _instant(each["starts_at"]), _instant(each["ends_at"]), each["reason"]
            )
            for each in written.get("emergencies", ())
        ),
    )


def _emergency_json(each: EmergencyFact) -> dict[str, str]:
    return {
        "where": each.where,
        "starts_at": each.starts_at.isoformat(),
        "ends_at": each.ends_at.isoformat(),
        "reason": each.reason,
    }


def _day_or_none(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _instant(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError(f"{written!r} has no offset, so it names no instant.")
    return at


def _instant_or_none(written: str | None) -> datetime | None:
    return None if written is None else _instant(written)
