"""Who uses a thing, asked before it is taken away: the rooms above answer in words, and the lower one refuses."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

Finder = Callable[[Any], Iterable[str]]
_finders: dict[type[Model], list[Finder]] = defaultdict(list)


def register(model: type[Model], finder: Finder) -> None:
    """Have `finder(row)` asked about rows of the model; it names each user in words, "the agent Ava"."""
    if finder not in _finders[model]:
        _finders[model].append(finder)


def of(row: Model) -> list[str]:
    """Everything that uses the row now, in words; empty when it may go."""
    return [words for finder in _finders[type(row)] for words in finder(row)]
