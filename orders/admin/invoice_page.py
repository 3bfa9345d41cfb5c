"""The page of one invoice of ours, piece by piece."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.journal.history import history
from hbu.lib.admin import Facts, Notice, Section, Table, badge, link, links, words_of
from orders.admin import files
from orders.admin.money import money
from orders.admin.order_page import checks_table
from orders.data import CheckState
from orders.models import Invoice, Printout, Receivable

KINDS: dict[str, str] = {
    Invoice.Kind.INVOICE: "info",
    Invoice.Kind.CREDIT_NOTE: "warning",
    Invoice.Kind.CANCELLATION: "danger",
}
KIND_WORDS: dict[str, Promise] = {
    Invoice.Kind.INVOICE: _("invoice"),
    Invoice.Kind.CREDIT_NOTE: _("credit note"),
    Invoice.Kind.CANCELLATION: _("cancellation"),
}
CLAIMS: dict[str, str] = {
    Receivable.State.OPEN: "warning",
    Receivable.State.PARTLY: "warning",
    Receivable.State.PAID: "success",
    Receivable.State.SETTLED: "",
}
CHECKED = {"passed": "success", "failed": "danger", "wanted": "info"}
_E_INVOICES = (Printout.Kind.INVOICE, Printout.Kind.CREDIT_NOTE, Printout.Kind.XRECHNUNG)


def above(invoice: Invoice) -> list[Section]:
    return [*_corrected(invoice), _facts(invoice), _sums(invoice), _parties(invoice)]


def below(invoice: Invoice) -> list[Section]:
    printouts = list(invoice.printouts.all())
    checks = [checks_of(one) for one in printouts if one.checks]
    return [_lines(invoice), files.table(printouts), *checks, history(invoice, *printouts)]


def checks_of(printout: Printout) -> Table:
    """What our own reader said of an e-invoice; unfolded where something is wrong."""
    counts = Counter(one["state"] for one in printout.checks)
    lead = gettext("%(ok)d are right, %(failed)d are wrong, %(open)d were not checked.") % {
        "ok": counts[CheckState.OK],
        "failed": counts[CheckState.FAILED],
        "open": counts[CheckState.NOT_CHECKED],
    }
    folded = "" if counts[CheckState.FAILED] else gettext("Show the checks")
    title = gettext("Checks of %(file)s") % {"file": printout}
    return replace(checks_table(printout.checks), title=title, lead=lead, folded=folded)


def corrections(invoice: Invoice) -> Sequence[Invoice]:
    return list(invoice.corrections.all())


def claim_of(invoice: Invoice) -> tuple[str, str] | None:
    """How it stands with the money; a credit note has something open only where we owe it."""
    try:
        claim = invoice.receivable
    except ObjectDoesNotExist:
        return None
    if claim.state in Receivable.UNPAID:
        return claim.state, money(claim.open_amount, invoice)
    credited = claim.state == Receivable.State.SETTLED
    return claim.state, gettext("credited") if credited else words_of(claim, "state")


def checked(printouts: Iterable[Printout]) -> tuple[str, str] | None:
    """Whether our own reader found the data right, of all files of the invoice."""
    states = {one.state for one in printouts if one.kind in _E_INVOICES}
    if Printout.State.FAILED in states:
        return "failed", gettext("failed")
    if Printout.State.WANTED in states:
        return "wanted", gettext("to be made")
    return ("passed", gettext("checked")) if states else None


def _corrected(invoice: Invoice) -> list[Section]:
    found = corrections(invoice)
    if not found:
        return []
    cancelled = any(one.kind == Invoice.Kind.CANCELLATION for one in found)
    title = _("This invoice is cancelled.") if cancelled else _("A part of it is credited.")
    numbers = ", ".join(one.number for one in found)
    return [Notice(title=title, text=numbers, colour="danger" if cancelled else "warning")]


def _facts(invoice: Invoice) -> Facts:
    return Facts(
        title=invoice.number,
        items=(
            (_("kind"), badge(KIND_WORDS[invoice.kind], KINDS[invoice.kind])),
            (_("customer"), link(invoice.customer)),
            (_("order"), link(invoice.order)),
            (_("customer's order number"), invoice.order_reference),
            (_("buyer reference"), invoice.buyer_reference),
            (_("refers to"), link(invoice.refers_to) if invoice.refers_to else ""),
            (_("corrected by"), links(corrections(invoice)) if corrections(invoice) else ""),
            (_("reason"), invoice.reason),
            (_("issued on"), invoice.issued_on),
            (_("by"), invoice.issued_by or _("the house")),
            (_("delivered on"), invoice.delivered_on),
            (_("language"), invoice.language),
        ),
    )


def _sums(invoice: Invoice) -> Facts:
    claim = claim_of(invoice)
    discount = ""
    if invoice.cash_discount_until:
        percent = number_format(invoice.cash_discount_percent.normalize())
        discount = gettext("%(percent)s %% until %(day)s") % {
            "percent": percent,
            "day": invoice.cash_discount_until,
        }
    return Facts(
        title=_("Sums and dates"),
        beside=True,
        items=(
            (_("net"), money(invoice.net, invoice)),
            *((_rate(one), f"{one['amount']} {invoice.currency}") for one in invoice.taxes),
            (_("gross"), money(invoice.gross, invoice)),
            (_("taxed as"), words_of(invoice, "tax_category")),
            (_("pays"), words_of(invoice, "payment")),
            (_("due on"), invoice.due_on),
            (_("cash discount"), discount),
            (_("open item"), badge(claim[1], CLAIMS[claim[0]]) if claim else ""),
        ),
    )


def _rate(tax: dict[str, Any]) -> str:
    return f"{gettext('VAT')} {number_format(tax['rate'])} %"


def _parties(invoice: Invoice) -> Facts:
    return Facts(
        title=_("As stated on it"),
        beside=True,
        items=(
            (_("seller"), _said(invoice.seller)),
            (_("buyer"), _said(invoice.buyer)),
            (_("VAT id"), invoice.buyer.get("vat_id", "")),
            (_("delivered to"), _said(invoice.ship_to)),
        ),
    )


def _said(party: dict[str, Any]) -> str:
    place = f"{party.get('postcode', '')} {party.get('city', '')}".strip()
    parts = (party.get("name"), party.get("street"), place, party.get("country"))
    return ", ".join(str(part) for part in parts if part)


def _lines(invoice: Invoice) -> Table:
    return Table(
        title=_("Lines"),
        headers=(
            _("line"), _("article number"), _("name"), _("quantity"), _("unit price"), _("VAT %"),
            _("total"),
        ),
        rows=[
            (
                line.position,
                line.sku,
                line.name,
                number_format(line.quantity.normalize(), use_l10n=True, force_grouping=True),
                number_format(line.unit_price.normalize()),
                number_format(line.tax_rate.normalize()),
                money(line.total, invoice),
            )
            for line in invoice.lines.order_by("position")
        ],
    )  # fmt: skip
