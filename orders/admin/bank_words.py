"""Payments and open items as people read them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin.showing import EMPTY, Words, address, anchor, nowrap
from orders.admin.money import amount
from orders.models import BankEntry, Invoice, Receivable
from orders.services.reminding import FOR_GOOD

ENTRY_COLOURS: dict[str, str] = {
    BankEntry.State.OPEN: "warning",
    BankEntry.State.PARTLY: "info",
    BankEntry.State.MATCHED: "success",
    BankEntry.State.IGNORED: "",
}
ITEM_COLOURS: dict[str, str] = {
    Receivable.State.OPEN: "warning",
    Receivable.State.PARTLY: "info",
    Receivable.State.PAID: "success",
    Receivable.State.SETTLED: "",
}


def said(items: Iterable[tuple[Words, Any]]) -> list[tuple[Words, Any]]:
    """Facts that there are; a row of dashes says nothing."""
    return [(name, value) for name, value in items if value not in ("", None)]


def why(reasons: Sequence[dict[str, Any]]) -> str:
    """Reasons in one line each, with their evidence."""
    return format_html_join("", "<div>{}</div>", ((_reason(one),) for one in reasons))


def first_why(reasons: Sequence[dict[str, Any]]) -> str:
    return "; ".join(_reason(one) for one in reasons[:2])


def _reason(one: dict[str, Any]) -> str:
    said = gettext(one["what"])
    return f"{said}: {one['evidence']}" if one.get("evidence") else said


def item_link(invoice: Invoice) -> str:
    """The invoice's number, leading to how it stands."""
    item: Receivable | None = getattr(invoice, "receivable", None)
    number = nowrap(invoice.number)
    return anchor(address(item), number) if item else number


def item_links(invoices: Iterable[Invoice]) -> str:
    return format_html_join(", ", "{}", ((item_link(one),) for one in invoices))


def open_amount(item: Receivable) -> str:
    """Below zero where we owe it."""
    sign = 1 if item.invoice.kind == Invoice.Kind.INVOICE else -1
    return amount(sign * item.open_amount, item.invoice.currency)


def overdue_days(item: Receivable, today: date) -> int:
    is_owed = item.invoice.kind == Invoice.Kind.INVOICE and item.state in Receivable.UNPAID
    return max(0, (today - item.due_on).days) if is_owed else 0


def paused(item: Receivable, today: date) -> str:
    if item.paused_until is None or item.paused_until < today:
        return ""
    if item.paused_until == FOR_GOOD:
        return str(_("until further notice"))
    return gettext("until %(day)s") % {"day": date_format(item.paused_until, "SHORT_DATE_FORMAT")}


def day(when: date | None) -> str:
    return date_format(when, "SHORT_DATE_FORMAT") if when else EMPTY


def button(url: str, text: object) -> SafeString:
    """A link that looks as if it did something: it leads to the page that asks."""
    classes = (
        "bg-primary-600 cursor-pointer font-medium inline-block px-3 py-1 rounded-default "
        "text-white whitespace-nowrap"
    )
    return format_html('<a href="{}" class="{}">{}</a>', url, classes, text)
