"""What the words of an article's name mean, whatever language and order they come in."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from hbu.lib.words import fold
from orders.vocabulary import NO_MEANING, SAME

MAX_NAME = 300
_MM_PER_LIGNE = 0.635
_SAME_SIZE = 0.3
"""In millimetres: 28 lignes are 17.8 mm and sold as 18."""
_SIZE = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,2})?)\s?(mm|cm|l|lin|linien?|lignes?|''')(?!\w)"
)
_MM_PER = {"mm": 1.0, "cm": 10.0}
_WORD = re.compile(r"[^\W\d_]{2,40}")
# A bare number is a size in millimetres as often as not.
_NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d)?)(?:\s?mm)?(?![\w.,]|\s(?:cm|l|lin))")
# The word that ends most names of our trade says nothing; what stands before it says all.
_COMPOUND = re.compile(r"(knoepfe?n?|knopf|buttons?)$")
_ENDINGS = re.compile(r"(?<=\w{3})[emnrs]{1,4}$")


def _concepts() -> dict[str, str]:
    rows = (fold(row).split() for row in SAME.strip().splitlines())
    return {_stem(word): row[0] for row in rows for word in row}


def _stem(word: str) -> str:
    """Without the endings that number, case and gender add, and as short for all of them."""
    return _ENDINGS.sub("", word)


_CONCEPTS = _concepts()
_EMPTY = frozenset(NO_MEANING.split())


@lru_cache(maxsize=100_000)
def concepts(name: str) -> frozenset[str]:
    """The meanings of a name: "Knopf, dunkelbrauner, Horn" and "dark brown horn" share theirs."""
    folded = fold(name[:MAX_NAME]).replace("dark brown", "darkbrown")
    meant = (_concept(word) for word in _WORD.findall(folded))
    numbers = (number.replace(",", ".") for number in _NUMBER.findall(folded))
    return frozenset(filter(None, (*meant, *numbers)))


def _concept(word: str) -> str:
    """Empty for words that say nothing; a compound means what stands before its "knopf"."""
    bare = _COMPOUND.sub("", word)
    if not bare or bare in _EMPTY:
        return ""
    stem = _stem(bare)
    return _CONCEPTS.get(stem, stem)


@lru_cache(maxsize=100_000)
def sizes(name: str) -> frozenset[float]:
    """The sizes a name states, in millimetres; 40 lignes to the inch."""
    return frozenset(
        round(float(number.replace(",", ".")) * _MM_PER.get(unit, _MM_PER_LIGNE), 2)
        for number, unit in _SIZE.findall(name[:MAX_NAME].lower())
    )


def sizes_agree(first: str, second: str) -> bool:
    """Whether two names may mean the same size; a name without one agrees with all."""
    own, others = sizes(first), sizes(second)
    close = (abs(one - other) <= _SAME_SIZE for one in own for other in others)
    return not own or not others or any(close)


class Meanings:
    """Which of many articles share the meaning of a name; rare words count more than common ones."""

    def __init__(self, described: Iterable[tuple[int, str]]) -> None:
        """`described`: each article's id with all that describes it."""
        self._having: dict[str, set[int]] = defaultdict(set)
        self._count = 0
        for article, text in described:
            self._count += 1
            for concept in concepts(text):
                self._having[concept].add(article)

    def alike(self, name: str, limit: int) -> Sequence[tuple[int, float]]:
        """The articles that share most of what the name says, with the share, 0 to 1."""
        wanted = concepts(name)
        weight = {one: self._weight(one) for one in wanted}
        shared: Counter[int] = Counter()
        for one in wanted:
            for article in self._having.get(one, ()):
                shared[article] += weight[one]  # type: ignore[assignment]
        whole = sum(weight.values())
        return [(article, part / whole) for article, part in shared.most_common(limit)]

    def _weight(self, concept: str) -> float:
        """Inverse document frequency; a word nobody knows weighs as much as the rarest."""
        return math.log(1 + self._count / max(1, len(self._having.get(concept, ()))))
