"""An e-invoice or e-order laid out for people: data have no page of their own to look at."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Facts, Prose, Section, Table
from orders.data import Party, ReadDocument, ReadLine

FORMATS = frozenset(
    {
        "zugferd-1", "factur-x", "cii", "ubl", "xrechnung-cii", "xrechnung-ubl", "order-x",
        "ubl-order",
    }
)  # fmt: skip
LINES_SHOWN = 500
_CENTS, _FINEST = 2, 8
TYPES: dict[str, Promise] = {
    "220": _("purchase order"),
    "230": _("change of an order"),
    "326": _("partial invoice"),
    "380": _("invoice"),
    "381": _("credit note"),
    "384": _("corrected invoice"),
    "386": _("invoice for a prepayment"),
    "389": _("self-billed invoice"),
    "875": _("partial invoice for construction work"),
    "876": _("partial final invoice for construction work"),
    "877": _("final invoice for construction work"),
}
_PARTY: tuple[tuple[Promise, str], ...] = (
    (_("name"), "name"),
    (_("trading name"), "trading_name"),
    (_("street"), "street"),
    (_("number with the other side"), "identifier"),
    (_("commercial register"), "legal_id"),
    (_("VAT id"), "vat_id"),
    (_("tax number"), "tax_number"),
    (_("contact"), "contact"),
    (_("telephone"), "phone"),
    (_("email"), "email"),
    (_("electronic address"), "endpoint"),
    (_("IBAN"), "iban"),
)


def readable(document: ReadDocument) -> Sequence[Section]:
    """Its sections; none for documents that have a page, or that could not be read."""
    if document.format not in FORMATS or document.error:
        return ()
    sections = (
        _head(document), _parties(document), _lines(document), _adjustments(document),
        _taxes(document), _sums(document), _words(document),
    )  # fmt: skip
    return [section for section in sections if section is not None]


def _head(document: ReadDocument) -> Facts:
    start, end = document.period
    items = (
        (_("number"), _marked("number", document.number)),
        (_("type"), TYPES.get(document.type_code, document.type_code)),
        (_("date"), _marked("date", _day(document.date))),
        (_("delivered on"), _day(document.delivery_date)),
        (_("billed from"), _day(start)),
        (_("billed until"), _day(end)),
        (_("wanted by"), _marked("requested_date", _day(document.requested_date))),
        (_("due on"), _marked("due_date", _day(document.due_date))),
        (_("order number"), _marked("order_reference", document.order_reference)),
        (_("refers to"), document.preceding),
        (_("buyer's reference"), _marked("buyer_reference", document.buyer_reference)),
        (_("attachments"), ", ".join(document.attachments)),
        (_("specification"), document.profile),
    )
    return Facts(title=_("The document in words"), items=_stated(items))


def _stated(items: Sequence[tuple[Promise, Any]]) -> list[tuple[Promise, Any]]:
    return [(label, value) for label, value in items if value]


def _parties(document: ReadDocument) -> Table:
    sides = (("seller", document.seller), ("buyer", document.buyer))
    rows = [
        (label, *(_marked(f"{who}.{name}", getattr(side, name)) for who, side in sides))
        for label, name in _PARTY
    ]
    rows.insert(3, (_("city"), *(_marked(f"{who}.city", _city(side)) for who, side in sides)))
    return Table(
        title=_("Parties"),
        headers=("", _("seller"), _("buyer")),
        rows=[row for row in rows if any(row[1:])],
    )


def _city(side: Party) -> str:
    return " ".join(filter(None, (side.country, side.postcode, side.city)))


def _lines(document: ReadDocument) -> Table:
    headers = (
        _("position"), _("article number"), _("name"), _("quantity"), _("price"), _("VAT"),
        _("total"),
    )  # fmt: skip
    lines = document.lines[:LINES_SHOWN]
    return Table(
        title=_("Lines"),
        headers=headers,
        rows=[
            tuple(_marked(f"lines.{index}", cell) for cell in _line(one))
            for index, one in enumerate(lines)
        ],
        empty=_("This profile has no lines."),
    )


def _line(line: ReadLine) -> tuple[Any, ...]:
    return (
        line.line_id or line.position,
        " / ".join(filter(None, (line.sku, line.buyer_sku))),
        "\n".join(filter(None, (line.name, line.note))),
        f"{_exact(line.quantity)} {line.unit}".strip() if line.quantity or line.sums_up else "",
        _exact(line.price),
        _percent(line.tax_rate),
        _money(line.total) if line.sums_up else f"({_money(line.total)})",
    )


def _adjustments(document: ReadDocument) -> Table | None:
    if not document.charges:
        return None
    return Table(
        title=_("Allowances and charges"),
        headers=(_("reason"), _("amount")),
        rows=[(one.reason, _money(one.amount)) for one in document.charges],
    )


def _taxes(document: ReadDocument) -> Table | None:
    if not document.taxes:
        return None
    return Table(
        title=_("VAT"),
        headers=(_("category"), _("rate"), _("net"), _("VAT"), _("reason")),
        rows=[
            (one.category, _percent(one.rate), _money(one.basis), _money(one.amount), one.reason)
            for one in document.taxes
        ],
    )


def _sums(document: ReadDocument) -> Facts:
    amounts: tuple[tuple[Promise, str, Decimal | None], ...] = (
        (_("net"), "net", document.net),
        (_("VAT"), "tax", document.tax),
        (_("gross"), "gross", document.gross),
        (_("already paid"), "prepaid", document.prepaid),
        (_("to pay"), "payable", document.payable),
    )
    shown = [
        (label, _marked(path, f"{_money(amount)} {document.currency}"))
        for label, path, amount in amounts
        if amount is not None
    ]
    return Facts(title=_("Sums"), items=shown)


def _words(document: ReadDocument) -> Prose | None:
    words = "\n\n".join(filter(None, (document.note, document.payment_terms)))
    return Prose(title=_("Notes and terms"), text=words) if words else None


def _marked(path: str, words: object) -> str:
    """What stands in the field with this path beside it; they show each other."""
    return (
        format_html('<span class="hb-mark" data-mark="{}">{}</span>', path, words) if words else ""
    )


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _money(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    return number_format(amount, _CENTS, use_l10n=True, force_grouping=True)


def _exact(amount: Decimal | None) -> str:
    """As fine as it was written, without the zeros that say nothing."""
    if amount is None:
        return ""
    return number_format(
        f"{round(amount, _FINEST).normalize():f}", use_l10n=True, force_grouping=True
    )


def _percent(rate: Decimal | None) -> str:
    return f"{_exact(rate)} %" if rate is not None else ""
