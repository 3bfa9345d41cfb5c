"""The orders board: a column for each state of an order's life, and one for those on hold.

A column shows the most urgent cards and counts the rest; the number of queries does not grow with
the orders.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderLine
from orders.models.order import State
from orders.services import lateness, stepping, waiting
from orders.services.stepping import Step
from shop.models import Customer

CARDS = 30
LONGEST_QUESTION = 100
HELD = "held"
COLUMNS = [state for state in State.values if state != State.CANCELLED]
# What is over is remembered from its end; everything else is due from its beginning.
OVER = (State.INVOICED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the page asks for; what makes no sense is left out."""

    words: str = ""
    customer: Customer | None = None
    late: bool = False

    @classmethod
    def read(cls, said: Mapping[str, str]) -> "Wanted":
        words = " ".join(said.get("q", "").replace("\0", "").split())[:LONGEST_QUESTION]
        number = said.get("customer", "")
        customer = Customer.objects.filter(number=number).first() if number else None
        return cls(words=words, customer=customer, late=said.get("late") == "1")

    @property
    def query(self) -> str:
        """The same as an address says it."""
        return self.but()

    def but(self, **changed: str) -> str:
        """As an address says it, with something else; empty for without it."""
        said = {
            "q": self.words,
            "customer": self.customer.number if self.customer else "",
            "late": "1" if self.late else "",
        }
        return urlencode({name: value for name, value in (said | changed).items() if value})

    @property
    def lookups(self) -> dict[str, Any]:
        """The same as the list of all orders says it."""
        found: dict[str, Any] = {}
        if self.words:
            found["q"] = self.words
        if self.customer:
            found["customer__id__exact"] = self.customer.pk
        if self.late:
            found["in_time"] = "late"
        return found

    def rows(self) -> "QuerySet[Order]":
        rows: QuerySet[Order] = Order.objects.exclude(state=State.CANCELLED)
        if self.customer:
            rows = rows.filter(customer=self.customer)
        if self.late:
            rows = lateness.late(rows, timezone.localdate())
        for word in self.words.split():
            rows = rows.filter(_named(word))
        return rows


def _named(word: str) -> Q:
    lines = OrderLine.objects.filter(order=OuterRef("pk"), sku__icontains=word)
    return (
        Q(number__icontains=word)
        | Q(reference__icontains=word)
        | Q(customer__name__icontains=word)
        | Q(customer__number__icontains=word)
        | Q(Exists(lines))
    )


@dataclass(frozen=True, slots=True)
class Card:
    order: Order
    late_since: date | None
    why: str
    """Why it waits, in words."""
    steps: list[Step]

    @property
    def next(self) -> Step | None:
        """The step that takes it on, where this person may take it."""
        return next((one for one in self.steps if one.target in COLUMNS), None)

    @property
    def verbs(self) -> str:
        return " ".join(step.name for step in self.steps)

    @property
    def targets(self) -> str:
        """Into which columns it may be dragged, and by which step."""
        into = {"hold": HELD, "release": self.order.state}
        pairs = ((into.get(step.name, step.target), step.name) for step in self.steps)
        return " ".join(f"{column}:{name}" for column, name in pairs if column)


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    label: str | Promise
    count: int
    lookups: Mapping[str, Any]
    """Which rows of the list of all orders it counts."""
    cards: list[Card]


def columns(wanted: Wanted, allowed: Collection[Step]) -> list[Column]:
    """Return the board; a query for each column that has cards, and the same few for all of them."""
    rows, today = wanted.rows(), timezone.localdate()
    counts: dict[str, int] = {}
    numbers = rows.order_by().values_list("state", "on_hold").annotate(Count("pk"))
    for state, on_hold, count in numbers:
        code = HELD if on_hold else state
        counts[code] = counts.get(code, 0) + count
    orders = {
        code: _urgent(rows.filter(narrowed), code, today) if code in counts else []
        for code, _label, narrowed, _lookups in _columns()
    }
    why = waiting.reasons(list(chain.from_iterable(orders.values())), today)
    return [
        Column(
            code=code,
            label=label,
            count=counts.get(code, 0),
            lookups=wanted.lookups | lookups,
            cards=[_card(order, why.get(order.pk, ""), allowed) for order in orders[code]],
        )
        for code, label, _narrowed, lookups in _columns()
    ]


def _columns() -> Iterator[tuple[str, str | Promise, Q, dict[str, Any]]]:
    for code in COLUMNS:
        one = {"state__exact": code, "on_hold__exact": 0}
        yield code, State(code).label, Q(state=code, on_hold=False), one
    # A cancelled order is not on hold any more.
    yield HELD, _("on hold"), Q(on_hold=True), {"on_hold__exact": 1}


def _urgent(rows: "QuerySet[Order]", code: str, today: date) -> list[Order]:
    urgent = F("promised_date").asc(nulls_last=True)
    order_by = ["-pk"] if code in OVER else [urgent, "pk"]
    found = lateness.with_overdue(rows.select_related("customer"), today).order_by(*order_by)
    return list(found[:CARDS])


def _card(order: Order, why: str, allowed: Collection[Step]) -> Card:
    steps = list(stepping.possible(order, allowed))
    return Card(order=order, late_since=lateness.late_since(order), why=why, steps=steps)
