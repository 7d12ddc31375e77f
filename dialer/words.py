"""Why a call failed or waits, in words. The reasons of the rules are in compliance.words."""

from compliance.words import Words
from dialer.states import State

FAILURES: dict[str, Words] = {
    "MISSING_PHONE_NUMBER": Words(
        "No phone number",
        "Neither the campaign nor the agent has a phone number that can place calls.",
        "Give the agent a number, or choose one on the campaign, then place the call again.",
    ),
    "PROMPT_ERROR": Words(
        "The prompt template could not be rendered",
        "Something in the template does not work with this contact's data.",
        "Mend the template under Agents, then place the call again.",
    ),
    "UNKNOWN_OUTCOME": Words(
        "Outcome unknown",
        "The carrier never said what became of this call. It counts as made and is not repeated.",
    ),
    "20003": Words(
        "The carrier refused the sign-in",
        "The account SID and token of the carrier account do not fit together, or the account is suspended.",
        "Check the carrier account under Settings, then resume it.",
    ),
    "20429": Words("Too many requests", "The carrier asked us to slow down.", "The next calls wait longer."),
    "21210": Words(
        "Our number is not verified",
        "The carrier does not let this account call from the number.",
        "Check the number under Phone numbers.",
    ),
    "21211": Words(
        "The carrier does not accept the number",
        "It says that no telephone has this number.",
        "Correct the number on the contact.",
    ),
    "21212": Words(
        "The carrier does not accept our number",
        "The number the call was to go out from is not valid there.",
        "Check the number under Phone numbers.",
    ),
    "21214": Words(
        "The number cannot be reached",
        "The carrier cannot connect calls to it.",
        "Ask the person for another number.",
    ),
    "21215": Words(
        "Calls to this region are not permitted",
        "The carrier account may not call there.",
        "Allow the region in the account's geographic permissions at the carrier.",
    ),
    "21216": Words("The carrier blocks this number", "It is on the carrier's own list of blocked numbers."),
    "21217": Words(
        "The carrier does not accept the number", "It does not look like a telephone number to it."
    ),
    "10004": Words(
        "Too many calls at once",
        "The carrier account's limit of simultaneous calls was reached.",
        "Raise the limit at the carrier, or lower the account's calls per second.",
    ),
    "20005": Words(
        "The carrier account is suspended", "The carrier does not accept calls from it.", "Resolve it there."
    ),
}


def failure_words(code: str) -> Words:
    """The words of a failure code; for one that is not known, that it came from the carrier."""
    if not code:
        return Words("The call failed", "The carrier could not connect it and gave no further reason.")
    return FAILURES.get(code) or Words("The carrier could not place the call", f"It gave the error {code}.")


def status_word(state: str, disposition: str) -> str:
    """The word of the log and of badges: how a call ended, else where it is."""
    known = {"rejected": "Refused by a rule", "unknown": "Outcome unknown", "in_progress": "Talking"}
    word = disposition or State(state).value
    return known.get(word) or word.replace("_", " ").capitalize()
