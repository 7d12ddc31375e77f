"""Numbers as people say them: "half past four", "double five oh", "seiscientos setenta y cinco"; phone numbers."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from voiceagents.understanding.calendar_words import MONTHS

# fmt: off
_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9,
    "cero": 0, "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9,
}
_TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
    "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veintiun": 21, "veintiuno": 21, "veintiuna": 21,
    "veintidos": 22, "veintitres": 23,
    "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28,
    "veintinueve": 29,
}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
    "ochenta": 80, "noventa": 90,
}
_HUNDREDS = {
    "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500,
    "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "primero": 1,
}
_DIGIT_WORDS = {"oh": "0", "o": "0", "nought": "0", "naught": "0", "null": "0", "niner": "9", "fife": "5"}
_REPEAT = {"double": 2, "doble": 2, "triple": 3, "treble": 3}
_PAUSES = frozenset(
    ["and", "y", "um", "uh", "er", "eh", "erm", "mm", "hmm", "dash", "hyphen", "guion", "dot", "punto",
    "point", "comma", "coma", "space", "espacio", "then", "luego", "despues", "area", "code",
    "parenthesis", "open", "close", "slash", "so", "this", "ok"])
# fmt: on

_TOKEN = re.compile(r"\d+|\+|[a-z]+|\S")


def plain(text: str) -> str:
    """The text without accents and in lower case, of the same length, so that positions stay good."""
    if text.isascii():
        return text.lower()
    return "".join([_plain_character(c) for c in text])


def _plain_character(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    if len(base) != 1:
        return character
    return {"’": "'", "‘": "'", "–": "-", "—": ",", "´": "'", "`": "'", "\u00a0": " "}.get(base, base)


_ONE_OF_MANY = frozenset(
    ["the", "that", "this", "which", "any", "some", "no", "every", "another", "other", "only"]
)


def spell_out(text: str) -> str:
    """Plain text with number words as digits: "a las cinco y media" to "a las 5 y media",
    "the third" to "the 3rd".

    Values run to 99, as hours, minutes and days do. "un" and "una" stay ("una semana") except as hours.
    """
    words = re.findall(r"[a-z]+|\d+|[^a-z\d]+", re.sub(r" ?@ ?", " at ", plain(text)))
    out: list[str] = []
    at = 0
    while at < len(words):
        value, used = _small_number(words, at)
        if value is None:
            out.append(words[at])
            at += 1
        else:
            out.append(value)
            at += used
    return "".join(out)


def _small_number(words: list[str], at: int) -> tuple[str | None, int]:
    word = words[at]
    if word.endswith("ish") and (word[:-3] in _UNITS or word[:-3] in _TEENS):  # "elevenish"
        word = word[:-3]
    following = words[at + 2] if at + 2 < len(words) and words[at + 1] in (" ", "-") else ""
    if word in _TENS:
        if 0 < _UNITS.get(following, 0) <= 9 and following not in ("un", "una"):
            return str(_TENS[word] + _UNITS[following]), 3
        if 0 < ORDINALS.get(following, 0) <= 9 and following != "second":
            return f"{_TENS[word] + ORDINALS[following]}th", 3
        if following == "y" and at + 4 < len(words) and 0 < _UNITS.get(words[at + 4], 0) <= 9:
            return str(_TENS[word] + _UNITS[words[at + 4]]), 5
        return str(_TENS[word]), 1
    if word in _TEENS:
        # "once" is an English adverb as well
        return (None, 1) if word == "once" and not _spanish_eleven(words, at) else (str(_TEENS[word]), 1)
    if word in ("un", "una", "uno"):
        before = words[at - 2] if at >= 2 else ""
        return ("1", 1) if before in ("la", "dia", "las") or word == "uno" else (None, 1)
    before_it = words[at - 2] if at >= 2 else ""
    if word in ORDINALS and (before_it in ("the", "dia", "el") or before_it in MONTHS or word == "primero"):
        return f"{ORDINALS[word]}th", 1
    if word == "one" and before_it in _ONE_OF_MANY:
        return None, 1  # "the one who decides" is no number
    if word in _UNITS:
        return str(_UNITS[word]), 1
    return None, 1


def _spanish_eleven(words: list[str], at: int) -> bool:
    before = words[at - 2] if at >= 2 else ""
    after = words[at + 2] if at + 2 < len(words) else ""
    return before in ("las", "dia", "el", "y", "de", "a", "tipo") or after in ("de", "y", "dias")


_WRITTEN = re.compile(r"\+?\(?\d[\d\s().\-/]{5,22}\d")
_NOT_A_PHONE = re.compile(
    r"(?:order|account|reference|ref|policy|invoice|ticket|case|zip|confirmation|tracking|member(?:ship)?|"
    r"card|pedido|"
    r"cuenta|referencia|poliza|factura|expediente|codigo postal|dni|tarjeta|serial|social security|"
    r"license|claim)"
    r"(?: \w+)?(?: (?:number|id|no|numero|code))?(?: is| es|:| was)? *$"
)
_CORRECTION = re.compile(
    r"\b(?:no|sorry|actually|wait|correction|scratch that|i mean|perdon|mejor dicho|digo|rectifico|espera)\b"
)


def find_phone_numbers(text: str, region: str) -> list[tuple[str, int]]:
    """Every valid number in the text, written or spoken, as (E.164, position), in the order said.

    `region` is the ISO country whose national form is meant when no country code is said.
    """
    folded = plain(text)
    found: list[tuple[str, int]] = []
    for written in phonenumbers.PhoneNumberMatcher(
        folded[:20_000], region, leniency=phonenumbers.Leniency.VALID
    ):
        found.append((_e164(written.number), written.start))
    taken = [position for _, position in found]
    for match in _WRITTEN.finditer(folded):
        number = _valid(re.sub(r"[^\d+]", "", match[0]), region)
        if number and not any(match.start() <= position < match.end() for position in taken):
            found.append((number, match.start()))
    if not found:
        found = _spoken_numbers(folded, region)
    found.sort(key=lambda item: item[1])
    return [item for item in found if not _NOT_A_PHONE.search(folded[max(0, item[1] - 40) : item[1]])]


def find_phone_number(text: str, region: str) -> str | None:
    """The phone number said in the text, as E.164, or None. A corrected number replaces the one before it."""
    found = find_phone_numbers(text, region)
    if not found:
        return None
    if len(found) > 1 and _CORRECTION.search(plain(text)[found[0][1] : found[-1][1]]):
        return found[-1][0]
    return found[0][0]


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _valid(digits: str, region: str) -> str | None:
    if not 7 <= len(digits.lstrip("+")) <= 15:
        return None
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    return _e164(number) if phonenumbers.is_valid_number(number) else None


def _spoken_numbers(folded: str, region: str) -> list[tuple[str, int]]:
    found = []
    for groups in _digit_runs(folded):
        # a leading hour ("at four, 303 ...") or a trailing one must not spoil the number
        for first in range(min(len(groups), 6)):
            lengths = sorted(range(first + 1, len(groups) + 1), reverse=True)
            number = next(
                (n for last in lengths if (n := _valid("".join(g for g, _ in groups[first:last]), region))),
                None,
            )
            if number:
                found.append((number, groups[first][1]))
                break
    return found


def _digit_runs(folded: str) -> list[list[tuple[str, int]]]:
    """Runs of digit groups as said, each group with its position: "double five" is ("55", 0)."""
    tokens = [(m[0], m.start()) for m in _TOKEN.finditer(folded)]
    runs: list[list[tuple[str, int]]] = [[]]
    at = 0
    while at < len(tokens):
        word, position = tokens[at]
        digits, used = _digits_said(tokens, at)
        if digits:
            runs[-1].append((digits, position))
            if len(runs[-1]) > 24:
                runs[-1].pop(0)
        elif (word not in _PAUSES and word.isalpha() and runs[-1]) or (
            word in ".?!;" and runs[-1] and sum(len(g) for g, _ in runs[-1]) >= 9 and word != "."
        ):
            runs.append([])
        at += used
    return [run for run in runs if sum(len(g) for g, _ in run) >= 7]


def _digits_said(tokens: list[tuple[str, int]], at: int) -> tuple[str, int]:
    word = tokens[at][0]
    rest = [token for token, _ in tokens[at + 1 : at + 5]]
    if word.isdigit():
        return word, 1
    if word == "+" or (word in ("plus", "mas") and rest and _digits_said(tokens, at + 1)[0]):
        return "+", 1
    if word in _REPEAT and rest:
        digit, used = _digits_said(tokens, at + 1)
        return (digit * _REPEAT[word], used + 1) if len(digit) == 1 else ("", 1)
    if word in _DIGIT_WORDS:
        return _DIGIT_WORDS[word], 1
    if word in _HUNDREDS:
        return _hundreds(_HUNDREDS[word], tokens, at + 1, 1)
    if word in _UNITS and word not in ("un", "una"):
        if rest and rest[0] == "hundred":
            return _hundreds(_UNITS[word] * 100, tokens, at + 2, 2)
        return str(_UNITS[word]), 1
    if word in _TEENS:
        return str(_TEENS[word]), 1
    if word in _TENS:
        if rest and 0 < _UNITS.get(rest[0], 0) <= 9:
            return str(_TENS[word] + _UNITS[rest[0]]), 2
        if len(rest) > 1 and rest[0] in ("y", "-") and 0 < _UNITS.get(rest[1], 0) <= 9:
            return str(_TENS[word] + _UNITS[rest[1]]), 3
        return str(_TENS[word]), 1
    return "", 1


def _hundreds(value: int, tokens: list[tuple[str, int]], at: int, used: int) -> tuple[str, int]:
    """Adds the tens and units said after a hundred: "cuatrocientos doce" is 412, "eight hundred" 800."""
    skip = 1 if at + 1 < len(tokens) and tokens[at][0] == "and" else 0
    if at + skip < len(tokens) and (
        tokens[at + skip][0] in _TENS or tokens[at + skip][0] in _TEENS or tokens[at + skip][0] in _UNITS
    ):
        digits, more = _digits_said(tokens, at + skip)
        if digits.isdigit() and len(digits) <= 2:
            return str(value + int(digits)), used + skip + more
    return str(value), used
