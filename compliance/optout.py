"""Does this person ask us to stop? English and Spanish, voice and SMS, no model and no Django.

A missed opt-out is a broken law, a false one only loses a contact (47 CFR 64.1200(a)(10): "any reasonable means"),
so doubtful wording fires with medium risk. Both languages are always tried: a Spanish caller may be filed as English.

The text is folded (case, accents, apostrophes, spellings, contractions) and encoded one character a word
(`compliance.optout_grammar`). Look-alikes such as "stop by tomorrow", "don't stop" or "don't call me before nine" are
blanked out, and only then are the demands searched in what is left: a look-alike never hides the demand beside it.
Look-alikes may not cross punctuation; demands may, for recognizers put commas anywhere.

Beside the rules, `compliance.optout_listener` weighs the whole text: it hears demands that no rule knows, and a rule's
find that it all but excludes does not count (docs/decisions/0017).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from compliance import optout_english as english
from compliance import optout_english_demands as english_demands
from compliance import optout_english_lookalikes as english_lookalikes
from compliance import optout_english_words as english_words
from compliance import optout_phrases as phrases
from compliance import optout_spanish as spanish
from compliance import optout_spanish_demands as spanish_demands
from compliance import optout_spanish_words as spanish_words
from compliance.optout_grammar import Grammar
from compliance.optout_listener import heard, may_stop

Kind = Literal[
    "opt_out",
    "wrong_number",
    "not_interested",
    "time_preference",
    "number_preference",
    "opt_in_keyword",
    "none",
]
Risk = Literal["high", "medium"]


@dataclass(frozen=True, slots=True)
class OptOut:
    """`stop_calling`: this number may not be called again. `blacklist_risk` is None unless it may not."""

    stop_calling: bool
    kind: Kind
    blacklist_risk: Risk | None = None


NONE = OptOut(False, "none")

# How sure the listener must be to stop the calls by itself, to call that an explicit demand, to name another kind.
DOUBTFUL_FROM, CERTAIN_FROM, KIND_FROM = 0.75, 0.9, 0.6
# A rule's find that the listener all but excludes is a phrase out of its sense ("they told me you'd call and nobody
# called"), unless it was said in the plainest words, or in so few that they have no other sense.
ABSURD_BELOW, DUBIOUS_BELOW, SURELY_MEANT = 0.06, 0.12, 4
# How sure it must be of a wrong number that is told without any word against calls ("this phone is mine since May").
WRONG_FROM = 0.9
QUIET_KINDS: tuple[Kind, ...] = ("not_interested", "time_preference", "number_preference")

_TABLES = (
    "COMPLAINTS",
    "PLAIN",
    "LOOKALIKES",
    "INVITATIONS",
    "TIMED_THREATS",
    "TIME_LIMITED",
    "NUMBER_LIMITED",
    "DEMANDS",
    "LEGAL",
    "DOUBTFUL",
    "DOUBTFUL_CLAUSES",
    "WRONG_NUMBER",
    "NOT_INTERESTED",
    "NUMBER_PREFERENCE",
    "TIME_PREFERENCE",
)
_LANGUAGES = (english, english_demands, english_lookalikes, spanish, spanish_demands)
_GRAMMAR = Grammar(
    english_words.CLASSES | spanish_words.CLASSES,
    english_words.MACROS | spanish_words.MACROS,
    {name: "\n".join(getattr(rules, name, "") for rules in _LANGUAGES).splitlines() for name in _TABLES},
)
_RULES = _GRAMMAR.tables

_SPELLINGS = {
    slip: word for slip, word in phrases.SLIPS.items() if not _GRAMMAR.knows(slip)
} | phrases.SPELLINGS

_FOLD: dict[str, str] = {}
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u00b4`\u2032\uff07\u200b-\u200d\u2060\ufeff\u00ad]")
_NUMBER_SIGN = re.compile(r"#(?!\w)")
_PHONE = re.compile(r"\d[\d().\- ]{5,}\d")
_BREAK = re.compile(r"[^\w\s\-/&@+%$#*_~^=<>|\\\[\]{}]+")
_NOISE = re.compile(r"[^\w;]+|_+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_ENDLESS_WORD = re.compile(r"(\w{30})\w+")
_CAPITALISED = re.compile(r"\b[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+\b")
_MORE_SIGN = re.compile(r"(?:(?<=\s)|^)\+(?=\s|$)")


def _fold_character(character: str) -> str:
    folded = _FOLD.get(character)
    if folded is None:
        folded = "".join(
            c for c in unicodedata.normalize("NFKD", character.casefold()) if not unicodedata.combining(c)
        )
        if len(_FOLD) < 5000:  # the cache is fed by strangers
            _FOLD[character] = folded
    return folded


# Spanish as it sounds: "kiten", "yamen", "boy".
_SOUNDS = (
    ("ki", "qui"),
    ("ke", "que"),
    ("k", "c"),
    ("y", "ll"),
    ("v", "b"),
    ("b", "v"),
    ("z", "s"),
    ("s", "c"),
)


# "I don't, I don't want": so many words said twice in a row are said once.
_STUTTERS = (1, 2, 3)


@lru_cache(20_000)
def _spelled(written: str) -> str:
    """The word or words that a written one stands for; a known word stands for itself."""
    if written in _SPELLINGS:
        return _SPELLINGS[written]
    if len(written) > 3 and not _GRAMMAR.knows(written):
        for sound, letters in _SOUNDS:
            if sound in written and _GRAMMAR.knows(meant := written.replace(sound, letters)):
                return meant
    return written


def fold(text: str) -> str:
    """Lower case words joined by single spaces; ` ; ` stands where the writer put a stop or a comma."""
    if not text.isascii():
        text = "".join([_fold_character(c) for c in unicodedata.normalize("NFC", text)])
    else:
        text = text.lower()
    text = _MORE_SIGN.sub(" mas ", _NUMBER_SIGN.sub(" number ", _APOSTROPHES.sub("", text)))
    text = _BREAK.sub(" ; ", _PHONE.sub(lambda found: re.sub(r"\D", "", found[0]), text))
    text = _ENDLESS_WORD.sub(r"\1", _STRETCHED.sub(r"\1", _NOISE.sub(" ", text)))
    words: list[str] = []
    for written in text.split():
        if written in phrases.FILLERS:
            continue
        for word in _spelled(written).split():
            joined = phrases.JOINED.get(f"{words[-1]} {word}") if words else None
            if word == ";" and words[-1:] == [";"]:
                continue
            if joined is None:
                words.append(word)
            else:
                words[-1:] = joined.split()
        for length in _STUTTERS:
            again = words[-length:]
            if again == words[-2 * length : -length] and ";" not in again and again != ["de"]:
                del words[-length:]
    return " ".join(words).strip(" ;")


def _keyword_of(folded: str) -> str:
    words = [w for w in folded.replace(";", " ").split() if w not in phrases.COURTESY]
    return "".join(dict.fromkeys(words)).replace("0", "o") if len(words) <= 8 else ""


def sms_keyword(text: str) -> Literal["opt_out", "opt_in"] | None:
    """Carrier keywords (STOP, BAJA, START, ...) on the whole trimmed message, outer punctuation and courtesy apart."""
    keyword = _keyword_of(fold(text))
    if keyword in phrases.STOP_KEYWORDS:
        return "opt_out"
    if keyword in phrases.START_KEYWORDS:
        return "opt_in"
    return None


def _names(text: str) -> frozenset[str]:
    """The words written with a capital: "I'm not Robert" is known from "I'm not ready" by that alone."""
    names = [fold(word) for word in _CAPITALISED.findall(text[:2000])]
    return frozenset(names + [f"{name}s" for name in names])


_ANSWER = re.compile(
    f"(?:^|(?<=;))[{_GRAMMAR.encode(('no', 'yes', 'si', 'ok', 'okay', 'nope', 'nah', 'not'))}](?=;)"
)


def _flat(encoded: str) -> str:
    """The clauses run together, for commas that a recognizer put inside a sentence; a bare yes or no falls out.

    One word a clause ("Do. Not. Call.") is an emphatic sentence, and keeps its "not".
    """
    clauses = [clause for clause in encoded.split(";") if clause]
    if len(clauses) < 3 or any(len(clause) > 1 for clause in clauses):
        encoded = _ANSWER.sub("", encoded)
    return encoded.replace(";", "")


def _blank(table: str, encoded: str) -> tuple[str, bool]:
    """The text with what the table matches taken out, each word of it a break; and whether anything was."""
    rest, count = _RULES[table].subn(lambda found: ";" * len(found[0]), encoded)
    return rest, count > 0


def _found(table: str, *texts: str) -> bool:
    search = _RULES[table].search
    return any(search(text) is not None for text in texts)


def detect_optout(text: str, channel: str = "voice", language: str = "en") -> OptOut:
    """What one utterance or message asks for; when it asks for several things the strictest wins.

    `channel` is "sms" or "voice": START and YES mean consent only in a message. `language` is the declared one and
    narrows nothing. Risk high: explicit demand or legal threat; medium: wrong number or doubtful wording.
    """
    folded = fold(text)
    if not folded:
        return NONE
    keyword = _keyword_of(folded)
    if keyword in phrases.STOP_KEYWORDS:
        certain = channel == "sms" or keyword in phrases.PLAIN_STOP_KEYWORDS
        return OptOut(True, "opt_out", "high" if certain else "medium")
    if channel == "sms" and keyword in phrases.START_KEYWORDS:
        return OptOut(False, "opt_in_keyword")

    spoken = folded.split()
    encoded = _GRAMMAR.encode(spoken, _names(text))
    rest, _ = _blank("LOOKALIKES", encoded)
    rest, invited = _blank("INVITATIONS", rest)
    if invited:
        rest, _ = _blank("TIMED_THREATS", rest)
    rest, about_time = _blank("TIME_LIMITED", rest)
    rest, about_this_number = _blank("NUMBER_LIMITED", rest)
    left = [word for word, letter in zip(spoken, rest, strict=True) if letter != ";"]
    words = [word for word in spoken if word != ";"]
    said = heard(words)
    found = _by_rules(encoded, rest)
    if found is not None and (
        _found("PLAIN", rest) or len(words) <= SURELY_MEANT or said["stop"] >= found[1]
    ):
        answer = found[0]
        if answer.blacklist_risk == "medium" and said["wrong_number"] > 0.5 and _found("WRONG_NUMBER", rest):
            return OptOut(True, "wrong_number", "medium")
        return answer
    if about_this_number:
        # "Don't call this number, call my cell": this number is the one that may not be dialled again.
        return OptOut(True, "number_preference", "medium")
    by_number = _found("NUMBER_PREFERENCE", rest)
    if (
        said["stop"] >= DOUBTFUL_FROM
        and not (invited or by_number)
        and (may_stop(left) or min(said["stop"], said["wrong_number"]) >= WRONG_FROM)
        and heard(left)["stop"] >= DOUBTFUL_FROM
    ):
        if said["wrong_number"] >= said["stop"] / 4:
            return OptOut(True, "wrong_number", "medium")
        return OptOut(True, "opt_out", "high" if said["stop"] >= CERTAIN_FROM else "medium")
    if not invited and _found("NOT_INTERESTED", rest):
        return OptOut(False, "not_interested")
    if by_number:
        return OptOut(False, "number_preference")
    if invited or about_time or _found("TIME_PREFERENCE", encoded):
        return OptOut(False, "time_preference")
    kind = max(QUIET_KINDS, key=said.__getitem__)
    return OptOut(False, kind) if said[kind] >= KIND_FROM else NONE


def _by_rules(encoded: str, rest: str) -> tuple[OptOut, float] | None:
    """The demand that a rule knows in what the look-alikes left of the text (`rest`), and what makes it absurd."""
    flat = _flat(rest)
    if _found("COMPLAINTS", encoded.replace(";", "")) or any(
        _found(table, rest, flat) for table in ("DEMANDS", "LEGAL")
    ):
        return OptOut(True, "opt_out", "high"), ABSURD_BELOW
    if _found("DOUBTFUL", rest) or _found("DOUBTFUL_CLAUSES", rest):
        return OptOut(True, "opt_out", "medium"), DUBIOUS_BELOW
    return (OptOut(True, "wrong_number", "medium"), DUBIOUS_BELOW) if _found("WRONG_NUMBER", rest) else None
