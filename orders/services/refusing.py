"""Why an order that somebody wants to place is refused, line by line, for people and programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import Doubt, Proposal, ProposedLine
from orders.models import Order

_TOLD_APART = frozenset({"price_differs", "stock"})
"""Doubts that name a line and are told in a way of their own."""
_BY_VALUE = "Discount for the value of the order"


@dataclass(frozen=True, slots=True)
class Shortage:
    position: int
    sku: str
    name: str
    wanted: int
    available: int
    pack_size: int = 1
    min_quantity: int = 1

    @property
    def possible(self) -> int:
        """As many as can be had, in whole packs."""
        most = self.available - self.available % self.pack_size
        return most if most >= self.min_quantity else 0


@dataclass(frozen=True, slots=True)
class Change:
    position: int
    sku: str
    name: str
    old: Decimal
    new: Decimal


class SoldOut(DomainError):
    def __init__(self, lines: Sequence[Shortage]) -> None:
        super().__init__("stock.too_low", N_("There is not enough stock for this any more."))
        self.lines = lines

    @property
    def errors(self) -> list[dict[str, str]]:
        """For programs, by line, as problem bodies have it."""
        return [
            _error(
                one.position, self.code, gettext("Available: %(count)s") % {"count": one.available}
            )
            for one in self.lines
        ]


class PricesChanged(DomainError):
    def __init__(self, lines: Sequence[Change]) -> None:
        super().__init__("price.changed", N_("Prices have changed. Please look at the new ones."))
        self.lines = lines

    @property
    def errors(self) -> list[dict[str, str]]:
        return [_error(one.position, self.code, f"{one.old} → {one.new}") for one in self.lines]


class LinesRefused(DomainError):
    """Lines that no order of ours can have: unknown articles, broken packs."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        message = N_("Some lines cannot be ordered as they are.")
        super().__init__("order.lines_refused", message, status=422)
        self.doubts = doubts

    @property
    def errors(self) -> list[dict[str, str]]:
        return [
            _error(
                one.position, one.code, ": ".join(filter(None, (gettext(one.what), one.evidence)))
            )
            for one in self.doubts
        ]


def _error(position: int, code: str, detail: str) -> dict[str, str]:
    return {"field": f"lines[{position - 1}]", "code": code, "detail": detail}


def refuse(proposal: Proposal) -> None:
    """Raise what speaks against an order; doubts about the whole of it are a person's to settle."""
    if not proposal.lines:
        raise DomainError("order.no_lines", N_("There is nothing in the order."), status=422)
    wrong = [one for one in proposal.doubts if one.position and one.code not in _TOLD_APART]
    if wrong:
        raise LinesRefused(wrong)
    changes = [_change(line) for line in proposal.lines if _is_news(line)]
    if changes:
        raise PricesChanged(changes)
    if any(one.code == "stock" for one in proposal.doubts):
        raise SoldOut(_shortages(proposal))


def _is_news(line: ProposedLine) -> bool:
    """Another price than the buyer saw; that a large order became cheaper needs no consent."""
    seen, price = line.read.price, line.unit_price
    if seen is None or seen == price:
        return False
    reached = any(reason.what == _BY_VALUE for reason in line.price_reasons)
    return not (price < seen and reached)


def _change(line: ProposedLine) -> Change:
    article = line.match.article
    sku, name = (article.sku, article.names[0]) if article else (line.read.sku, line.read.name)
    return Change(line.read.position, sku, name, line.read.price or Decimal(0), line.unit_price)


def _shortages(proposal: Proposal) -> list[Shortage]:
    short = {one.position for one in proposal.doubts if one.code == "stock"}
    return [
        Shortage(
            line.read.position,
            article.sku,
            article.names[0],
            int(line.quantity),
            max(article.available, 0),
            article.pack_size,
            article.min_quantity,
        )
        for line in proposal.lines
        if (article := line.match.article) and line.read.position in short
    ]


def shortages_of(order: Order) -> list[Shortage]:
    """Which lines of a placed order find less on the shelf than they want."""
    from_stock = {line.product_id: line for line in order.lines.select_related("product__stock")}
    return [
        Shortage(
            line.position,
            line.sku,
            line.name,
            int(line.quantity),
            line.product.stock.available,
            line.product.pack_size,
            line.product.min_quantity,
        )
        for line in from_stock.values()
        if line.product and line.product.stock.available < line.quantity
    ]
