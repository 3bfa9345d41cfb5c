"""Figures of orders and invoices, which belong to the whole house."""

from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpis.counting import Amount, Rows, Share
from kpis.definitions.kpi import KPI, How, Unit
from orders.admin.figures import DeliveryFilter
from orders.models import Invoice, Order
from shop.services.house import currency

BILLED = Rows(
    model=Invoice,
    at="issued_on",
    is_date=True,
    # Amounts in other currencies cannot be added up.
    lookups={"currency__exact": currency},
    amount=Case(When(kind=Invoice.Kind.INVOICE, then=F("net")), default=-F("net")),
)


def _promised(question: str) -> Rows:
    return Rows(model=Order, at="promised_date", is_date=True, question=(DeliveryFilter, question))


TRADE: dict[str, KPI] = {
    "order_fulfilment": KPI(
        label=_("Order fulfilment"),
        formula=_(
            "Orders that have left the house completely ÷ orders promised for a day in the time, "
            "without cancelled ones."
        ),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        weight=5,
        source=Share(_promised("shipped"), _promised("standing")),
        part=pgettext_lazy("figure", "shipped completely"),
        whole=pgettext_lazy("figure", "orders promised"),
    ),
    "on_time_delivery": KPI(
        label=_("On-time delivery"),
        formula=_(
            "Orders delivered on the promised day or before ÷ orders promised for a day in the time "
            "that were delivered or whose day is past, without cancelled ones."
        ),
        how=How.PERCENT,
        unit=Unit.PERCENT,
        weight=15,
        source=Share(_promised("on_time"), _promised("due")),
        part=pgettext_lazy("figure", "delivered as promised"),
        whole=pgettext_lazy("figure", "orders due"),
    ),
    "revenue": KPI(
        label=_("Revenue"),
        formula=_(
            "Net amounts of invoices issued in the time in the house's currency − those of credit "
            "notes and cancellations."
        ),
        how=How.SUM,
        unit=Unit.MONEY,
        source=Amount(BILLED),
        part=pgettext_lazy("figure", "invoices and corrections"),
    ),
    "revenue_growth": KPI(
        label=_("Revenue growth"),
        formula=_("(Revenue of the time ÷ revenue of the time before, of the same length) − 1."),
        how=How.GROWTH,
        unit=Unit.PERCENT,
        weight=5,
        of="revenue",
        opens=Amount(BILLED),
    ),
}
