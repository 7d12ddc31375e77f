"""What a number or an address tells of where it is. The rooms above know the law, and register what says it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol


class Place(Protocol):
    """compliance.zones.NumberPlace, as far as contacts read it."""

    @property
    def e164(self) -> str: ...
    @property
    def region(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def zones(self) -> tuple[str, ...]: ...
    @property
    def callable(self) -> bool: ...


_look_up: Callable[[str, str | None], Place]
_domestic: Callable[[str | None, str], bool]
_state_of: Callable[[str, str], str | None]
_state_of_postal_code: Callable[[str, str], str | None]

# In North America the last four digits of a number change nothing about its place; in Barbados and Jamaica the last
# three. A test reads that from the library's patterns.
_LONG_PREFIXES = frozenset({"246", "658", "876"})


def register(
    *,
    look_up: Callable[[str, str | None], Place],
    domestic: Callable[[str | None, str], bool],
    state_of: Callable[[str, str], str | None],
    state_of_postal_code: Callable[[str, str], str | None],
) -> None:
    """look_up(number, default region) says where a number is; domestic(region, country) whether one law holds;
    state_of(words, country) and state_of_postal_code(code, country) which state an address names, None for none."""
    global _look_up, _domestic, _state_of, _state_of_postal_code
    _look_up, _domestic, _state_of, _state_of_postal_code = look_up, domestic, state_of, state_of_postal_code
    _by_prefix.cache_clear()


def place_of(number: str, country: str | None = None) -> Place:
    """Where a number is; `country` (ISO 3166) reads numbers written without a country code."""
    return _look_up(number, country)


def place_of_north_american(e164: str) -> Place:
    """Where a number of the form +1 and ten digits is, remembered by prefix. Its own e164 is that of a sibling."""
    return _by_prefix(e164[:9] if e164[2:5] in _LONG_PREFIXES else e164[:8])


@lru_cache(maxsize=65_536)
def _by_prefix(prefix: str) -> Place:
    return _look_up(prefix.ljust(12, "0"), None)


def domestic(region: str | None, country: str) -> bool:
    """Whether a number of `region` may be called from a location in `country`."""
    return _domestic(region, country)


def state_of(written: str, country: str) -> str | None:
    """The state that an address names, by its letters where it has some; None for what is no state of the country."""
    return _state_of(written, country)


def state_of_postal_code(code: str, country: str) -> str | None:
    """The state in which a postal code lies, where that is known."""
    return _state_of_postal_code(code, country)
