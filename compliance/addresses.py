"""Which state an address names, as lists and people write it. No Django here."""

import re
from functools import lru_cache

from compliance.kyc_zip import state_of_zip
from compliance.packs.applying import letters_of
from compliance.places import domestic

# Every state of these has letters (packs/states.toml); of other countries, only those with a clock of their own.
_ALL_NAMED = ("US", "CA", "AU")
# Spreadsheets drop the zeros in front and write others behind.
_ZIP = re.compile(r"(\d{4,5})(?:-\d{4}|\.0)?", re.ASCII)
_CODED = re.compile(r"[A-Z]{2}-(?=[A-Z]{2,3}$)")


@lru_cache(maxsize=8192)
def state_of(written: str, country: str) -> str | None:
    """The letters of the state that an address in `country` (ISO 3166) names: "TX", "Texas", "US-TX", "78701".

    None for what is no state there; the words themselves where the product does not know every state. A ZIP code of a
    prefix that lies in two states names neither.
    """
    if domestic("US", country) and _ZIP.fullmatch(written.strip()):
        return state_of_postal_code(written, country)
    plain = " ".join(written.replace(".", "").split())
    letters = letters_of(country, _CODED.sub("", plain))
    if letters is None and not any(domestic(there, country) for there in _ALL_NAMED):
        return written.strip()
    return letters


@lru_cache(maxsize=8192)
def state_of_postal_code(code: str, country: str) -> str | None:
    """The letters of the state in which a ZIP code lies; None where none is known for certain, and elsewhere."""
    found = _ZIP.fullmatch(code.strip()) if domestic("US", country) else None
    return state_of_zip(found[1].zfill(5)) if found else None
