"""The reasons of the rules in words: what it is called, what it means, what a person can do about it. No Django."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from compliance.packs import RULE_PACKS
from compliance.rules import NUMBER_PERIOD, Facts
from compliance.windows import local_day


@dataclass(frozen=True, slots=True)
class Words:
    """title: a label. explanation: what happened. remedy: what to do, empty when time alone cures it.

    holds: what is the case while the rule is kept.
    """

    title: str
    explanation: str
    remedy: str = ""
    holds: str = ""


REASONS: dict[str, Words] = {
    "location_not_enabled": Words(
        "Outbound calls are off",
        "This location has not switched on outbound AI calls, or none of its opt-in forms is valid consent.",
        "An owner or manager finds what is missing under Compliance, Enable outbound calls.",
        holds="Outbound calls are switched on, and an opt-in form is valid.",
    ),
    "kyc_incomplete": Words(
        "Business check not completed",
        "The know-your-customer check of this location is not completed.",
        "Complete the check under Compliance; calls can be placed from then on.",
        holds="The check of the business’s details is completed.",
    ),
    "no_opt_in": Words(
        "No documented consent",
        "Nothing on record shows that this person agreed to be called.",
        "Record their consent with its evidence, or ask for it with an opt-in form.",
        holds="Consent to be called is on record, with its evidence.",
    ),
    "opted_out": Words(
        "Opted out",
        "This person asked not to be called any more.",
        "Respect it. Only the person can give consent again.",
        holds="No opt-out is in force.",
    ),
    "dnd_voice": Words(
        "Do not disturb",
        "Calls are switched off for this contact.",
        "Only the person can lift it, by agreeing to calls again: record that consent with its proof.",
        holds="“Do not disturb” is off for this contact.",
    ),
    "blacklisted": Words(
        "On the do-not-call list",
        "The number is on the organization's do-not-call list.",
        "If it is there by mistake, or the person agreed to calls again, a manager takes it off, saying why.",
        holds="The number is not on the do-not-call list.",
    ),
    "on_public_list": Words(
        "On a do-not-call register, without consent",
        "A national or state register lists the number, and nothing on record shows that this person agreed to calls.",
        "Record their written consent with its evidence; a register yields to it. Otherwise do not call.",
        holds="The number is on no public do-not-call register, or the person agreed to be called by this business.",
    ),
    "known_litigator": Words(
        "On your list of litigators",
        "The number is on a list of people who sue over calls, which your organization loaded.",
        "Leave it. A manager can load a newer edition of the list under Compliance, External lists.",
        holds="The number is on no list of people who sue over calls.",
    ),
    "reassigned_number": Words(
        "The number has a new owner",
        "By the reassigned-numbers answers you loaded, the person who agreed no longer has this number.",
        "Ask the person for their present number, or load newer answers under Compliance, External lists.",
        holds="The number still belongs to the person who agreed.",
    ),
    "list_out_of_date": Words(
        "A do-not-call list is too old",
        "A list that your organization checks is more than 31 days old, 28 in the United Kingdom, and the law asks for "
        "a newer one.",
        "A manager can load its newest edition under Compliance, External lists; then place the call again.",
        holds="The external do-not-call lists are fresh enough.",
    ),
    "list_not_loaded": Words(
        "A do-not-call list was never loaded",
        "Your organization set up a list to be checked before every call, and no edition of it is loaded.",
        "A manager loads one under Compliance, External lists, or an owner ends the list there, saying why; then place "
        "the call again.",
        holds="Every external do-not-call list that is set up is loaded.",
    ),
    "invalid_number": Words(
        "Not a valid number",
        "No telephone can have this number.",
        "Correct the number on the contact.",
        holds="The number is a valid one.",
    ),
    "number_type_not_callable": Words(
        "A kind of number that may not be called",
        "Toll-free, premium-rate and similar numbers are not called.",
        "Ask for the person's geographic or mobile number.",
        holds="It is a kind of number that may be called.",
    ),
    "not_domestic": Words(
        "Number of another country",
        "This location calls numbers of its own country only.",
        "Call it from a location in that country.",
        holds="It is a number of the location’s own country.",
    ),
    "number_14_in_14_days": Words(
        "Called 14 times in 14 days",
        "The number reached the limit of 14 calls in 14 days, whoever placed them.",
        "Place a new call when the oldest of them is more than 14 days ago.",
        holds="It was called fewer than 14 times in the last 14 days.",
    ),
    "outside_hours": Words(
        "Outside calling hours",
        "Calls go out between 8:00 and 20:00 on the person's own clock, in fewer hours and not on every day where a "
        "state or country asks it; a number that may be in several time zones needs all of them to be within it.",
        holds="It is within calling hours on every clock the person may have.",
    ),
    "emergency": Words(
        "Stopped by an emergency",
        "A manager declared an emergency for the place of this number or for this location, and nobody is called while "
        "it lasts.",
        "If it is over, a manager ends it under Compliance, Emergencies.",
        holds="No emergency is declared for the number’s place or for this location.",
    ),
    "pack_call_limit": Words(
        "Called as often as the law there allows",
        "The state or country of the number caps the calls to it in a period, and the cap is reached.",
        holds="No law of the state or country caps the calls to it now.",
    ),
    "declined_lately": Words(
        "Declined in a call lately",
        "The person said no in a call, and the law of their country has them left in peace for a while.",
        holds="No law asks for a pause after a call in which the person declined.",
    ),
    "schedule_closed": Words(
        "Outside the schedule",
        "The schedule of the agent or the campaign is closed now.",
        holds="The schedule of the agent and the campaign is open.",
    ),
    "rate_spacing": Words(
        "Waiting for its turn",
        "A location starts one call every 6 seconds.",
        holds="The location’s last call started at least 6 seconds ago.",
    ),
    "location_daily_limit": Words(
        "Today's 1,000 calls are used",
        "A location places at most 1,000 calls a day; the rest go out the next day.",
        holds="Fewer than 1,000 calls went out from the location today.",
    ),
    "number_once_per_day": Words(
        "Already called today",
        "A number is called once a day at most.",
        holds="The number was not called today.",
    ),
    "no_available_slot": Words(
        "No time is left for it",
        "The hours that must hold together never do: the schedule and the legal hours leave no opening.",
        "Widen the schedule of the agent or the campaign.",
        holds="There is a time at which all hours hold together.",
    ),
}


def in_words(codes: Iterable[str]) -> str:
    """The titles of the reasons, for one line: "no documented consent, outside calling hours"."""
    return ", ".join(words_of(code).title.lower() for code in codes)


def seen(code: str, evidence: Mapping[str, Any], clock: Callable[[datetime], str]) -> str:
    """What a failing rule saw, as a sentence; empty when its title says it all. clock writes an instant."""

    def at(key: str) -> str:
        return clock(datetime.fromisoformat(evidence[key]))

    try:
        match code:
            case "kyc_incomplete":
                return f"Its state was: {str(evidence['kyc_status']).replace('_', ' ')}."
            case "opted_out":
                return f"They opted out {at('opted_out_at')}."
            case "blacklisted":
                return f"The entry’s risk is {evidence['risk']}."
            case "on_public_list" | "known_litigator" | "reassigned_number" | "list_out_of_date":
                return f"The list: {evidence['list']}, of {evidence['as_of']}."
            case "list_not_loaded":
                return f"The list: {evidence['list']}."
            case "not_domestic":
                return f"The number is of {evidence['region']}, the location is in {evidence['country']}."
            case "number_14_in_14_days":
                return f"It was called {evidence['dialled']} times in 14 days."
            case "outside_hours":
                asks = ", ".join(title_of(name) for name in evidence.get("packs", ()))
                clocks = f"Clocks that must agree: {', '.join(evidence['zones'])}."
                return clocks + (f" Fewer hours than ours hold in {asks}." if asks else "")
            case "emergency":
                where = f"in {evidence['where']}" if evidence["where"] else "at this location"
                return f"Declared {where}, until {at('holds_from')}: {evidence['reason']}."
            case "pack_call_limit":
                return (
                    f"{title_of(evidence['pack'])}: {evidence['dialled']} calls in {evidence['hours']} hours, "
                    f"at most {evidence['limit']}."
                )
            case "declined_lately":
                return f"They declined {at('refused_at')}; {evidence['days']} whole days pass before the next call."
            case "rate_spacing":
                return f"The last call started {at('last_attempt_at')}."
            case "location_daily_limit":
                return f"{evidence['dialled']:,} calls had gone out that day."
            case "number_once_per_day":
                return f"It was called {at('dialled_at')}."
    except (KeyError, TypeError, ValueError):
        pass  # Written by an older engine that saw other things.
    return ""


def seen_kept(code: str, facts: Facts, at: datetime, clock: Callable[[datetime], str]) -> str:
    """What a rule saw at `at` while it was kept, as a sentence; empty when what it says then is all there is."""
    location, contact = facts.location, facts.contact
    match code:
        case "kyc_incomplete":
            return f"Its state was: {location.kyc_status.replace('_', ' ')}."
        case "list_out_of_date" if contact.lists:
            return f"Checked: {', '.join(f'{each.name}, of {each.as_of}' for each in contact.lists)}."
        case "not_domestic":
            return f"The number is of {contact.place.region}, the location is in {location.country}."
        case "number_type_not_callable":
            return f"Its kind: {contact.place.kind.replace('_', ' ')}."
        case "number_14_in_14_days":
            return (
                f"Calls in those 14 days: {sum(dial > at - NUMBER_PERIOD for dial in facts.number_attempts)}."
            )
        case "outside_hours":
            clocks = ", ".join(
                f"{at.astimezone(ZoneInfo(zone)):%H:%M} in {zone}" for zone in contact.place.zones
            )
            packs = ", ".join(title_of(pack.name) for pack in facts.packs)
            return f"It was {clocks}." + (f" Rule packs asked: {packs}." if packs else "")
        case "rate_spacing" if location.last_attempt_at:
            return f"The call before it started {clock(location.last_attempt_at)}."
        case "location_daily_limit":
            start, end = local_day(location.timezone, at)
            return f"Before it: {sum(count for dial, count in location.attempts if start <= dial < end):,}."
        case "number_once_per_day" if facts.number_attempts:
            return f"The last call before started {clock(max(facts.number_attempts))}."
    return ""


def title_of(pack: str) -> str:
    """The title of a rule pack by its name; the name where there is no such pack any more."""
    known = RULE_PACKS.get(pack)
    return known.origin.title if known and known.origin else pack


def words_of(code: str) -> Words:
    """The words of a reason code; an unknown one is shown as it is, so that nothing is hidden."""
    return REASONS.get(code) or Words(code.replace("_", " ").capitalize(), "A rule gave this reason.")
