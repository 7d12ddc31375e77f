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


def guard_sql(expression: str) -> str:
    """SQL of PostgreSQL for `guard` of a text expression, which stands in it several times; it knows no NUL."""
    danger = _DANGER.pattern.replace(r"\x00", "").replace("'", "''")
    starters = _STARTERS.removeprefix("(?=").removesuffix(")").replace(r"\x00", "")
    return (
        f"CASE WHEN {expression} ~ '{starters}' AND {expression} !~ '^{_E164.pattern}$' "
        f"THEN regexp_replace({expression}, '{danger}', '\\1''\\2', 'g') ELSE {expression} END"
    )
