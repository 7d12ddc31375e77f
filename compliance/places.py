"""What the rules know of a number: its country, its kind, its clocks. No Django, no phone-number library.

compliance.zones reads it from the number; with a decision it is stored, so that the verdict can be derived again.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

INVALID_NUMBER = "invalid_number"
TYPE_NOT_CALLABLE = "number_type_not_callable"

# A whole number of +1 in E.164.
NORTH_AMERICAN = re.compile(r"\+1[2-9]\d{9}", re.ASCII)

# Regions with an ISO code of their own under one country's calling law: domestic to it and to each other.
TERRITORIES = (
    frozenset({"US", "PR", "VI", "GU", "AS", "MP"}),
    frozenset({"GB", "GG", "JE", "IM"}),
    frozenset({"FR", "GP", "MQ", "GF", "RE", "YT"}),
)


@dataclass(frozen=True, slots=True)
class NumberPlace:
    """What a number itself tells.

    e164: the number, or the text as given when it is not one. region: ISO 3166 code, "001" for numbers of
    the world, None when invalid. kind: 'fixed_line', 'mobile', 'toll_free' ... zones: sorted IANA names,
    empty when the number can never be called; then `problem` says why, with the code of the rule that
    rejects it.
    """

    e164: str
    region: str | None
    kind: str
    zones: tuple[str, ...]
    problem: str | None = None

    @property
    def callable(self) -> bool:
        return self.problem is None


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The clock of an IANA zone name. Raises ValueError, in words, when there is none.

    All of them are kept: ZoneInfo itself keeps eight, and reads the file of any other again.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r} is not a time zone name. Use an IANA name such as 'America/Denver'."
        ) from error


def domestic(region: str | None, country: str) -> bool:
    """Whether a number of `region` is domestic to `country`, both ISO 3166. A shared +1 says nothing."""
    return region == country or any(region in group and country in group for group in TERRITORIES)
