"""Does this person ask us to stop? English and Spanish, voice and SMS, no model and no Django.

A missed opt-out is a broken law, a false one only loses a contact (47 CFR 64.1200(a)(10): "any reasonable means"),
so doubtful wording fires with medium risk. Both languages are always tried: a Spanish caller may be filed as English.

The text is folded (case, accents, apostrophes, spellings, contractions) and encoded one character a word
(`compliance.optout_grammar`). Look-alikes such as "stop by tomorrow", "don't stop" or "don't call me before nine" are
blanked out, and only then are the demands searched in what is left: a look-alike never hides the demand beside it.
Look-alikes may not cross punctuation; demands may, for recognizers put commas anywhere.

Beside the rules, `compliance.optout_listener` weighs the whole text and its clauses: it hears demands that no rule
knows, and a rule's find that it all but excludes does not count (docs/decisions/0017).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from compliance import optout_english as english
from compliance import optout_english_demands as english_demands
from compliance import optout_english_lookalikes as english_lookalikes
from compliance import optout_english_words as english_words
from compliance import optout_keypad as keypad
from compliance import optout_phrases as phrases
from compliance import optout_spanish as spanish
from compliance import optout_spanish_demands as spanish_demands
from compliance import optout_spanish_lookalikes as spanish_lookalikes
from compliance import optout_spanish_words as spanish_words
from compliance.optout_grammar import Grammar
from compliance.optout_listener import heard

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

# How sure the listener must be to stop the calls by itself; to do so for one clause of many; to do so although a
# look-alike explains a part of the text; to call that an explicit demand; to name another kind.
DOUBTFUL_FROM, CLAUSE_FROM, BEYOND_DOUBT, CERTAIN_FROM, KIND_FROM = 0.65, 0.9, 0.95, 0.9, 0.6
# A rule's find is a phrase out of its sense ("they told me you'd call and nobody called") when the listener all but
# excludes it in the whole text, and leans to it neither in a clause nor in the phrase itself with the words beside it:
# what else is said must not hide a demand.
ABSURD_BELOW, IN_ITSELF_FROM, BESIDE = 0.1, 0.5, 2
QUIET_KINDS: tuple[Kind, ...] = ("not_interested", "time_preference", "number_preference")

_TABLES = (
    "OTHER_CALLERS",
    "COMPLAINTS",
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
_FIRING = ("COMPLAINTS", "DEMANDS", "LEGAL", "DOUBTFUL", "DOUBTFUL_CLAUSES", "WRONG_NUMBER")
_LANGUAGES = (english, english_demands, english_lookalikes, spanish, spanish_demands, spanish_lookalikes)
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
        folded = phrases.SIGNS.get(character) or "".join(
            c for c in unicodedata.normalize("NFKD", character).casefold() if not unicodedata.combining(c)
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


def detect_optout(text: str, channel: str = "voice", language: str = "en", asked: str = "") -> OptOut:
    """What one utterance or message asks for; when it asks for several things the strictest wins.

    `channel` is "sms" or "voice": START and YES mean consent only in a message. `language` is the declared one and
    narrows nothing. Risk high: explicit demand or legal threat; medium: wrong number or doubtful wording. `asked` is
    what the agent said just before: a bare "nine" is the key 9 unless it answers a question about something else.
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
    answers = channel != "voice" or keypad.may_answer(asked.lower())
    keyed = keypad.pressed(folded)
    if keyed == "high" or (keyed == "medium" and not answers):
        return OptOut(True, "opt_out", keyed)

    spoken = folded.split()
    encoded = _GRAMMAR.encode(spoken, _names(text))
    encoded, _ = _blank("OTHER_CALLERS", encoded)
    rest, _ = _blank("LOOKALIKES", encoded)
    rest, invited = _blank("INVITATIONS", rest)
    if invited:
        rest, _ = _blank("TIMED_THREATS", rest)
    rest, about_time = _blank("TIME_LIMITED", rest)
    rest, about_this_number = _blank("NUMBER_LIMITED", rest)
    first = _after_noes(spoken)
    said = _heard_in(spoken[first:])
    answer = _by_rules(encoded, rest)
    if answer is not None and not (said["stop"] < ABSURD_BELOW and _is_absurd(spoken, encoded, rest)):
        if answer.blacklist_risk == "medium" and said["wrong_number"] > 0.5 and _found("WRONG_NUMBER", rest):
            return OptOut(True, "wrong_number", "medium")
        return answer
    if about_this_number:
        # "Don't call this number, call my cell": this number is the one that may not be dialled again.
        return OptOut(True, "number_preference", "medium")
    by_number = _found("NUMBER_PREFERENCE", rest)
    left = [word if letter != ";" else ";" for word, letter in zip(spoken, rest, strict=True)]
    heard_alone: dict[str, float] = {}
    if len(spoken) == 1:
        pass  # one word ("whatever", "phone", a name) is what a rule or a keyword says it is
    elif said["stop"] >= BEYOND_DOUBT:
        heard_alone = said
    elif not (invited or by_number):
        heard_alone = _heard_alone(said, spoken[first:], left[first:])
    if heard_alone:
        if heard_alone["wrong_number"] >= heard_alone["stop"] / 4:
            return OptOut(True, "wrong_number", "medium")
        return OptOut(True, "opt_out", "high" if heard_alone["stop"] >= CERTAIN_FROM else "medium")
    if not invited and _found("NOT_INTERESTED", rest):
        if not answers and any(map(keypad.is_bare, folded.split(" ; "))):
            return OptOut(True, "opt_out", "medium")
        return OptOut(False, "not_interested")
    if by_number:
        return OptOut(False, "number_preference")
    if invited or about_time or _found("TIME_PREFERENCE", encoded):
        return OptOut(False, "time_preference")
    kind = max(QUIET_KINDS, key=said.__getitem__)
    sure = said[kind] >= KIND_FROM and _heard_in(left)[kind] >= KIND_FROM
    return OptOut(False, kind) if sure else NONE


def _heard_alone(said: dict[str, float], spoken: list[str], left: list[str]) -> dict[str, float]:
    """What the listener heard, when that is a demand without any rule's help; empty when it is none.

    `said` is what it heard in all that was `spoken`; `left` is that with a break for each word of a look-alike. What
    it hears must stand without the look-alikes too.
    """
    if said["stop"] >= DOUBTFUL_FROM and _heard_in(left)["stop"] >= DOUBTFUL_FROM:
        return said
    ends = [at for at, word in enumerate(spoken) if word == ";"]
    for start, end in pairwise([-1, *ends, len(spoken)]) if ends else ():
        if end - start > 3:
            found = _heard_in(spoken[start + 1 : end])
            if found["stop"] >= CLAUSE_FROM and _heard_in(left[start + 1 : end])["stop"] >= DOUBTFUL_FROM:
                return found
    return {}


def _after_noes(spoken: list[str]) -> int:
    """Where a sentence begins that says no itself after bare noes: to the listener each of them is a demand more."""
    start = 0
    while spoken[start : start + 3] == ["no", ";", "no"]:
        start += 2
    return start


def _heard_in(spoken: list[str]) -> dict[str, float]:
    return heard([word for word in spoken if word != ";"])


def _by_rules(encoded: str, rest: str) -> OptOut | None:
    """The demand that a rule knows in what the look-alikes left of the text (`rest`)."""
    flat = _flat(rest)
    if _found("COMPLAINTS", encoded.replace(";", "")) or any(
        _found(table, rest, flat) for table in ("DEMANDS", "LEGAL")
    ):
        return OptOut(True, "opt_out", "high")
    if _found("DOUBTFUL", rest) or _found("DOUBTFUL_CLAUSES", rest):
        return OptOut(True, "opt_out", "medium")
    return OptOut(True, "wrong_number", "medium") if _found("WRONG_NUMBER", rest) else None


def _is_absurd(spoken: list[str], encoded: str, rest: str) -> bool:
    """Whether the listener leans to no clause, and to no phrase that a rule knows."""
    stretches = [clause.split() for clause in " ".join(spoken).split(";")]
    for table in _FIRING:
        for found in _RULES[table].finditer(encoded if table == "COMPLAINTS" else rest):
            stretches.append(spoken[max(0, found.start() - BESIDE) : found.end() + BESIDE])
    return all(_heard_in(stretch)["stop"] < IN_ITSELF_FROM for stretch in stretches)
