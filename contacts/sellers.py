"""Whose calls people agree to: the room above knows the names of the business, and registers what says them."""

from collections.abc import Callable, Sequence

from accounts.models import Location

_names_of: Callable[[Location], Sequence[str]]
_same_business: Callable[[str, Sequence[str]], bool]


def register(
    *, names_of: Callable[[Location], Sequence[str]], same_business: Callable[[str, Sequence[str]], bool]
) -> None:
    """names_of(location): under which people agree to its calls; same_business(name, names): whether it is one."""
    global _names_of, _same_business
    _names_of, _same_business = names_of, same_business


def names_of(location: Location) -> Sequence[str]:
    """The names under which people agree to calls of the location, the legal one first. One query."""
    return _names_of(location)


def same_business(name: str, names: Sequence[str]) -> bool:
    """Whether a name is one of these, as people write it."""
    return _same_business(name, names)
