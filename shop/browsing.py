"""Finding products in a shelf that is held in memory: words, filters, counts, order. No Django here.

What differs in size or colour alone is one family and stands on the shelf once.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

PAGE = 24
FACETS = ("category", "material", "colour", "size")
SORTS = ("", "name", "price", "-price")
MOST_WORDS = 8
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A product as browsing sees it."""

    id: int
    sku: str
    group: int
    """Its family, or its own key below zero."""
    names: tuple[str, str]
    """German, English."""
    category: str
    material: str
    colour: str
    size: Decimal | None
    price: Decimal
    in_stock: bool
    words: str
    """Everything it can be found by, folded."""

    def value(self, facet: str) -> str:
        if facet == "size":
            return f"{self.size.normalize():f}" if self.size is not None else ""
        return str(getattr(self, facet))


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for."""

    text: str = ""
    category: frozenset[str] = frozenset()
    material: frozenset[str] = frozenset()
    colour: frozenset[str] = frozenset()
    size: frozenset[str] = frozenset()
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    in_stock: bool = False
    sort: str = ""

    def chosen(self, facet: str) -> frozenset[str]:
        found: frozenset[str] = getattr(self, facet)
        return found

    def but(self, **changes: Any) -> "Wish":
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What stands on the shelf for a wish; the answer of another moment is another one."""

    groups: tuple[tuple[Entry, ...], ...]
    """Each a card: the variants that fit, the first is its face."""
    counts: Mapping[str, Mapping[str, int]]
    """Facet -> value -> how many cards there would be with it."""


def wish(asked: Mapping[str, Sequence[str]]) -> Wish:
    """Read a wish from the parameters of an address; what makes no sense is passed over."""

    def one(name: str) -> str:
        return (asked.get(name) or [""])[-1].replace("\0", "").strip()[:80]

    def many(name: str) -> frozenset[str]:
        values = (value.strip()[:80] for value in list(asked.get(name) or ())[:50])
        return frozenset(value for value in values if value)

    sort = one("sort")
    return Wish(
        text=one("q"),
        category=many("category"),
        material=many("material"),
        colour=many("colour"),
        size=many("size"),
        price_from=_amount(one("price_from")),
        price_to=_amount(one("price_to")),
        in_stock=bool(one("stock")),
        sort=sort if sort in SORTS else "",
    )


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ".")) if text else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() and 0 <= amount < 10**6 else None


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """One spelling of a text: lower case, and umlauts both as ae and as a."""
    lower = unicodedata.normalize("NFC", text.lower())
    written_out = lower.translate(_UMLAUTS)
    parts = unicodedata.normalize("NFD", lower.replace("ß", "ss"))
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return written_out if written_out == bare else f"{written_out} {bare}"


def find(entries: Iterable[Entry], wanted: Wish) -> Found:
    """Return the cards that fit, in order, and what each filter would leave."""
    tests = _tests(wanted)
    fitting: dict[int, list[Entry]] = {}
    counted: dict[str, dict[str, set[int]]] = {facet: defaultdict(set) for facet in FACETS}
    words = [word.split() for word in map(fold, wanted.text.split()[:MOST_WORDS])]
    for entry in entries:
        if words and not _hits(entry.words, words):
            continue
        failed = [name for name, test in tests if not test(entry)]
        if not failed:
            fitting.setdefault(entry.group, []).append(entry)
        for facet in FACETS:
            # A filter does not count itself: another colour is one more, not another choice.
            if not failed or failed == [facet]:
                counted[facet][entry.value(facet)].add(entry.group)
    groups = _sorted([tuple(one) for one in fitting.values()], wanted)
    counts = {
        facet: {value: len(cards) for value, cards in values.items() if value}
        for facet, values in counted.items()
    }
    return Found(tuple(groups), counts)


def _hits(words: str, wanted: Iterable[Sequence[str]]) -> bool:
    return all(any(spelling in words for spelling in word) for word in wanted)


def _tests(wanted: Wish) -> list[tuple[str, Callable[[Entry], bool]]]:
    tests = [
        (facet, _is_one_of(facet, wanted.chosen(facet))) for facet in FACETS if wanted.chosen(facet)
    ]
    low, high = wanted.price_from, wanted.price_to
    if low is not None or high is not None:
        tests.append(
            ("price", lambda one: (low or 0) <= one.price and (high is None or one.price <= high))
        )
    if wanted.in_stock:
        tests.append(("stock", lambda one: one.in_stock))
    return tests


def _is_one_of(facet: str, chosen: frozenset[str]) -> Callable[[Entry], bool]:
    return lambda one: one.value(facet) in chosen


def _sorted(groups: list[tuple[Entry, ...]], wanted: Wish) -> list[tuple[Entry, ...]]:
    if wanted.sort in ("price", "-price"):
        down = wanted.sort == "-price"
        return sorted(groups, key=lambda group: min(one.price for one in group), reverse=down)
    if wanted.text and not wanted.sort:
        sought = wanted.text.casefold()
        # Who types an article number or a whole name means that one.
        return sorted(groups, key=lambda group: not any(_is(one, sought) for one in group))
    return groups


def _is(entry: Entry, sought: str) -> bool:
    return sought in (entry.sku.casefold(), *(name.casefold() for name in entry.names))


def by_name(groups: Iterable[tuple[Entry, ...]], language: str) -> list[tuple[Entry, ...]]:
    which = 0 if language.startswith("de") else 1
    return sorted(groups, key=lambda group: fold(group[0].names[which]))


def meant(entries: Iterable[Entry], text: str) -> str:
    """Return words that are spelled nearly like these and do stand in the catalogue, or nothing."""
    known = _vocabulary(entries)
    suggested = []
    for word in text.split()[:MOST_WORDS]:
        folded = fold(word).split()[0]
        near = get_close_matches(folded, known, n=1, cutoff=0.72)
        if not near:
            return ""
        suggested.append(known[near[0]])
    return " ".join(suggested)


def _vocabulary(entries: Iterable[Entry]) -> dict[str, str]:
    """Folded word -> the word, of all names, materials and colours."""
    texts = {text for entry in entries for text in (*entry.names, entry.material, entry.colour)}
    words = {word for text in texts for word in re.findall(r"[^\W\d_]{3,}", text)}
    return {fold(word).split()[0]: word for word in sorted(words)}
