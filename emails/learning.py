"""A small classifier that learns from letters of known kind, and names the words it goes by.

Naive Bayes over words and pairs of words: each weighs by the logarithm of how much oftener letters
of a kind hold it than all others do (the complement, after Rennie et al. 2003, which keeps rare
kinds in sight). Same lessons, same model; letters, words and weights are bounded.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt
from typing import Any

from emails.data import Kind
from hbu.lib.words import fold

LOOKED_AT = 5_000
MOST_WORDS = 6_000
LEAST_SEEN = 2
"""In letters; what only one says teaches nothing, unless it is a letter of some weight."""
SMOOTHING = 0.5
WORTH_KEEPING = 0.3
SHOWN = 8
LEAST_SHARE = 0.4
LEAST_WORDS = 2

WORD = re.compile(r"[^\W\d_]{2,30}")


@dataclass(frozen=True, slots=True)
class Lesson:
    subject: str
    text: str
    kind: Kind
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Model:
    version: int
    base: Mapping[str, float]
    """What each kind weighs before a word is read."""
    words: Mapping[str, Mapping[str, float]]
    """Word or pair of words to kind to weight; a kind that is not named has no opinion."""

    def as_json(self) -> dict[str, Any]:
        return {
            "base": dict(self.base),
            "words": {word: dict(one) for word, one in self.words.items()},
        }

    @classmethod
    def from_json(cls, version: int, weights: Mapping[str, Any]) -> "Model":
        return cls(version, weights["base"], weights["words"])


@dataclass(frozen=True, slots=True)
class Vote:
    kind: Kind
    share: float
    """0 to 1: how much of the model's trust goes to the kind."""
    words: tuple[str, ...]


def vote(model: Model, subject: str, text: str) -> Vote | None:
    """Return what the model takes the letter for, or None where it knows too little to say."""
    known = [word for word in sorted(terms(subject, text)) if word in model.words]
    if len(known) < LEAST_WORDS:
        return None
    scores = dict(model.base)
    for word in known:
        for kind, weight in model.words[word].items():
            scores[kind] += weight
    best = max(sorted(scores), key=scores.__getitem__)
    share = _share(scores, best, len(known))
    spoke = [word for word in known if model.words[word].get(best, 0) > 0]
    spoke.sort(key=lambda word: -model.words[word][best])
    return Vote(Kind(best), share, tuple(spoke[:SHOWN])) if share >= LEAST_SHARE else None


def _share(scores: Mapping[str, float], best: str, words: int) -> float:
    """Words of one letter depend on each other, so that their weights are not simply summed up."""
    heat = max(1.0, sqrt(words))
    return round(1 / sum(exp((score - scores[best]) / heat) for score in scores.values()), 3)


def train(lessons: Sequence[Lesson], version: int = 0) -> Model:
    letters: Counter[str] = Counter()
    seen: dict[str, Counter[str]] = {}
    for lesson in lessons:
        letters[lesson.kind.value] += lesson.weight
        for word in terms(lesson.subject, lesson.text):
            seen.setdefault(word, Counter())[lesson.kind.value] += lesson.weight
    taught = {word: kinds for word, kinds in seen.items() if kinds.total() >= LEAST_SEEN}
    return Model(version, _base(letters), _strongest(_weigh(taught), taught))


def terms(subject: str, text: str) -> set[str]:
    """Return the words and pairs of neighbours, each once; numbers tell nothing."""
    words = WORD.findall(fold(f"{subject[:500]}\n{text[:LOOKED_AT]}"))
    return {*words, *(f"{one} {next_one}" for one, next_one in pairwise(words))}


def _base(letters: Mapping[str, int]) -> dict[str, float]:
    """Half of what the numbers of letters say: lessons come as staff find the time."""
    total = sum(letters.values())
    return {
        kind.value: round(log((letters.get(kind.value, 0) + 1) / (total + len(Kind))) / 2, 2)
        for kind in Kind
    }


def _weigh(seen: Mapping[str, Counter[str]]) -> Iterator[tuple[str, dict[str, float]]]:
    sums: Counter[str] = Counter()
    for kinds in seen.values():
        sums.update(kinds)
    total, smooth = sums.total(), SMOOTHING * len(seen)
    for word, kinds in seen.items():
        everywhere = kinds.total()
        weights = {
            kind: log((kinds[kind] + SMOOTHING) / (own + smooth))
            - log((everywhere - kinds[kind] + SMOOTHING) / (total - own + smooth))
            for kind, own in sums.items()
        }
        yield word, {kind: round(one, 2) for kind, one in weights.items() if one > WORTH_KEEPING}


def _strongest(
    weighed: Iterable[tuple[str, dict[str, float]]], seen: Mapping[str, Counter[str]]
) -> dict[str, dict[str, float]]:
    """Keep the words that tell most: that lean far and are met often."""

    def telling(one: tuple[str, dict[str, float]]) -> tuple[float, str]:
        word, weights = one
        lean = max(weights.values(), default=0.0)
        return -lean * log(1 + seen[word].total()), word

    return {word: weights for word, weights in sorted(weighed, key=telling)[:MOST_WORDS] if weights}
