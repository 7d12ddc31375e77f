"""Which packs hold for a number: those of the calling location's country and of every state it may be in. No Django."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

from compliance.packs import RULE_PACKS, RulePack
from compliance.places import NORTH_AMERICAN, NumberPlace, domestic

AREA_CODES = Path(__file__).parent / "area_codes.toml"


def packs_for(country: str, place: NumberPlace, known_state: str = "") -> tuple[RulePack, ...]:
    """The packs for a call by a location of `country` (ISO 3166) to `place`, by name.

    Which state an American number is of, its area code says. known_state: where the person is known to live, "TX" or
    "Texas"; it adds that state's pack and takes none away. What is no state adds nothing.
    """
    states = states_of(country, place, known_state)
    return _packs(country, states)


def states_of(country: str, place: NumberPlace, known_state: str = "") -> frozenset[str]:
    """The US states ("TX") in which a call by a location of `country` to `place` may be answered."""
    area_code = place.e164[2:5] if NORTH_AMERICAN.fullmatch(place.e164) else ""
    return _states_of(country, place.region, area_code, known_state.strip().casefold()[:40])


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


def state_names() -> dict[str, str]:
    """The name of each US state by its letters."""
    return {
        state: row["name"] for state, row in tomllib.loads(AREA_CODES.read_text(encoding="utf-8")).items()
    }


@cache
def _states() -> tuple[dict[str, str], dict[str, str]]:
    """States by area code, and the state by what people write for it, folded: its letters or its name."""
    written = tomllib.loads(AREA_CODES.read_text(encoding="utf-8"))
    by_area = {str(code): state for state, row in written.items() for code in row["area_codes"]}
    by_word = {word.casefold(): state for state, row in written.items() for word in (state, row["name"])}
    return by_area, by_word
