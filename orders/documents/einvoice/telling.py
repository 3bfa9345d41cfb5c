"""From the terms of EN 16931 to the shape that all documents share."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from orders.data import Charge, Party, ReadDocument, ReadLine, Source, TaxLine
from orders.documents.einvoice.dialects import Dialect
from orders.documents.einvoice.terms import (
    Address,
    Adjustment,
    Contact,
    Identifier,
    Line,
    Paper,
    Price,
    Totals,
    Trader,
)

_MOST_SNIPPET = 200
_MOST_POSITION = 99_999
_CENT = Decimal("0.01")
_GTIN = frozenset({"", "0160", "0088", "GTIN", "EAN"})
_GTIN_DIGITS = frozenset({8, 12, 13, 14})


def document_of(paper: Paper, dialect: Dialect) -> ReadDocument:
    totals, is_order = paper.totals, dialect.kind == "order"
    delivered = paper.delivery_date
    return ReadDocument(
        kind=dialect.kind,
        format=dialect.format,
        number=paper.number,
        date=paper.date,
        requested_date=paper.requested_date or _shared_date(paper.lines),
        currency=paper.currency or paper.paid_in or "EUR",
        buyer=party_of(paper.buyer),
        seller=party_of(paper.seller, _iban(paper)),
        buyer_reference=paper.buyer_reference,
        lines=tuple(map(_line, paper.lines, _positions(paper.lines))),
        net=_net(totals, paper.adjustments) if is_order else totals.net,
        tax=totals.tax,
        gross=totals.gross,
        payable=_payable(totals),
        prepaid=totals.prepaid,
        due_date=paper.due_date,
        taxes=tuple(
            TaxLine(row.vat.rate, row.basis, row.amount, row.vat.category, row.reason)
            for row in paper.breakdown
        ),
        charges=tuple(_charges(paper.adjustments)),
        order_reference=paper.order_reference,
        preceding=", ".join(filter(None, paper.preceding)),
        type_code=paper.type_code,
        profile=paper.profile,
        note=paper.note,
        sources={
            name: Source(words[:_MOST_SNIPPET], path=path)
            for name, (path, words) in paper.places.items()
        },
        delivery_date=delivered,
        period=(paper.period.start, paper.period.end) if paper.period else (None, None),
        payment_terms=paper.payment_terms,
        attachments=tuple(one.filename or one.reference for one in paper.attachments),
    )


def party_of(trader: Trader, iban: str = "") -> Party:
    address, contact = trader.address or Address(), trader.contact or Contact()
    return Party(
        name=trader.name or trader.trading_name,
        identifier=trader.ids[0].value if trader.ids else "",
        vat_id=trader.vat_id,
        tax_number=trader.tax_number,
        street=", ".join(address.lines),
        postcode=address.postcode,
        city=address.city,
        country=address.country,
        contact=contact.name,
        email=contact.email,
        phone=contact.phone,
        iban=iban,
        trading_name=trader.trading_name if trader.name else "",
        legal_id=trader.legal_id.value,
        endpoint=_addressed(trader.endpoint),
    )


def unit_price(line: Line) -> Decimal | None:
    """Of one unit: prices may be for a hundred (BT-146 per BT-149).

    Where only the gross price is stated, what is left of it (BT-148 less BT-147).
    """
    net, basis = line.price.net, line.price.basis
    if net is None and line.price.gross is not None:
        net = line.price.gross - (line.price.discount or 0)
    if net is None or not basis or _is_slip(line, net, basis):
        return net
    return net / basis


def _is_slip(line: Line, net: Decimal, basis: Decimal) -> bool:
    """Converters repeat the price, or some 100, as its basis; what the line makes shows it."""
    if line.quantity is None or line.total is None:
        return False
    made = line.total - sum(_signed(line.adjustments), Decimal(0))
    if abs(line.quantity * net / basis - made) <= _CENT:
        return False
    return net == basis or abs(line.quantity * net - made) <= _CENT


def _addressed(endpoint: Identifier) -> str:
    return f"{endpoint.scheme}:{endpoint.value}" if endpoint.scheme else endpoint.value


def _iban(paper: Paper) -> str:
    accounts = (account for payment in paper.payments for account in payment.accounts)
    return next(filter(None, accounts), "")


def _net(totals: Totals, adjustments: Sequence[Adjustment]) -> Decimal | None:
    """Orders may leave the net sum to whoever adds up: lines, allowances, charges."""
    if totals.net is not None or totals.lines is None:
        return totals.net
    amounts = {True: totals.charges, False: totals.allowances}
    for is_charge, stated in amounts.items():
        if stated is None:
            own = (one.amount or Decimal(0) for one in adjustments if one.is_charge is is_charge)
            amounts[is_charge] = sum(own, Decimal(0))
    return totals.lines + (amounts[True] or 0) - (amounts[False] or 0)


def _payable(totals: Totals) -> Decimal | None:
    """BT-115; what is left of the gross sum where a prepayment is stated and this is not."""
    if totals.payable is not None or totals.gross is None or totals.prepaid is None:
        return totals.payable
    return totals.gross - totals.prepaid + (totals.rounding or 0)


def _charges(adjustments: Iterable[Adjustment]) -> Iterable[Charge]:
    for one in adjustments:
        for amount in _signed([one]):
            yield Charge(amount, one.reason)


def _signed(adjustments: Iterable[Adjustment]) -> Iterable[Decimal]:
    """What each adds, allowances less than nothing."""
    for one in adjustments:
        if one.amount is not None:
            yield one.amount if one.is_charge else -one.amount


def _shared_date(lines: Sequence[Line]) -> date | None:
    """The day all lines are wanted on, where each names it."""
    days = {line.requested_date for line in lines}
    return days.pop() if len(days) == 1 else None


def _positions(lines: Sequence[Line]) -> Iterable[int]:
    """The document's own numbering, if it is one."""
    stated = [
        int(line.id)
        for line in lines
        if line.id.isascii() and line.id.isdigit() and int(line.id[:9]) <= _MOST_POSITION
    ]
    whole = len(set(stated)) == len(lines)
    return stated if whole else range(1, len(lines) + 1)


def _line(line: Line, position: int) -> ReadLine:
    known = line.seller_sku or line.buyer_sku
    gtin = _gtin(line.standard_id)
    name = line.name or line.description or line.note.split("\n", 1)[0]
    quantity = f"{line.quantity:f} {line.unit}".strip() if line.quantity is not None else ""
    return ReadLine(
        position=position,
        sku=known or gtin,
        name=name,
        quantity=line.quantity if line.quantity is not None else Decimal(0),
        unit=line.unit,
        price=unit_price(line),
        total=line.total,
        source=Source(
            f"{quantity} {known} {name}".strip()[:_MOST_SNIPPET],
            path=line.path,
        ),
        buyer_sku=line.buyer_sku if line.seller_sku else "",
        gtin=gtin,
        discount=_discount(line.price),
        tax_rate=line.vat.rate,
        requested_date=line.requested_date,
        line_id=line.id,
        note="\n".join(filter(None, (line.description if line.name else "", line.note))),
        order_line=line.order_line,
        sums_up=line.sums_up,
    )


def _gtin(standard: Identifier) -> str:
    is_gtin = standard.scheme.upper() in _GTIN and len(standard.value) in _GTIN_DIGITS
    return standard.value if is_gtin and standard.value.isdigit() else ""


def _discount(price: Price) -> Decimal | None:
    if not price.gross or not price.discount:
        return None
    return (price.discount / price.gross * 100).quantize(Decimal("0.01"))
