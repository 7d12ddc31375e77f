"""The reasons of the rules in words: what it is called, what it means, what a person can do about it. No Django."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """title: a label. explanation: what happened. remedy: what to do, empty when time alone cures it."""

    title: str
    explanation: str
    remedy: str = ""


REASONS: dict[str, Words] = {
    "location_not_enabled": Words(
        "Outbound calls are off",
        "This location has not switched on outbound AI calls, or none of its opt-in forms is valid consent.",
        "An owner or manager finds what is missing under Compliance, Enable outbound calls.",
    ),
    "kyc_incomplete": Words(
        "Business not verified yet",
        "The know-your-customer check of this location is not completed.",
        "Complete the check under Compliance; calls can be placed from then on.",
    ),
    "no_opt_in": Words(
        "No documented consent",
        "Nothing on record shows that this person agreed to be called.",
        "Record their consent with its evidence, or ask for it with an opt-in form.",
    ),
    "opted_out": Words(
        "Opted out",
        "This person asked not to be called any more.",
        "Respect it. Only the person can give consent again.",
    ),
    "dnd_voice": Words(
        "Do not disturb",
        "Calls are switched off for this contact.",
        "Switch it off on the contact only if the person asked for it.",
    ),
    "blacklisted": Words(
        "On the do-not-call list",
        "The number is on the organization's do-not-call list.",
        "A manager can remove the entry, saying why, if it is there by mistake.",
    ),
    "on_public_list": Words(
        "On a do-not-call register, without consent",
        "A national or state register lists the number, and nothing on record shows that this person agreed to calls.",
        "Record their written consent with its evidence; a register yields to it. Otherwise do not call.",
    ),
    "known_litigator": Words(
        "On your list of litigators",
        "The number is on a list of people who sue over calls, which your organization loaded.",
        "Leave it. A manager can load a newer edition of the list under Compliance, External lists.",
    ),
    "reassigned_number": Words(
        "The number has a new owner",
        "By the reassigned-numbers answers you loaded, the person who agreed no longer has this number.",
        "Ask the person for their present number, or load newer answers under Compliance, External lists.",
    ),
    "list_out_of_date": Words(
        "A do-not-call list is too old",
        "A list that your organization checks is more than 31 days old, and the law asks for a newer one.",
        "A manager can load its newest edition under Compliance, External lists; then place the call again.",
    ),
    "invalid_number": Words(
        "Not a valid number",
        "No telephone can have this number.",
        "Correct the number on the contact.",
    ),
    "number_type_not_callable": Words(
        "A kind of number that may not be called",
        "Toll-free, premium-rate and similar numbers are not called.",
        "Ask for the person's geographic or mobile number.",
    ),
    "not_domestic": Words(
        "Number of another country",
        "This location calls numbers of its own country only.",
        "Call it from a location in that country.",
    ),
    "number_14_in_14_days": Words(
        "Called 14 times in 14 days",
        "The number reached the limit of 14 calls in 14 days, whoever placed them.",
        "Place a new call when the oldest of them is more than 14 days ago.",
    ),
    "outside_hours": Words(
        "Outside calling hours",
        "Calls go out between 8:00 and 20:00 on the person's own clock, in fewer hours and not on every day where a "
        "state or country asks it; a number that may be in several time zones needs all of them to be within it.",
    ),
    "pack_call_limit": Words(
        "Called as often as the law there allows",
        "The state or country of the number caps the calls to it in a period, and the cap is reached.",
    ),
    "schedule_closed": Words(
        "Outside the schedule",
        "The schedule of the agent or the campaign is closed now.",
    ),
    "rate_spacing": Words(
        "Waiting for its turn",
        "A location starts one call every 6 seconds.",
    ),
    "location_daily_limit": Words(
        "Today's 1,000 calls are used",
        "A location places at most 1,000 calls a day; the rest go out the next day.",
    ),
    "number_once_per_day": Words(
        "Already called today",
        "A number is called once a day at most.",
    ),
    "no_available_slot": Words(
        "No time is left for it",
        "The hours that must hold together never do: the schedule and the legal hours leave no opening.",
        "Widen the schedule of the agent or the campaign.",
    ),
}


def in_words(codes: Iterable[str]) -> str:
    """The titles of the reasons, for one line: "no documented consent, outside calling hours"."""
    return ", ".join(words_of(code).title.lower() for code in codes)


def words_of(code: str) -> Words:
    """The words of a reason code; an unknown one is shown as it is, so that nothing is hidden."""
    return REASONS.get(code) or Words(code.replace("_", " ").capitalize(), "A rule gave this reason.")
