"""From a document to the order it would be, at our prices, with every doubt named."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hbu.lib.reasons import N_
from orders.data import (
    Article,
    CheckState,
    Doubt,
    Match,
    Proposal,
    ProposedLine,
    ReadDocument,
    ReadLine,
)
from orders.documents.failures import failure
from orders.documents.numbers import is_pack, unit_factor
from orders.matching import CERTAIN, Catalogue, match
from shop import pricing, taxing
from shop.data import Discounts, PriceTable, Tier, Totals, Treatment

_CENT = Decimal("0.01")
_PRICE_TOLERANCE = Decimal("0.005")
_NOTHING = Decimal(0)
_OUR_CURRENCY = "EUR"
_NUMBERLESS = frozenset({"text", "shop", "api", "staff"})
"""Where a buyer need not give his order a number of his own."""
TOTALS_DIFFER = N_("The sum differs from ours")
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
    today: date
    discounts: Discounts = pricing.NO_DISCOUNT
    agreed: Mapping[int, tuple[Tier, ...]] = field(default_factory=dict)
    """Article -> prices on the customer's list."""
    taxed: Treatment = taxing.DOMESTIC
    known_reference: bool = False
    """An order with this number is in our books already."""
    auto_limit: Decimal | None = None
    """The gross sum up to which no person needs to look."""


def propose(document: ReadDocument, catalogue: Catalogue, terms: Terms) -> Proposal:
    found = [(line, match(line, catalogue)) for line in document.lines]
    lines = _priced([(line, one, _wanted(line, one)) for line, one in found], terms)
    sums = pricing.totals((line.total, line.tax_rate) for line in lines)
    doubts = (
        *_doubts_of_document(document),
        *_doubts_of_terms(document, terms),
        *(doubt for line in lines for doubt in _doubts_of_line(line)),
        *_doubts_of_stock(lines),
        *_doubts_of_sums(document, sums, terms),
    )
    return Proposal(
        document,
        terms.customer_id,
        lines,
        sums.net,
        sums.tax,
        sums.gross,
        doubts,
        tax_category=terms.taxed.category,
    )


def pieces(line: ReadLine, pack_size: int | None) -> Decimal | None:
    """How many single articles the line wants; None if its unit says nothing to us."""
    factor = unit_factor(line.unit)
    if factor is None and pack_size and is_pack(line.unit):
        factor = pack_size
    return None if factor is None else line.quantity * factor


def _wanted(line: ReadLine, found: Match) -> Decimal:
    return pieces(line, found.article.pack_size if found.article else None) or _NOTHING


def _priced(
    lines: Sequence[tuple[ReadLine, Match, Decimal]], terms: Terms
) -> tuple[ProposedLine, ...]:
    """Price all lines together: what they come to decides on the discount."""
    tables = [(_table(found.article, terms), wanted) for _, found, wanted in lines]
    priced = pricing.price_lines(tables, terms.discounts)
    return tuple(
        ProposedLine(
            line,
            found,
            price.unit,
            terms.taxed.rate_of(found.article.tax_rate),
            price.total,
            wanted,
            price.reasons,
        )
        if found.article
        else ProposedLine(line, found, _NOTHING, _NOTHING, _NOTHING, wanted)
        for (line, found, wanted), price in zip(lines, priced, strict=True)
    )


def _table(article: Article | None, terms: Terms) -> PriceTable:
    if article is None:
        return PriceTable(_NOTHING)
    return PriceTable(article.price, article.tiers, terms.agreed.get(article.id, ()))


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
    if not document.number and document.format not in _NUMBERLESS:
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
    stated, ours = stated_price(line.read, line.quantity), line.unit_price
    if stated is not None and abs(stated - ours) > min(_CENT, ours * _PRICE_TOLERANCE):
        evidence = f"{stated.quantize(pricing.UNIT)} ≠ {ours}"
        yield Doubt("price_differs", N_("The price differs from ours"), evidence, position)


def stated_price(line: ReadLine, wanted: Decimal) -> Decimal | None:
    """The document's net price of one piece, of the `wanted` pieces of the line."""
    if not wanted:
        return None
    if line.price is not None:
        return line.price * line.quantity / wanted
    return None if line.total is None else line.total / wanted


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


def sums_differ(document: ReadDocument, sums: Totals) -> Iterator[str]:
    """Yield each sum of the document that is not ours, beside ours."""
    # Each line may have been rounded once, and the tax once more.
    tolerance = _CENT * (len(document.lines) + 1)
    for stated, ours in _comparable(document, sums):
        if stated is not None and abs(stated - ours) > tolerance:
            yield f"{stated} ≠ {ours}"


def _doubts_of_sums(document: ReadDocument, sums: Totals, terms: Terms) -> Iterator[Doubt]:
    for difference in sums_differ(document, sums):
        yield Doubt("totals_differ", TOTALS_DIFFER, difference)
    if terms.auto_limit is not None and sums.gross > terms.auto_limit:
        evidence = f"{sums.gross} > {terms.auto_limit}"
        yield Doubt("over_limit", N_("Above the limit for orders nobody looks at"), evidence)
