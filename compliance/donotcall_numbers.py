"""The numbers in a cell of a do-not-call list, however they were written. No database here.

A number that is missed here is a person who is called against their word, so more is tried than for a contact.
"""

import re

import phonenumbers

from contacts import values
from contacts.rows import NotANumberError, read_phone

# What spreadsheets and data frames make of a column of numbers: 13035550123.0
FRACTION = re.compile(r"(\+?[0-9]{7,15})\.0+", re.ASCII)
# Dialled before a country code, from most of the world and from North America.
_ABROAD = re.compile(r"\(?(?:00|011)\)?(?=[-. ()]*[1-9])", re.ASCII)
# A stroke with nothing around it stands between two numbers or, in Germany, inside one.
_BETWEEN = re.compile(r"[;,&|\n]| +/ +|\b(?:and|or|y|o|e|u|und|oder|et|ou)\b", re.IGNORECASE)
LONGEST = 200


def numbers_in(cell: str, country: str) -> tuple[list[str], bool]:
    """The numbers of a cell (E.164), each once, and whether everything with digits in it was read.

    Raises NotANumberError, about the whole cell, where there is none.
    """
    try:
        return [_number(cell, country)], True
    except NotANumberError:
        if len(cell) > LONGEST:
            raise
        found, whole = [], True
        for part in _BETWEEN.split(cell):
            if any(character.isdigit() for character in part):
                numbers, all_read = _within(part, country)
                found += numbers
                whole = whole and all_read
        if not found:
            raise
        return list(dict.fromkeys(found)), whole


def with_plus(shown: str) -> str:
    """A number that begins as dialled from anywhere in the world, with a plus instead; another one as it is."""
    abroad = _ABROAD.match(shown)
    return shown if abroad is None else "+" + shown[abroad.end() :].lstrip("-. ")


def _number(text: str, country: str) -> str:
    shown = values.visible(text)
    if fraction := FRACTION.fullmatch(shown):
        shown = fraction[1]
    try:
        return read_phone(shown, country)[0]
    except NotANumberError:
        try:
            return read_phone(with_plus(shown), country)[0]
        except NotANumberError:
            pass
        raise


def _within(part: str, country: str) -> tuple[list[str], bool]:
    """The one number that the part is, else those on both sides of a stroke, else those between its words."""
    pieces = [piece for piece in part.split("/") if any(character.isdigit() for character in piece)]
    for texts in ([part], pieces):
        try:
            return [_number(text, country) for text in texts], True
        except NotANumberError:
            continue
    found = []
    for match in phonenumbers.PhoneNumberMatcher(values.visible(part), country):
        found.append(phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
    return found, len(found) >= len(pieces)
