"""Learns the weights of `compliance.optout_listener` from the phrase tables of the tests.

    make listener

One logistic regression a kind, by FTRL-Proximal with an L1 penalty (McMahan et al., 2013), which leaves few weights.
The same tables give the same weights. Run it after adding to the tables; it takes some two minutes.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from math import exp, sqrt
from pathlib import Path

from compliance.optout import fold
from compliance.optout_listener import KINDS, WEIGHTS, features
from compliance.optout_tags import TAGS

EPOCHS = 8
AVERAGED = 4  # the weights are those after the last epochs, averaged: one alone is a matter of order
RATE, L1, L2 = 0.5, 1.0, 0.0
SEEN_AT_LEAST = 2  # a wording of one phrase alone teaches nothing
SMALLEST = 0.12  # what weighs less is left out
NEGLIGIBLE = 0.002  # a phrase that is known this well teaches nothing
# The sections of the tables that this number may not be called after.
STOPPING = {"opt_out", "opt_out_legal", "doubtful", "wrong_number", "number_refused"}


def phrases(path: Path) -> Iterator[tuple[str, str]]:
    """(section, phrase) of a table; one without sections is named by its file."""
    section = "opt_out" if "demands" in path.stem else "none"
    for line in path.read_text("utf-8").splitlines():
        if "=> " in line or line.startswith("@"):
            # The table of follow-ups: what contacts say who may be called again.
            said, _, leads_to = line.partition("=> ")
            if "risk=" not in leads_to:
                yield from (("none", turn[2:]) for turn in said.split(" / ") if turn.startswith("c:"))
        elif line.startswith("["):
            section = line.strip("[]").split()[-1]
        elif line and section not in ("quiet", "opt_in_keyword"):
            yield section, line


def examples(paths: list[Path]) -> list[tuple[frozenset[str], tuple[bool, ...]]]:
    """The features of every phrase and of pairs of them, and which of KINDS they are.

    A demand stays one in any company, so each phrase is met again before or behind one that demands nothing.
    """
    told = []
    for path in paths:
        for section, phrase in phrases(path):
            words = [word for word in fold(phrase).split() if word != ";"]
            told.append(
                (words, tuple(section in STOPPING if kind == "stop" else kind == section for kind in KINDS))
            )
    quiet = [words for words, kinds in told if not kinds[0]]
    company = random.Random(2)
    found = [(frozenset(features(words)), kinds) for words, kinds in told]
    for words, kinds in told:
        beside = company.choice(quiet)
        both = words + beside if company.random() < 0.5 else beside + words
        found.append((frozenset(features(both)), (kinds[0], kinds[1], False, False, False)))
    return found


class Learner:
    """One kind's regression. `gradients` holds FTRL's z of each feature, `roots` the square root of its n."""

    def __init__(self) -> None:
        self.gradients: dict[str, float] = {}
        self.roots: dict[str, float] = {}

    def weight(self, feature: str) -> float:
        z = self.gradients.get(feature, 0.0)
        if abs(z) <= L1:
            return 0.0
        return (L1 - z if z > 0 else -L1 - z) / ((1 + self.roots[feature]) / RATE + L2)

    def learn(self, seen: list[str], is_kind: bool) -> None:
        weights = list(map(self.weight, seen))
        error = 1 / (1 + exp(-max(-30.0, min(30.0, sum(weights))))) - is_kind
        if abs(error) < NEGLIGIBLE:
            return
        for feature, weight in zip(seen, weights, strict=True):
            root = self.roots.get(feature, 0.0)
            self.roots[feature] = grown = sqrt(root * root + error * error)
            z = self.gradients.get(feature, 0.0)
            self.gradients[feature] = z + error - (grown - root) / RATE * weight


def learned(found: list[tuple[frozenset[str], tuple[bool, ...]]]) -> list[dict[str, float]]:
    """The weights of each kind's features, learned from the examples."""
    counts: dict[str, int] = {}
    for seen, _ in found:
        for feature in seen:
            counts[feature] = counts.get(feature, 0) + 1
    kept = [
        (["", *sorted(feature for feature in seen if counts[feature] >= SEEN_AT_LEAST)], kinds)
        for seen, kinds in found
    ]
    order = random.Random(1)
    learners = [Learner() for _ in KINDS]
    averages: list[dict[str, float]] = [{} for _ in KINDS]
    for epoch in range(EPOCHS):
        order.shuffle(kept)
        for held, kinds in kept:
            for learner, is_kind in zip(learners, kinds, strict=True):
                learner.learn(held, is_kind)
        for learner, average in zip(learners, averages, strict=True) if epoch >= EPOCHS - AVERAGED else ():
            for feature in learner.gradients:
                average[feature] = average.get(feature, 0.0) + learner.weight(feature) / AVERAGED
    return averages


def digest(paths: list[Path]) -> str:
    """What was learned from: the tables and the tags, so that a test can tell weights that are behind them."""
    told = hashlib.sha256(repr(TAGS).encode())
    for path in sorted(paths, key=lambda path: path.name):
        told.update(path.read_bytes())
    return told.hexdigest()


def stored(learned_weights: list[dict[str, float]], learned_from: str) -> str:
    """The weights as JSON, a feature a line, so that a change can be read."""
    names = sorted({name for weights in learned_weights for name in weights} - {""})
    lines = []
    for name in names:
        weights = [round(weights.get(name, 0.0), 2) for weights in learned_weights]
        weights = [weight if abs(weight) >= SMALLEST else 0 for weight in weights]
        if any(weights):
            lines.append(f"{json.dumps(name)}: {json.dumps(weights, separators=(',', ':'))}")
    bias = [round(weights.get("", 0.0), 2) for weights in learned_weights]
    return (
        f'{{"learned_from": "{learned_from}",\n"bias": {json.dumps(bias)},\n'
        '"weights": {\n' + ",\n".join(lines) + "\n}}\n"
    )


if __name__ == "__main__":
    tables = sorted(map(Path, sys.argv[1:]), key=lambda path: path.name)
    WEIGHTS.write_text(stored(learned(examples(tables)), digest(tables)), "utf-8")
