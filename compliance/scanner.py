"""Is this the wording of a valid consent to AI marketing calls? English and Spanish, no model and no Django.

Looking for keywords passes refusals ("I do not agree"), opposites ("consent is required to purchase") and consents to
text messages. So each sentence is first stripped of what says nothing about calls (promises about data, how to opt
out, "not a condition of purchase"), and an element counts only where nothing before it in its clause denies it.
Doubtful wording is reported as missing: a false alarm costs a sentence, a false pass costs 500 USD a call.

Both languages are always searched. Every search is linear in the text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from compliance import scanner_acts as acts
from compliance import scanner_patterns as patterns
from compliance.scanner_names import names_a_business
from compliance.scanner_words import CONTRADICTIONS, OTHER, RECOMMENDED, REQUIRED

Control = Literal["checkbox", "button", "typed_name", "none"]

# Raised with every change of what the scanner says of a text; stored with every scan.
VERSION = "3"
# The longest terms of service are a quarter of this; nobody reads a consent that long.
MAX_CHARACTERS = 200_000
# Above this a consent clause is one among many ("clear and conspicuous", 47 CFR 64.1200(f)(3)).
LONG_TERMS_CHARACTERS = 4_000


class TextTooLongError(ValueError):
    """The text is longer than MAX_CHARACTERS. Nothing was scanned."""


@dataclass(frozen=True, slots=True)
class ConsentScan:
    """valid: no required element is missing and nothing contradicts. Codes come in the order of `scanner_words`;
    compliance.findings has them in words."""

    valid: bool
    missing_required: tuple[str, ...]
    missing_recommended: tuple[str, ...]
    other_findings: tuple[str, ...]


_PLACEHOLDER = re.compile(
    r"\{\{?[^{}]{2,60}\}\}?|\[[^\[\]\n]{0,20}[^\W\d_]{3}[^\[\]\n]{0,40}\]"
    r"|<\s*(?:your|company|business|insert|nombre|empresa|su empresa)\b[^<>\n]{0,40}>"
    r"|\b(?:your|insert) (?:company|business) name\b|\bX{3,}\b"
    r"|\b(?:YOUR|INSERT)[ _](?:COMPANY|BUSINESS)(?:[ _]NAME)?\b",
)
_BLOCK_TAG = re.compile(r"<\s*/?\s*(?:p|div|h[1-6]|tr|table|section)\b[^<>]{0,500}>", re.I)
_TAG = re.compile(r"<\s*(?:!--|/?[a-zA-Z])[^<>]{0,500}>")
_TICKED = re.compile(r"[☑☒✅✔]|[\[(]\s?[xX✓✔]\s?[\])]")
# A form's own markup: `<input type="checkbox" checked>`.
_TICKED_FIELD = re.compile(
    r"<input\b[^<>]{0,2000}\b(?:default-?)?checked\b(?!\s*=\s*[\"'{]?false)|\baria-checked\s*=\s*[\"']?true",
    re.I,
)
_EMPTY_BOX = re.compile(r"[☐□◻]|\[\s{0,3}\]")
_NUMBER_SIGN = re.compile(r"#(?=\s)|\bn[º°]", re.I)
# No word is that long; searches that start at each character must stay linear.
_ENDLESS = re.compile(r"(\S{200})\S+")
_SPACES = re.compile(r"[^\S\n]{2,}|(?<=\n\n)\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_BULLET = re.compile(r"\n[ \t]*(?:[•*·▪–-]|\d{1,2}[.)])[ \t]+")
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc`\u00b4]")
_PHONE = re.compile(r"\+?\(?\d[\d().\- ]{6,18}\d")
_STOP = re.compile(r"[.!?](?=[\s\"”»)]|$)[\"”»)]*|\n\s*\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:inc|ltd|co|corp|llc|bros|st|dr|mr|mrs|ms|no|num|tel|etc|dba|[a-z])|\.[a-z])$", re.I
)
_CLAUSE = re.compile(r"[,;:()—–|]+")
_WORD = re.compile(r"[^\W_]+|,")
_LEGAL_FORM = re.compile(
    r"(?<=\w)(?: (?:inc|incorporated|llc|l l c|ltd|limited|co|corp|corporation|company|plc|llp|p c|pc|pllc|pty|gmbh"
    r"|s a|sa|s l|sl|s l u|slu))+$"
)


def scan(
    text: str,
    *,
    control: Control,
    prechecked: bool = False,
    required: bool = False,
    seller: str = "",
) -> ConsentScan:
    """Which elements of a valid consent this wording lacks, and what contradicts it.

    `control` is what the person does on the form; `prechecked` and `required` are how that control is set. With
    `seller` it must be that business which is named, with or without its legal form (LLC, S.L.). Raises
    TextTooLongError for more than MAX_CHARACTERS.
    """
    if len(text) > MAX_CHARACTERS:
        raise TextTooLongError(
            f"The text has {len(text):,} characters; at most {MAX_CHARACTERS:,} are scanned. "
            "Give the consent wording alone, without the pages around it."
        )
    plain = _plain(text)
    read = _Reading(_sentences(plain))
    named = _PLACEHOLDER.sub(" placeholder ", plain)
    present = {
        "agreement": read.agreement,
        "signature_action": control != "none" or read.has(patterns.ACTION),
        "seller_name": names_a_business(_sentences(named)) and (not seller or names(plain, seller)),
        "phone_calls": read.has(patterns.CALLS),
        "artificial_voice": read.has(patterns.VOICE),
        "marketing_purpose": read.has(patterns.MARKETING),
        "phone_number": read.has(patterns.NUMBER),
        "not_condition": read.not_condition,
        "autodialer": read.has(patterns.AUTODIALER),
        "ai_named": read.has(patterns.AI_NAMED),
        "opt_out_how": read.opt_out_how,
        "terms_privacy": read.mentions(patterns.TERMS),
        "recording_notice": read.recording_notice,
    }
    voiceless = not (present["phone_calls"] and present["artificial_voice"])
    seen = {
        "empty_text": not any(map(str.isalpha, plain)),
        "refusal": read.refusal,
        "prechecked": prechecked
        or bool(_TICKED.search(plain) or _TICKED_FIELD.search(text))
        or read.without_an_act,
        "condition_of_purchase": read.condition,
        # A button is always needed to send a form: the wording decides there.
        "required_control": ((required and control != "button") or read.demands_the_act)
        and not read.mentions(patterns.ALTERNATIVE),
        "text_messages_only": not present["phone_calls"] and read.mentions(patterns.TEXTS),
        "vague_contact": voiceless and read.has(patterns.CONTACT),
        "unnamed_partners": read.has(patterns.PARTNERS),
        "placeholder": bool(_PLACEHOLDER.search(plain)),
        "buried_in_terms": len(plain) > LONG_TERMS_CHARACTERS,
    }
    missing_required = tuple(code for code in REQUIRED if not present[code])
    missing_recommended = tuple(code for code in RECOMMENDED if not present[code])
    other = tuple(code for code in OTHER if seen[code])
    return ConsentScan(
        valid=not missing_required and not any(code in CONTRADICTIONS for code in other),
        missing_required=missing_required,
        missing_recommended=missing_recommended,
        other_findings=other,
    )


def _plain(text: str) -> str:
    """The words a person sees: no markup, one form of each character."""
    text = _SPACES.sub(" ", _ENDLESS.sub(r"\1", text.replace("\r\n", "\n")))
    text = html.unescape(_TAG.sub(" ", _BLOCK_TAG.sub("\n\n", _PLACEHOLDER.sub(_braces, text))))
    text = unicodedata.normalize("NFKC", _NUMBER_SIGN.sub(" number ", _INVISIBLE.sub("", text)))
    return _BULLET.sub(" , ", text)


def _braces(placeholder: re.Match[str]) -> str:
    """A placeholder in angle brackets would be lost as markup."""
    return "[" + placeholder[0].strip("<>") + "]" if placeholder[0].startswith("<") else placeholder[0]


def _sentences(plain: str) -> list[str]:
    found, begin = [], 0
    for stop in _STOP.finditer(plain):
        if stop[0] == "." and _ABBREVIATION.search(plain[max(begin, stop.start() - 6) : stop.start()]):
            continue
        found.append(plain[begin : stop.end()])
        begin = stop.end()
    found.append(plain[begin:])
    return [sentence for sentence in found if sentence.strip()]


def fold(sentence: str) -> str:
    """Lower case words and commas joined by single spaces, without accents."""
    sentence = _PHONE.sub(" printednumber ", _EMPTY_BOX.sub(" emptybox ", sentence))
    sentence = _CLAUSE.sub(" , ", _APOSTROPHES.sub("", sentence.casefold()))
    sentence = unicodedata.normalize("NFKD", sentence)
    folded = " ".join(_WORD.findall("".join(c for c in sentence if not unicodedata.combining(c))))
    return patterns.ASIDE.sub("", folded).strip(" ,")


def names(text: str, business: str) -> bool:
    """Whether the text names this business, whatever its case, accents, punctuation or legal form."""
    wanted = _LEGAL_FORM.sub("", " ".join(word for word in fold(business).split() if word != ","))
    said = " ".join(word for word in fold(text).split() if word != ",")
    return f" {wanted} " in f" {said} "


class _Reading:
    """The sentences of a text after each was taken apart into what it says about calls."""

    def __init__(self, sentences: list[str]) -> None:
        self.everything = [fold(sentence) for sentence in sentences]
        self.said: list[str] = []
        self.agreement = self.refusal = self.condition = False
        self.not_condition = self.opt_out_how = self.recording_notice = False
        for sentence in self.everything:
            self._read(patterns.NO_DENIAL.sub(" ", sentence))

    def _read(self, sentence: str) -> None:
        if patterns.DATA.search(sentence) and patterns.SHARING.search(sentence):
            return
        if patterns.REFUSAL.search(sentence) and not patterns.NOT_CONDITION.search(sentence):
            refuses = not self._tells_how_to_stop(sentence)
            self.refusal |= refuses
            if refuses:
                sentence = patterns.REFUSAL.sub(" refused ", sentence)
        sentence, conditions = patterns.NOT_CONDITION.subn(" , ", sentence)
        self.not_condition |= conditions > 0
        self.condition |= self._demands(sentence)
        sentence, recorded = patterns.RECORDED_CALLS.subn(" , ", sentence)
        self.recording_notice |= recorded > 0
        if self._tells_how_to_stop(sentence):
            self.opt_out_how = True
            start = patterns.STOP_START.search(sentence)
            sentence = sentence[: start.start()] if start and self._agrees(sentence[: start.start()]) else ""
        self.agreement |= self._agrees(sentence)
        self.said.append(sentence)

    @staticmethod
    def _tells_how_to_stop(sentence: str) -> bool:
        stop = patterns.STOP.search(sentence)
        return stop is not None and any(
            means.start() >= stop.end() or means.end() <= stop.start()
            for means in patterns.MEANS.finditer(sentence)
        )

    @staticmethod
    def _demands(sentence: str) -> bool:
        return any(
            not patterns.DENIED.search(sentence[max(0, found.start() - 80) : found.start()])
            for pattern in (patterns.CONDITION, patterns.BARE_CONDITION)
            for found in pattern.finditer(sentence)
        )

    @staticmethod
    def _agrees(sentence: str) -> bool:
        if patterns.AGREED_ALONE.search(sentence):
            return True
        return any(
            patterns.TALK.search(sentence, agreed.start())
            and not patterns.DENIED.search(sentence[max(0, agreed.start() - 25) : agreed.start()])
            for agreed in patterns.AGREEMENT.finditer(sentence)
        )

    @property
    def without_an_act(self) -> bool:
        """Whether it says that the person agrees by doing nothing."""
        return any(
            acts.NEGATIVE_OPTION.search(sentence) or _affirmed(acts.PRETICKED, sentence)
            for sentence in self.everything
        )

    @property
    def demands_the_act(self) -> bool:
        return any(_affirmed(acts.DEMANDED, sentence) for sentence in self.everything)

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether a sentence about calls says this without denying it."""
        return any(
            not patterns.DENIED.search(sentence[max(0, found.start() - 80) : found.start()])
            for sentence in self.said
            for found in pattern.finditer(sentence)
        )

    def mentions(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(sentence) for sentence in self.everything)


def _affirmed(pattern: re.Pattern[str], sentence: str) -> bool:
    """Whether the sentence says so, and not that no box is like that."""
    return any(
        not acts.NOT_TICKED.search(sentence[max(0, found.start() - 80) : found.start()])
        for found in pattern.finditer(sentence)
    )
