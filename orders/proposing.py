"""From a document to the order it would be, at our prices, with every doubt named."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hbu.lib.reasons import N_
from orders.data import (
    Article,
    CheckState,
    Doubt,
    Proposal,
    ProposedLine,
    ReadDocument,
    ReadLine,
)
from orders.documents.failures import failure
from orders.documents.numbers import is_pack, unit_factor
from orders.matching import CERTAIN, Catalogue, match
from shop import pricing
from shop.data import Totals

_CENT = Decimal("0.01")
_PRICE_TOLERANCE = Decimal("0.005")
_NOTHING = Decimal(0)
_OUR_CURRENCY = "EUR"
DOUBTS = frozenset(
    {
        "unreadable", "not_an_order", "no_lines", "currency", "check_failed", "unknown_customer",
        "duplicate", "no_number", "date_in_past", "unknown_article", "weak_match",
        "ambiguous_quantity", "unknown_unit", "pack_unit", "odd_quantity", "min_quantity",
        "pack_size", "price_differs", "stock", "totals_differ", "over_limit",
    }
)  # fmt: skip
"""What a proposal looks for; other doubts of an order came with its mail."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which the order would stand."""

    customer_id: int | None
    discount_percent: Decimal
    today: date
    known_reference: bool = False
    auto_limit: Decimal | None = None


def propose(  # noqa: PLR0913 - the terms, spelled out for the caller
    document: ReadDocument,
    catalogue: Catalogue,
    *,
    customer_id: int | None,
    discount_percent: Decimal,
    today: date,
    known_reference: bool = False,
    auto_limit: Decimal | None = None,
) -> Proposal:
    """`known_reference`: an order with this number is in our books already. `auto_limit`: the
    gross sum up to which no person needs to look."""
    terms = Terms(customer_id, discount_percent, today, known_reference, auto_limit)
    lines = tuple(_propose_line(line, catalogue, discount_percent) for line in document.lines)
    sums = pricing.totals((line.total, line.tax_rate) for line in lines)
    doubts = (
        *_doubts_of_document(document),
        *_doubts_of_terms(document, terms),
        *(doubt for line in lines for doubt in _doubts_of_line(line)),
        *_doubts_of_stock(lines),
        *_doubts_of_sums(document, sums, terms),
    )
    return Proposal(document, customer_id, lines, sums.net, sums.tax, sums.gross, doubts)


def pieces(line: ReadLine, article: Article | None) -> Decimal | None:
    """How many single articles the line wants; None if its unit says nothing to us."""
    factor = unit_factor(line.unit)
    if factor is None and article and is_pack(line.unit):
        factor = article.pack_size
    return None if factor is None else line.quantity * factor


def _propose_line(line: ReadLine, catalogue: Catalogue, discount: Decimal) -> ProposedLine:
    found = match(line, catalogue)
    wanted = pieces(line, found.article) or _NOTHING
    if found.article is None:
        return ProposedLine(line, found, _NOTHING, _NOTHING, _NOTHING, wanted)
    unit = pricing.price(found.article.price, discount_percent=discount, quantity=wanted).unit
    total = pricing.line_total(unit, wanted)
    return ProposedLine(line, found, unit, found.article.tax_rate, total, wanted)


def _doubts_of_document(document: ReadDocument) -> Iterator[Doubt]:
    if document.error:
        yield Doubt("unreadable", N_("The document could not be read"), document.error)
    elif document.kind != "order":
        yield Doubt("not_an_order", N_("The document is not an order"), document.kind)
    if not document.lines:
        yield Doubt("no_lines", N_("No order line was found"))
    if document.currency != _OUR_CURRENCY:
        yield Doubt("currency", N_("Another currency"), document.currency)
    for check in document.checks:
        if check.state is CheckState.FAILED:
            yield Doubt("check_failed", *failure(check))


def _doubts_of_terms(document: ReadDocument, terms: Terms) -> Iterator[Doubt]:
    if terms.customer_id is None:
        yield Doubt("unknown_customer", N_("The customer is not known"), document.buyer.name)
    if terms.known_reference:
        yield Doubt("duplicate", N_("An order with this number exists"), document.number)
    if not document.number and document.format != "text":
        yield Doubt("no_number", N_("The order number is missing"))
    if document.requested_date and document.requested_date < terms.today:
        day = document.requested_date.isoformat()
        yield Doubt("date_in_past", N_("The requested date is in the past"), day)


def _doubts_of_line(line: ProposedLine) -> Iterator[Doubt]:
    position, article = line.read.position, line.match.article
    if article is None:
        wanted = " ".join((line.read.sku, line.read.name)).strip()
        yield Doubt("unknown_article", N_("No article of ours fits"), wanted, position)
        return
    if line.match.score < CERTAIN:
        why = "; ".join(reason.evidence for reason in line.match.reasons)
        yield Doubt("weak_match", N_("It is not certain which article is meant"), why, position)
    yield from _doubts_of_unit(line, position)
    if line.quantity:
        yield from _doubts_of_quantity(line.quantity, article, position)
        yield from _doubts_of_price(line, position)


def _doubts_of_unit(line: ProposedLine, position: int) -> Iterator[Doubt]:
    read = line.read
    stated = f"{read.quantity:f} {read.unit}".strip()
    if read.ambiguous:
        what = N_("The quantity can be read in two ways")
        yield Doubt("ambiguous_quantity", what, read.source.snippet, position)
    if unit_factor(read.unit) is None and not is_pack(read.unit):
        yield Doubt("unknown_unit", N_("The unit is not known"), stated, position)
    elif is_pack(read.unit) and read.price is None and read.total is None:
        what = N_("Packages were counted at our pack size, and no price confirms it")
        yield Doubt("pack_unit", what, stated, position)
    if line.quantity <= 0 or line.quantity % 1:
        yield Doubt("odd_quantity", N_("The quantity is no whole number"), stated, position)


def _doubts_of_quantity(quantity: Decimal, article: Article, position: int) -> Iterator[Doubt]:
    if quantity < article.min_quantity:
        evidence = f"{quantity:f} < {article.min_quantity}"
        yield Doubt("min_quantity", N_("Below the minimum quantity"), evidence, position)
    if quantity % article.pack_size:
        evidence = f"{quantity:f} / {article.pack_size}"
        yield Doubt("pack_size", N_("Not a multiple of the pack size"), evidence, position)


def _doubts_of_price(line: ProposedLine, position: int) -> Iterator[Doubt]:
    """Beyond a cent or half a per cent, whichever is less: buttons are cheap."""
    stated, ours = _stated_price(line), line.unit_price
    if stated is not None and abs(stated - ours) > min(_CENT, ours * _PRICE_TOLERANCE):
        evidence = f"{stated.quantize(pricing.UNIT)} ≠ {ours}"
        yield Doubt("price_differs", N_("The price differs from ours"), evidence, position)


def _stated_price(line: ProposedLine) -> Decimal | None:
    """The document's net price of one piece."""
    read = line.read
    if read.price is not None:
        return read.price * read.quantity / line.quantity
    return None if read.total is None else read.total / line.quantity


def _doubts_of_stock(lines: Sequence[ProposedLine]) -> Iterator[Doubt]:
    """Several lines may want the same article."""
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        if article := line.match.article:
            wanted[article.id] += line.quantity
            if wanted[article.id] > article.available:
                evidence = f"{wanted[article.id]:f} > {article.available}"
                position = line.read.position
                yield Doubt("stock", N_("Not enough in stock"), evidence, position)


def _comparable(document: ReadDocument, sums: Totals) -> Iterator[tuple[Decimal | None, Decimal]]:
    """Pair the stated sums with ours. A lone total does not say whether it is net or gross."""
    lone = document.net
    if lone is not None and document.gross is document.tax is None and _unpriced(document):
        yield lone, sums.gross if abs(lone - sums.gross) < abs(lone - sums.net) else sums.net
        return
    yield document.net, sums.net
    yield document.gross, sums.gross


def _unpriced(document: ReadDocument) -> bool:
    return all(line.total is None for line in document.lines)


def _doubts_of_sums(document: ReadDocument, sums: Totals, terms: Terms) -> Iterator[Doubt]:
    # Each line may have been rounded once, and the tax once more.
    tolerance = _CENT * (len(document.lines) + 1)
    for stated, ours in _comparable(document, sums):
        if stated is not None and abs(stated - ours) > tolerance:
            what = N_("The sum differs from ours")
            yield Doubt("totals_differ", what, f"{stated} ≠ {ours}")
    if terms.auto_limit is not None and sums.gross > terms.auto_limit:
        evidence = f"{sums.gross} > {terms.auto_limit}"
        yield Doubt("over_limit", N_("Above the limit for orders nobody looks at"), evidence)
