"""An invoice in the terms of EN 16931, from its row alone."""

import re
from decimal import Decimal
from typing import Any

from orders import billing
from orders.data import Party
from orders.documents.einvoice.terms import (
    Address,
    Contact,
    Identifier,
    Line,
    Paper,
    Payment,
    Price,
    Totals,
    Trader,
    Vat,
    VatRow,
)
from orders.models import Invoice, InvoiceLine
from orders.services.composing import invoice
from orders.services.composing.invoice import notices, terms

FACTUR_X = "urn:cen.eu:en16931:2017"
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""The business process that XRechnung 3.0 wants named (BT-23)."""
_TYPES = {
    Invoice.Kind.INVOICE: "380",
    Invoice.Kind.CREDIT_NOTE: "381",
    # 384 is an invoice that takes another one's place and asks for money; a cancellation gives it
    # back, as a credit note over the whole invoice does (UNTDID 1001).
    Invoice.Kind.CANCELLATION: "381",
}
_SEPA_TRANSFER, _CLEARING = "58", "97"
_PIECE = "H87"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXEMPTIONS = {"K": "VATEX-EU-IC", "AE": "VATEX-EU-AE", "G": "VATEX-EU-G"}


def paper(row: Invoice, profile: str = FACTUR_X) -> Paper:
    """`profile` is what the document claims to follow (BT-24)."""
    refers_to, billed = row.refers_to, row.kind == Invoice.Kind.INVOICE
    account = (row.seller.get("iban", ""),)
    return Paper(
        number=row.number,
        date=row.issued_on,
        type_code=_TYPES[Invoice.Kind(row.kind)],
        profile=profile,
        currency=row.currency,
        note=_note(row),
        buyer_reference=_plain(row.buyer_reference),
        order_reference=_plain(row.order_reference),
        preceding=(refers_to.number,) if refers_to else (),
        seller=_trader(row.seller),
        buyer=_trader(row.buyer),
        ship_to=_place(row.ship_to),
        delivery_date=row.delivered_on,
        due_date=row.due_on if billed else None,
        payment_terms=_terms(row, profile),
        payments=(Payment(_SEPA_TRANSFER, account) if billed else Payment(_CLEARING),),
        breakdown=tuple(_vat_row(one) for one in row.taxes),
        totals=Totals(lines=row.net, net=row.net, tax=row.tax, gross=row.gross, payable=row.gross),
        lines=tuple(_line(line, row) for line in row.lines.order_by("position")),
    )


def _plain(words: str) -> str:
    """In one line, without what XML has no place for."""
    return " ".join(_UNWRITABLE.sub(" ", words).split())


def _note(row: Invoice) -> str:
    """What a reader of the data alone has to know as well (BT-22)."""
    advance = _sentence(invoice.in_advance()) if invoice.is_in_advance(row) else ""
    correction = f"{invoice.title(row)}: {row.reason}" if row.refers_to else ""
    said = map(_plain, (advance, correction, *notices(row)))
    return "\n".join(filter(None, said))


def _sentence(words: str) -> str:
    """What goes on after the greeting, standing by itself."""
    return f"{words[:1].upper()}{words[1:]}".rstrip(":") + "."


def _terms(row: Invoice, profile: str) -> str:
    words = terms(row, row.language)
    until = row.cash_discount_until
    if profile != XRECHNUNG or until is None or row.kind != Invoice.Kind.INVOICE:
        return words
    days = (until - row.issued_on).days
    # BR-DE-18: discounts in a form that programs read.
    return f"{words}\n#SKONTO#TAGE={days}#PROZENT={row.cash_discount_percent:.2f}#\n".strip()


def _trader(stored: dict[str, Any]) -> Trader:
    party = _party(stored)
    scheme, _, endpoint = party.endpoint.partition(":")
    contact = Contact(party.contact, party.phone, party.email)
    return Trader(
        name=party.name,
        ids=(Identifier(party.identifier),) if party.identifier else (),
        legal_id=Identifier(party.legal_id),
        vat_id=party.vat_id,
        address=_address(party),
        contact=contact if any((party.contact, party.phone, party.email)) else None,
        endpoint=Identifier(endpoint, scheme) if endpoint else Identifier(),
    )


def _party(stored: dict[str, Any]) -> Party:
    return Party(**{name: _plain(str(value)) for name, value in stored.items()})


def _place(stored: dict[str, Any]) -> Trader:
    party = _party(stored)
    return Trader(name=party.name, address=_address(party))


def _address(party: Party) -> Address:
    return Address(
        lines=(party.street,) if party.street else (),
        city=party.city,
        postcode=party.postcode,
        country=party.country,
    )


def _vat_row(stored: dict[str, str]) -> VatRow:
    category = stored["category"]
    return VatRow(
        Vat(category, Decimal(stored["rate"])),
        Decimal(stored["basis"]),
        Decimal(stored["amount"]),
        stored["reason"],
        _EXEMPTIONS.get(category, ""),
    )


def _line(line: InvoiceLine, row: Invoice) -> Line:
    category = billing.category_of(row.tax_category, line.tax_rate)
    return Line(
        id=str(line.position),
        name=_plain(line.name),
        seller_sku=_plain(line.sku),
        quantity=line.quantity,
        unit=_PIECE,
        price=Price(net=line.unit_price),
        total=line.total,
        vats=(Vat(category, line.tax_rate),),
    )
