"""Which of our articles a line means, how sure that is, and why."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from hbu.lib.reasons import N_, Reason
from orders.data import Article, Match, ReadLine
from orders.meaning import Meanings, sizes_agree

SKU_HIT = 1.0
ALIAS_HIT = 0.98
KNOWN_AS = 0.97
"""Below an alias: a person said so, and no other name speaks against it."""
SKU_IN_NAME = 0.95
SAME_NAME = 0.92
CERTAIN = 0.9
ALIKE = 0.89
"""A name that is only alike is never certain."""
CONTRADICTED = 0.7
_CANDIDATES = 3
_LEAST = 0.5
_CLEARLY_BETTER = 0.25
_OTHER_SIZE = 0.6

_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)\s?(mm|cm)\b")
_NO_WORD = re.compile(r"[^\w,.]+")
_SKU_LIKE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*\d[A-Za-z0-9./-]*")


# The catalogue is indexed anew for each chunk of mails; its words hardly change.
@lru_cache(maxsize=100_000)
def normalised_sku(sku: str) -> str:
    """Without case, blanks, hyphens and leading zeros: "hb 01001" is HB-1001."""
    bare = re.sub(r"[\W_]", "", sku).casefold()
    return re.sub(r"(?<!\d)0+(?=\d)", "", bare)


@lru_cache(maxsize=100_000)
def normalised_name(name: str) -> str:
    words = _NO_WORD.sub(" ", name.casefold().replace("ß", "ss"))
    return " ".join(_SIZE.sub(r"\1 \2", words).split()).strip(" .,")


class Catalogue:
    """The articles, indexed once for many lines."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.by_sku: dict[str, list[Article]] = defaultdict(list)
        self.by_alias: dict[str, list[Article]] = defaultdict(list)
        self.by_name: dict[str, list[Article]] = defaultdict(list)
        self.by_id: dict[int, Article] = {}
        self.by_known_name: dict[str, list[Article]] = defaultdict(list)
        for article in articles:
            self.by_id[article.id] = article
            self.by_sku[normalised_sku(article.sku)].append(article)
            for alias in article.aliases:
                self.by_alias[normalised_sku(alias)].append(article)
            for name in {normalised_name(name) for name in article.known_as}:
                self.by_known_name[name].append(article)
            for name in {normalised_name(name) for name in article.names}:
                self.by_name[name].append(article)
        self._names = list(self.by_name)
        self._meanings = Meanings(
            (one.id, " ".join((*one.names, *one.traits))) for one in self.by_id.values()
        )

    def with_sku(self, sku: str) -> list[Article]:
        """Normally one; of several that differ in hyphens only, the one written so."""
        found = self.by_sku.get(normalised_sku(sku), [])
        return [article for article in found if article.sku == sku.strip()] or found

    def with_alias(self, sku: str) -> list[Article]:
        return self.by_alias.get(normalised_sku(sku), [])

    def known_as(self, name: str) -> list[Article]:
        return self.by_known_name.get(normalised_name(name), [])

    def with_name(self, name: str) -> list[Article]:
        return self.by_name.get(normalised_name(name), [])

    def alike(self, name: str) -> list[tuple[Article, float]]:
        """The articles whose names come closest, best first; another size counts against it."""
        best: dict[int, float] = {}
        for article, likeness in (*self._written_alike(name), *self._meant_alike(name)):
            best[article] = max(likeness, best.get(article, 0.0))
        ranked = sorted(best.items(), key=lambda entry: -entry[1])[:_CANDIDATES]
        return [(self.by_id[article], likeness) for article, likeness in ranked]

    def _written_alike(self, name: str) -> Iterator[tuple[int, float]]:
        wanted = normalised_name(name)
        # More than needed: the same article has several names, and sizes reorder them.
        for found, score, _ in process.extract(
            wanted, self._names, scorer=fuzz.token_set_ratio, limit=_CANDIDATES * 8
        ):
            for article in self.by_name[found]:
                yield article.id, _likeness(wanted, found, score / 100)

    def _meant_alike(self, name: str) -> Iterator[tuple[int, float]]:
        for number, share in self._meanings.alike(name, _CANDIDATES * 8):
            article = self.by_id[number]
            fits = sizes_agree(name, " ".join((*article.names, *article.traits)))
            yield number, share * ALIKE * (1 if fits else _OTHER_SIZE)


def match(line: ReadLine, articles: Sequence[Article] | Catalogue) -> Match:
    """The article number decides; the name confirms, contradicts, or proposes."""
    catalogue = articles if isinstance(articles, Catalogue) else Catalogue(articles)
    alike = catalogue.alike(line.name) if line.name else []
    decided = _by_number(line, catalogue) or _by_name(line, catalogue, alike)
    if decided.article and decided.score >= ALIAS_HIT:
        decided = _checked_by_name(line, decided, alike)
    return replace(decided, candidates=_candidates(decided, alike))


def _by_number(line: ReadLine, catalogue: Catalogue) -> Match | None:
    found, aliased = catalogue.with_sku(line.sku), catalogue.with_alias(line.sku)
    if not line.sku or not (found or aliased):
        return None
    if len({article.id for article in (*found, *aliased)}) > 1:
        several = ", ".join(article.sku for article in (*found, *aliased))
        return _match(
            (found or aliased)[0], CONTRADICTED, N_("The number fits several articles"), several
        )
    if found:
        return _match(found[0], SKU_HIT, N_("Article number"), line.sku)
    return _match(aliased[0], ALIAS_HIT, N_("The customer's number for this article"), line.sku)


def _by_name(line: ReadLine, catalogue: Catalogue, alike: Sequence[tuple[Article, float]]) -> Match:
    known = [] if line.sku else catalogue.known_as(line.name)
    if len(known) == 1:
        return _match(known[0], KNOWN_AS, N_("The customer's name for this article"), line.name)
    if inside := _number_inside(line.name, catalogue):
        return _match(inside, SKU_IN_NAME, N_("Article number in the description"), line.name)
    unknown = () if not line.sku else (Reason(N_("Unknown article number"), line.sku),)
    same = catalogue.with_name(line.name) if line.name else []
    if len(same) == 1 and not unknown:
        return _match(same[0], SAME_NAME, N_("Exactly this name"), line.name)
    if not alike or alike[0][1] < _LEAST:
        return Match(None, 0.0, unknown or (Reason(N_("No article like this"), line.name),))
    article, likeness = alike[0]
    reason = Reason(N_("The name is alike"), article.names[0], round(likeness, 2))
    return Match(article, round(min(likeness, ALIKE), 2), (*unknown, reason))


def _number_inside(name: str, catalogue: Catalogue) -> Article | None:
    """The article whose number stands among the words, if it is one article only."""
    hits = {
        article.id: article
        for word in _SKU_LIKE.findall(name)
        for article in catalogue.with_sku(word) or catalogue.with_alias(word)
    }
    return next(iter(hits.values())) if len(hits) == 1 else None


def _checked_by_name(
    line: ReadLine, decided: Match, alike: Sequence[tuple[Article, float]]
) -> Match:
    """A number may be mistyped: a name that clearly means another article lowers the score."""
    article = decided.article
    if article is None or not line.name:
        return decided
    wanted = normalised_name(line.name)
    names = [normalised_name(name) for name in article.names]
    own = max((_likeness(wanted, name, _plain(wanted, name)) for name in names), default=0.0)
    other = next((entry for entry in alike if entry[0].id != article.id), None)
    if other and other[1] >= CERTAIN and other[1] - own >= _CLEARLY_BETTER:
        return _contradicted(decided, N_("The name means another article"), other[0].sku)
    if names and not any(sizes_agree(wanted, name) for name in names):
        return _contradicted(decided, N_("The name says another size"), line.name)
    return decided


def _contradicted(decided: Match, what: str, evidence: str) -> Match:
    return replace(
        decided, score=CONTRADICTED, reasons=(*decided.reasons, Reason(what, evidence, -0.3))
    )


def _plain(wanted: str, name: str) -> float:
    return fuzz.token_set_ratio(wanted, name) / 100


def _likeness(wanted: str, name: str, score: float) -> float:
    """Words in common, tempered by how much of both they are, and by the size."""
    whole = fuzz.token_sort_ratio(wanted, name) / 100
    likeness = 0.7 * score + 0.3 * whole
    return likeness if sizes_agree(wanted, name) else likeness * _OTHER_SIZE


def _candidates(
    decided: Match, alike: Sequence[tuple[Article, float]]
) -> tuple[tuple[str, float], ...]:
    scores = {article.sku: round(min(likeness, ALIKE), 2) for article, likeness in alike}
    if decided.article:
        scores[decided.article.sku] = decided.score
    return tuple(sorted(scores.items(), key=lambda entry: -entry[1])[:_CANDIDATES])


def _match(article: Article, score: float, what: str, evidence: str) -> Match:
    return Match(article, score, (Reason(what, evidence, score),))
