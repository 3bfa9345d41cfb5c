"""The page of one payment: what it says, what it may pay, what it paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Facts, Section, Table, badge, link, moment, nowrap, words_of
from orders.admin import allocating
from orders.admin.bank_words import (
    ENTRY_COLOURS,
    button,
    day,
    item_link,
    item_links,
    open_amount,
    said,
    why,
)
from orders.admin.money import amount
from orders.models import BankEntry, Receivable
from orders.paying.data import Proposal
from orders.services import paying, reconciling

ALLOCATE = "orders_bankentry_allocate"


@dataclass(frozen=True, kw_only=True)
class Search(Section):
    """Looks for an invoice that the proposals do not name."""

    words: str
    results: Table | None = None
    template: ClassVar[str] = "orders/bank/search.html"


def facts(entry: BankEntry) -> Facts:
    return Facts(
        title=amount(entry.amount, entry.currency),
        items=said(
            (
                (_("state"), badge(words_of(entry, "state"), ENTRY_COLOURS[entry.state])),
                (_("from"), entry.party),
                (_("IBAN"), entry.iban),
                (_("purpose"), entry.purpose),
                (_("end-to-end reference"), entry.end_to_end),
                (_("reversal"), _("yes") if entry.reversal else ""),
                (_("note"), gettext(entry.note) if entry.note else ""),
                (_("why"), why(entry.reasons)),
            )
        ),
    )


def booking(entry: BankEntry) -> Facts:
    return Facts(
        title=_("Booking"),
        beside=True,
        items=(
            (_("booked"), day(entry.booked_on)),
            (_("not matched yet"), amount(paying.rest_of(entry), entry.currency)),
            (_("statement"), link(entry.statement)),
            (_("bank's reference"), entry.reference),
        ),
    )


def proposals(entry: BankEntry, *, may: bool) -> Table:
    found = reconciling.propose(entry)
    keys = {part.item for one in found for part in one.parts}
    rows = Receivable.objects.filter(invoice__in=keys).select_related(
        "invoice__customer", "invoice__receivable"
    )
    items = {row.invoice_id: row for row in rows}
    return Table(
        title=_("Which invoices it may pay"),
        headers=(_("invoices"), _("customer"), _("open"), _("match"), _("why"), ""),
        rows=[_proposal(entry, one, items, may=may) for one in found],
        empty=_("Nothing in the payment tells which invoice it is for."),
    )


def _proposal(
    entry: BankEntry, proposal: Proposal, items: dict[int, Receivable], *, may: bool
) -> Sequence[Any]:
    rows = [items[part.item] for part in proposal.parts]
    return (
        item_links(row.invoice for row in rows),
        ", ".join(dict.fromkeys(row.invoice.customer.name for row in rows)),
        nowrap(", ".join(open_amount(row) for row in rows)),
        f"{proposal.score:.0%}",
        why([one.as_json() for one in proposal.reasons]),
        _match(entry, rows) if may else "",
    )


def _match(entry: BankEntry, rows: Sequence[Receivable]) -> str:
    keys = ",".join(str(row.invoice_id) for row in rows)
    return button(f"{reverse(f'admin:{ALLOCATE}', args=[entry.pk])}?to={keys}", _("Match"))


def search(entry: BankEntry, asked: str, *, may: bool) -> Search:
    words = asked.strip()[:80]
    if not words:
        return Search(title=_("Look for another invoice"), words="")
    rows = allocating.found(words)
    results = Table(
        headers=(_("invoice"), _("customer"), _("due on"), _("open"), ""),
        rows=[
            (
                item_link(row.invoice), row.invoice.customer.name, day(row.due_on),
                open_amount(row), _match(entry, [row]) if may else "",
            )
            for row in rows
        ],
        empty=_("No open invoice is found by that."),
    )  # fmt: skip
    return Search(title=_("Look for another invoice"), words=words, results=results)


def allocations(entry: BankEntry) -> Table:
    rows = entry.allocations.select_related("invoice__receivable", "invoice__customer", "by")
    return Table(
        title=_("What it paid"),
        headers=(_("invoice"), _("customer"), _("amount"), _("cash discount"), _("at"), _("by"),
                 _("taken back")),
        rows=[
            (
                item_link(one.invoice), one.invoice.customer.name,
                amount(one.amount, entry.currency),
                amount(one.cash_discount, entry.currency) if one.cash_discount else "",
                moment(one.at), one.by or _("the house"),
                moment(one.taken_back_at) if one.taken_back_at else "",
            )
            for one in rows
        ],
        empty=_("Nothing yet."),
    )  # fmt: skip
