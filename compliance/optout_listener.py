"""A second listener for `compliance.optout`: weighs everything that was said, where the rules look for phrases.

The rules know the wordings that somebody thought of; a stranger's own wording may fit none of them. The listener reads
a text as its words, their neighbours and what they are about (`compliance.optout_tags`: who stops, calls, removes,
threatens, whom it is said to), and adds up how much each of these speaks for or against a kind. The weights are learned
from the phrase tables of the tests by `compliance.optout_learning`, and lie in `optout_weights.json`, readable: a
positive weight speaks for the kind. `compliance.optout` says what counts when the two disagree.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from math import exp
from pathlib import Path

from compliance.optout_tags import TAGS

WEIGHTS = Path(__file__).with_name("optout_weights.json")
# "stop" is any wish that this number is not called again, `wrong_number` among them.
KINDS = ("stop", "wrong_number", "not_interested", "time_preference", "number_preference")

# A long text is heard in overlapping stretches: what is said around a demand does not drown it.
_STRETCH, _STEP, _MOST_WORDS = 24, 12, 3000
_TAG_RUN, _TAG_REACH = 4, 6
_SHORTEST_STEM = 3

_WORDS: dict[str, str] = {}
_STEMS: dict[str, str] = {}
for _tag, _listed in TAGS.items():
    for _word in _listed.split():
        if _word.endswith("-"):
            _STEMS.setdefault(_word[:-1], _tag)
        else:
            _WORDS.setdefault(_word, _tag)
_LONGEST_STEM = max(map(len, _STEMS))


@lru_cache(20_000)
def tag_of(word: str) -> str:
    """What a word is about; empty for one that says nothing here."""
    if word in _WORDS:
        return _WORDS[word]
    if word[0].isdigit():
        return "0"
    for length in range(min(len(word), _LONGEST_STEM), _SHORTEST_STEM - 1, -1):
        if word[:length] in _STEMS:
            return _STEMS[word[:length]]
    return ""


def features(words: Sequence[str]) -> set[str]:
    """The words, pairs with at most one word between, beginnings of words, runs of tags and pairs of tags."""
    found = {f"{word[:4]}-" for word in words if len(word) > 4}
    ends = ["^", *words, "$"]
    found.update(words)
    found.update(map(" ".join, pairwise(ends)))
    found.update(map(" . ".join, zip(ends, ends[2:], strict=False)))
    tags = ["^", *filter(None, map(tag_of, words)), "$"]
    for at, tag in enumerate(tags):
        found.update(" ".join(tags[at : at + length]) for length in range(1, _TAG_RUN + 1))
        found.update(f"{tag} .. {other}" for other in tags[at + 1 : at + 1 + _TAG_REACH])
    return found


@cache
def _learned() -> tuple[list[float], dict[str, list[tuple[int, float]]]]:
    stored = json.loads(WEIGHTS.read_text("utf-8"))
    return stored["bias"], {
        feature: [(kind, weight) for kind, weight in enumerate(weights) if weight]
        for feature, weights in stored["weights"].items()
    }


def heard(words: Sequence[str]) -> dict[str, float]:
    """How sure each of KINDS is, 0 to 1, for folded words; the surest stretch of a long text counts."""
    bias, weights = _learned()
    best = [float("-inf")] * len(KINDS)
    words = words[:_MOST_WORDS]
    for start in range(0, max(1, len(words) - _STRETCH + _STEP), _STEP):
        sums = list(bias)
        for feature in features(words[start : start + _STRETCH]):
            for kind, weight in weights.get(feature, ()):
                sums[kind] += weight
        best = list(map(max, best, sums))
    return {kind: 1 / (1 + exp(-max(-30.0, score))) for kind, score in zip(KINDS, best, strict=True)}
