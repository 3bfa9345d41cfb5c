"""One box for everything: cases, mails, our letters, customers and orders, found by words.

Whoever searches finds what he or she may see and nothing else; what is counted is scoped alike
(promise F3). Numbers typed whole come first, then what is found by its names, its title, its text;
among equals the newest.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from cases import finding
from cases.finding import Question
from cases.models import Case, CaseEmail, SearchEntry
from cases.services.entries import FINDABLE, Kind, User
from cases.services.hits import Hit, read
from emails.models import OutgoingEmail

__all__ = ["Group", "Hit", "cases", "groups", "search"]

# Columns of FTS5 and vectors of PostgreSQL, the closest first.
NEARER = (("names", "called"), ("names title", "near"))
SOMEWHERE = ("", "vector")
# Entries are taken by their keys, which nearly follow time; a few more are taken to be sorted.
SPARE = 20
COUNTED = 1000
# PostgreSQL: up to so many that hold the words are sorted instead of looked for in their order.
RARE = 2000
LONGEST_NUMBER = 30
NUMBERED = (Kind.CASE, Kind.ORDER, Kind.CUSTOMER)


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    kind: str
    hits: Sequence[Hit]
    count: int
    """Not counted beyond a thousand."""

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def uncounted(self) -> bool:
        return self.count > COUNTED


class Found(NamedTuple):
    rank: int
    at: datetime
    kind: str
    pk: int


def search(user: User, words: str, *, kinds: Collection[str] = (), limit: int = 20) -> list[Hit]:
    """Return the best hits of all kinds, or of those named, of what the person may see."""
    question = finding.read(words)
    numbered = list(_by_number(user, words, kinds))
    found = [one for kind in _kinds(user, kinds) for one in _near(user, kind, question, limit)]
    found.sort(key=lambda one: (one.rank, -one.at.timestamp()))
    keys = dict.fromkeys([*numbered, *((one.kind, one.pk) for one in found)])
    return read(list(keys)[:limit], question)


def groups(user: User, words: str, *, kinds: Collection[str] = (), limit: int = 5) -> list[Group]:
    """Return what was found, kind by kind, with how much there is of each."""
    question = finding.read(words)
    made = []
    for kind in _kinds(user, kinds):
        first = search(user, words, kinds=[kind], limit=limit)
        count = _entries(user, kind, question)[: COUNTED + 1].count() if question else 0
        if first:
            made.append(Group(kind, first, max(count, len(first))))
    # Whose number was typed stands above all others.
    return sorted(made, key=lambda group: not _is_number(group.hits[0], words))


def cases(user: User, words: str) -> "QuerySet[Case]":
    """Return the cases that are found themselves, or by their mails, letters, orders, customer."""
    question, seen = finding.read(words), Case.objects.visible_to(user)
    if not question:
        return seen.none()
    by: dict[Kind, Callable[[Any], Q]] = {
        Kind.CASE: lambda found: Q(pk__in=found),
        Kind.EMAIL: lambda found: Q(
            pk__in=CaseEmail.objects.filter(email__in=found).values("case")
        ),
        Kind.LETTER: _written,
        Kind.CUSTOMER: lambda found: Q(customer__in=found),
        Kind.ORDER: lambda found: Q(
            pk__in=Case.orders.through.objects.filter(order__in=found).values("case")
        ),
    }
    way = Q(number__iexact=_as_number(words))
    for kind in _kinds(user, ()):
        entries = SearchEntry.objects.filter(Holds(F("pk"), question), kind=kind)
        way |= by[Kind(kind)](entries.values("object_id"))
    return seen.filter(way)


def _written(letters: "QuerySet[SearchEntry, Any]") -> Q:
    found = OutgoingEmail.objects.filter(pk__in=letters)
    answered = CaseEmail.objects.filter(email__in=found.values("answers"))
    threads = found.filter(thread__isnull=False).values("thread")
    return Q(pk__in=answered.values("case")) | Q(thread__in=threads)


class Holds(Func):
    """Whether the entry with this key holds what was asked for."""

    output_field = BooleanField()

    def __init__(self, key: Any, question: Question) -> None:
        super().__init__(key)
        self.question = question

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, params = compiler.compile(self.source_expressions[0])
        if connection.vendor == "sqlite":
            index = "SELECT rowid FROM cases_search WHERE cases_search MATCH %s"
            asked = finding.for_sqlite(self.question)
        else:
            index = "SELECT id FROM cases_searchentry WHERE vector @@ to_tsquery('simple', %s)"
            asked = finding.for_postgresql(self.question)
        return f"{key} IN ({index})", [*params, asked]


class Matches(Func):
    """Whether a vector of the entry holds a question in the words of to_tsquery."""

    template = "cases_searchentry.%(vector)s @@ to_tsquery('simple', %(expressions)s)"
    output_field = BooleanField()


def _kinds(user: User, kinds: Collection[str]) -> list[str]:
    return [
        kind
        for kind, one in FINDABLE.items()
        if (kind in kinds or not kinds) and user.has_perm(one.permission)
    ]


def _by_number(user: User, words: str, kinds: Collection[str]) -> Iterator[tuple[str, int]]:
    number = _as_number(words)
    if not any(letter.isdigit() for letter in number):
        return
    for kind in _kinds(user, kinds):
        if kind in NUMBERED:
            seen = FINDABLE[kind].seen(user).filter(number__iexact=number)
            yield from ((kind, pk) for pk in seen.values_list("pk", flat=True))


def _as_number(words: str) -> str:
    """Return what was typed where it may be a number; not every text may be said to a database."""
    text = words.strip()
    return text if len(text) <= LONGEST_NUMBER and text.isprintable() else ""


def _is_number(hit: Hit, words: str) -> bool:
    return hit.title.casefold().split(" ")[0] == words.strip().casefold()


def _near(user: User, kind: str, question: Question, limit: int) -> Iterator[Found]:
    """Yield the newest that hold the words closest, then those that hold them somewhere."""
    somewhere = _newest(user, kind, question, limit, SOMEWHERE)
    known: set[int] = set()
    for rank, columns in enumerate((*NEARER, SOMEWHERE)):
        if not somewhere or len(known) >= limit:
            return
        last = columns is SOMEWHERE
        rows = somewhere if last else _newest(user, kind, question, limit, columns)
        for pk, at in rows:
            if pk not in known:
                known.add(pk)
                yield Found(rank, at, kind, pk)


def _newest(
    user: User, kind: str, question: Question, limit: int, columns: tuple[str, str]
) -> list[tuple[int, datetime]]:
    if not question:
        return []
    rows = _entries(user, kind, question, columns)
    return list(rows.values_list("object_id", "at")[: limit + SPARE])


def _entries(
    user: User, kind: str, question: Question, columns: tuple[str, str] = SOMEWHERE
) -> "QuerySet[SearchEntry]":
    seen = FINDABLE[kind].seen(user).filter(pk=OuterRef("object_id"))
    entries = SearchEntry.objects.filter(kind=kind)
    if connection.vendor == "postgresql":
        return _of_postgresql(entries, question, columns[1]).filter(Exists(seen))
    # Newest first: FTS5 walks its index as far as wanted, which no subquery would let it.
    return entries.filter(Exists(seen)).extra(
        tables=["cases_search"],
        where=["cases_search MATCH %s", "cases_search.rowid = cases_searchentry.id"],
        params=[finding.for_sqlite(question, columns[0])],
        # By the index's own key, or all that was found would be sorted first.
        order_by=["-cases_search.rowid"],
    )


def _of_postgresql(
    entries: "QuerySet[SearchEntry]", question: Question, vector: str
) -> "QuerySet[SearchEntry]":
    """Newest first. What is common is found soon by walking back; for what is rare that walk would
    be through everything, while the index finds all of it at once, but in no order."""
    holding = entries.filter(
        Matches(Value(finding.for_postgresql(question, unwanted=False)), vector=vector),
        Matches(Value(finding.for_postgresql(question)), vector="vector"),
    )
    keys = list(holding.order_by().values_list("pk", flat=True)[:RARE])
    if len(keys) < RARE:
        holding = entries.filter(pk__in=keys)
    return holding.order_by("-object_id")
