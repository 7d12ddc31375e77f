"""Which packs hold for a number, and which clocks a known address adds to it. No Django.

The packs are those of the calling location's country and of every state the call may be answered in.
"""

import tomllib
import unicodedata
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from compliance.packs import RULE_PACKS, RulePack
from compliance.places import NORTH_AMERICAN, NumberPlace, domestic

AREA_CODES = Path(__file__).parent / "area_codes.toml"
STATES = Path(__file__).parent / "states.toml"


def packs_for(country: str, place: NumberPlace, known_state: str = "") -> tuple[RulePack, ...]:
    """The packs for a call by a location of `country` (ISO 3166) to `place`, by name.

    Which state an American number is of, its area code says. known_state: where the person is known to live, "TX" or
    "Texas"; it adds that state's pack and takes none away. What is no state adds nothing.
    """
    states = states_of(country, place, known_state)
    return _packs(country, states)


def packs_of(country: str) -> tuple[RulePack, ...]:
    """The packs that hold in the whole country (ISO 3166), by name."""
    return _packs(country, frozenset())


def with_known_state(country: str, place: NumberPlace, known_state: str) -> NumberPlace:
    """The place with every clock of the state in which the person is known to live: they are added, none is taken away.

    known_state: as an address of the location's `country` has it, "TX" or "Texas"; a province or a territory too. What
    is no state adds nothing, and nothing is added to a number that cannot be called.
    """
    clocks = clocks_of(country, known_state)
    if not place.zones or clocks <= set(place.zones):
        return place
    return replace(place, zones=tuple(sorted(clocks.union(place.zones))))


def clocks_of(country: str, known_state: str) -> frozenset[str]:
    """The IANA zones that are kept anywhere in a state, as an address of `country` writes it; none for no state."""
    return _clocks_of(country, _folded(known_state))


def letters_of(country: str, written: str) -> str | None:
    """The letters of a state by what an address of `country` has for it, its name or its letters; None for no state."""
    word = _folded(written)
    return next(
        (
            state
            for there, rows in _addresses().items()
            if domestic(there, country)
            for state, row in rows.items()
            if word in (_folded(state), _folded(row["name"]))
        ),
        None,
    )


def states_of(country: str, place: NumberPlace, known_state: str = "") -> frozenset[str]:
    """The US states ("TX") in which a call by a location of `country` to `place` may be answered."""
    area_code = place.e164[2:5] if NORTH_AMERICAN.fullmatch(place.e164) else ""
    return _states_of(country, place.region, area_code, _folded(known_state))


def applies(name: str, country: str, place: NumberPlace) -> bool:
    """Whether a pack of that name, which need not exist yet, would hold for a call by a location of `country`."""
    if len(name) == 2:
        return domestic(name.upper(), country)
    return name.removeprefix("us-").upper() in states_of(country, place)


@lru_cache(maxsize=8192)
def _states_of(country: str, region: str | None, area_code: str, known_state: str) -> frozenset[str]:
    by_area, by_word = _states()
    states: set[str] = set()
    if area_code in by_area:
        states.add(by_area[area_code])
    elif region == "US":
        # An area code newer than the data may be anywhere: then all states' packs hold, as all their zones do.
        states.update(by_area.values())
    if known_state in by_word and domestic("US", country):
        states.add(by_word[known_state])
    return frozenset(states)


@lru_cache(maxsize=8192)
def _packs(country: str, states: frozenset[str]) -> tuple[RulePack, ...]:
    names = {f"us-{state.lower()}" for state in states}
    return tuple(
        pack
        for name, pack in sorted(RULE_PACKS.items())
        if name in names or (len(name) == 2 and domestic(name.upper(), country))
    )


@lru_cache(maxsize=8192)
def _clocks_of(country: str, known_state: str) -> frozenset[str]:
    found: set[str] = set()
    for there, rows in _addresses().items():
        if domestic(there, country):
            for state, row in rows.items():
                if known_state in (_folded(state), _folded(row["name"])):
                    found.update(row["zones"])
    return frozenset(found)


def state_names() -> dict[str, str]:
    """The name of each US state by its letters."""
    return {state: _addresses()["US"][state]["name"] for state in _area_codes()}


def _folded(known_state: str) -> str:
    """A state as people write it, without its case, its accents and the spaces around it."""
    plain = unicodedata.normalize("NFKD", known_state.strip()[:40])
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


@cache
def _states() -> tuple[dict[str, str], dict[str, str]]:
    """States by area code, and the state by what people write for it, folded: its letters or its name."""
    by_area = {str(code): state for state, codes in _area_codes().items() for code in codes}
    by_word = {_folded(word): state for state, name in state_names().items() for word in (state, name)}
    return by_area, by_word


@cache
def _area_codes() -> dict[str, list[int]]:
    return tomllib.loads(AREA_CODES.read_text(encoding="utf-8"))


@cache
def _addresses() -> dict[str, dict[str, dict[str, Any]]]:
    """By country and letters, the name of a state, province or territory and the zones kept in it."""
    return tomllib.loads(STATES.read_text(encoding="utf-8"))
