"""The page of a customer, with what orders know of it: what is open, ordered, asked and billed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from hbu.company.models import Company
from hbu.lib.admin import Facts, Notice, Section, Table, anchor, badge, link, moment, seen, words_of
from orders.admin.bank_words import ITEM_COLOURS, day, open_amount
from orders.admin.money import amount, money
from orders.admin.order_page import COLOURS
from orders.models import Invoice, Order, Quotation, Receivable
from orders.services import credit
from shop.admin import CustomerAdmin
from shop.models import Customer
from shop.services import merging

SHOWN = 10

admin.site.unregister(Customer)


@admin.register(Customer)
class TradingCustomerAdmin(CustomerAdmin):
    def sections(self, request: HttpRequest, customer: Customer) -> Sequence[Section]:
        family = merging.family(customer)
        return [
            *_no_desk(customer),
            *super().sections(request, customer),
            _orders(family),
            *_quotations(family),
            _invoices(family),
            _standing(customer),
            _correspondence(customer, request.user),
        ]


def _no_desk(customer: Customer) -> list[Section]:
    wanted = customer.desk_address
    if not wanted or Department.objects.filter(address__iexact=wanted).exists():
        return []
    words = gettext("No department has the address %(address)s; mail goes where the rules send it.")
    return [Notice(title=_("The own desk is missing"), text=words % {"address": wanted})]


def _standing(customer: Customer) -> Facts:
    """Open invoices and confirmed orders, beside what we trust the customer with."""
    currency = Company.objects.values_list("currency", flat=True).first() or "EUR"
    used, limit = credit.exposure_of([customer.pk])[customer.pk], customer.credit_limit
    shown = amount(used, currency)
    if limit is not None and used > limit:
        shown = badge(shown, "danger")
    return Facts(
        title=_("Credit"),
        beside=True,
        items=(
            (_("open and ordered"), shown),
            (_("credit limit"), _("none") if limit is None else amount(limit, currency)),
            (_("left"), "-" if limit is None else amount(max(limit - used, Decimal(0)), currency)),
            (_("overdue"), _overdue(customer, currency)),
        ),
    )


def _overdue(customer: Customer, currency: str) -> str:
    late = Receivable.objects.owed_to_us().filter(
        invoice__customer__in=merging.family(customer), due_on__lt=timezone.localdate()
    )
    total = sum(late.values_list("open_amount", flat=True), Decimal(0))
    return badge(amount(total, currency), "danger") if total else "-"


def _orders(family: Sequence[int]) -> Table:
    rows = Order.objects.filter(customer__in=family)
    return Table(
        title=_("Orders"),
        lead=_all("orders.order", "customer__id__in", family, rows.count()),
        headers=(_("number"), _("customer's order number"), _("state"), _("gross"), _("created")),
        rows=[
            (
                link(one),
                one.reference,
                badge(words_of(one, "state"), COLOURS.get(one.state, "")),
                money(one.gross, one),
                moment(one.created_at),
            )
            for one in rows.order_by("-pk")[:SHOWN]
        ],
        empty=_("No order yet."),
    )


def _quotations(family: Sequence[int]) -> list[Section]:
    rows = Quotation.objects.filter(customer__in=family)
    shown = [
        (
            link(one) if _has_page(Quotation) else str(one),
            words_of(one, "state"),
            money(one.gross, one),
            moment(one.created_at),
        )
        for one in rows.order_by("-pk")[:SHOWN]
    ]
    headers = (_("number"), _("state"), _("gross"), _("created"))
    return [Table(title=_("Quotations"), headers=headers, rows=shown)] if shown else []


def _has_page(model: type) -> bool:
    return model in admin.site._registry


def _invoices(family: Sequence[int]) -> Table:
    rows = Invoice.objects.filter(customer__in=family).select_related("receivable")
    return Table(
        title=_("Invoices and open items"),
        lead=_all("orders.invoice", "customer__id__in", family, rows.count()),
        headers=(_("number"), _("kind"), _("gross"), _("open"), _("due on"), _("state")),
        rows=[
            (
                link(one),
                words_of(one, "kind"),
                money(one.gross, one),
                *_item(getattr(one, "receivable", None)),
            )
            for one in rows.order_by("-pk")[:SHOWN]
        ],
        empty=_("Nothing was billed yet."),
    )


def _item(item: Receivable | None) -> tuple[str, str, str]:
    if item is None:
        return "", "", ""
    state = badge(words_of(item, "state"), ITEM_COLOURS[item.state])
    return open_amount(item), day(item.due_on), state


def _correspondence(customer: Customer, user: Any) -> Facts:
    """Mails and cases are known by the apps beside and above; we only follow the rows."""
    mails = seen(customer.emails.all(), user).count()
    cases = seen(customer.cases.all(), user).count()
    key = [customer.pk]
    return Facts(
        title=_("Mails and cases"),
        beside=True,
        items=(
            (_("mails"), _all("emails.email", "customer__id__exact", key, mails) or 0),
            (_("cases"), _all("cases.case", "customer__id__exact", key, cases) or 0),
        ),
    )


def _all(model: str, field: str, keys: Sequence[int], count: int) -> str:
    """A link to the whole list."""
    if not count:
        return ""
    url = reverse(f"admin:{model.replace('.', '_')}_changelist")
    words = gettext("all %(count)d") % {"count": count}
    return anchor(f"{url}?{field}={','.join(map(str, keys))}", words)
