"""Cells that a spreadsheet will not run as formulas, and back. No Django here.

A spreadsheet takes a cell for a formula when it begins with = + - @ (their wide forms included) or with a tab,
carriage return or NUL before one; and a program that splits differently than we wrote begins a cell after any
separator, quotation mark or line end. In all these places `guard` puts an apostrophe, which spreadsheets read as
"text". Apostrophes that stand there already get one more, so that `unguard` restores exactly what was.
A bare E.164 number stays as it is: a sign and digits alone can be nothing but a number, and people paste it.
"""

import re

_BEGINS = r"(?:\A|(?<=[,;|\"\t\r\n\x00]))( *)"
_STARTERS = r"(?=[=+\-@\t\r\x00\uff0b\uff0d\uff1d\uff20])"
_DANGER = re.compile(_BEGINS + "('*)" + _STARTERS)
_GUARDED = re.compile(_BEGINS + "'('*)" + _STARTERS)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def guard(value: str) -> str:
    """The cell made inert for every spreadsheet program; a bare E.164 number is already."""
    if value.isalnum() or not value or _E164.fullmatch(value):
        return value
    return _DANGER.sub(r"\1'\2", value)


def unguard(value: str) -> str:
    """What `guard` was given."""
    return _GUARDED.sub(r"\1\2", value) if "'" in value else value


def cell_sql(expression: str, number: bool = False) -> str:
    """SQL of PostgreSQL for `guard` of a text as a cell of CSV. The expression stands in it often; it knows no NUL.

    number: most of these texts are E.164 numbers, so they are looked at as such first.
    """
    starters = _STARTERS.removeprefix("(?=").removesuffix(")").replace(r"\x00", "")
    special = f'[,"\r\n{starters[1:]}'
    danger = _DANGER.pattern.replace(r"\x00", "").replace("'", "''")
    guarded = f"regexp_replace({expression}, '{danger}', '\\1''\\2', 'g')"
    # As _E164, whose repetition is slow here.
    e164 = f"{expression} ~ '^\\+[1-9][0-9]+$' AND length({expression}) BETWEEN 8 AND 16"
    first, second = f"{expression} !~ '{special}'", e164
    if number:
        first, second = second, first

    def quoted(text: str) -> str:
        return f"""'"' || replace({text}, '"', '""') || '"'"""

    return (
        f"CASE WHEN {first} THEN {expression} WHEN {second} THEN {expression} "
        f"WHEN {expression} !~ '{starters}' THEN {quoted(expression)} "
        f"""WHEN {expression} !~ '[,"\r\n]' THEN {guarded} ELSE {quoted(guarded)} END"""
    )
