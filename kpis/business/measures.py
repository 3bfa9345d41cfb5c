"""What the overview shows of a time: one dict. Each number is counted with the filters of its list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Case as Either
from django.db.models import Count, F, Model, Q, QuerySet, Sum, When
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from cases.models import Case
from emails.admin.figures import WorkFilter
from emails.models import Email
from kpis import links
from kpis.periods import Span
from orders.models import Invoice, Order
from shop.services.house import currency

Person = AbstractUser | AnonymousUser
Lookups = Mapping[str, Any]
MONEY, PIECES, PERCENT = "money", "pieces", "percent"
STANDING = [state for state in Order.State.values if state != Order.State.CANCELLED]
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks at which time, and at whose work."""

    user: Person
    span: Span
    department: Department | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    label: Promise
    formula: Promise
    unit: str
    permission: str
    model: type[Model]
    seen: Callable[[Person], Rows]
    at: str
    """The column that says when; a day or a moment."""
    part: Callable[[Rows], Any]
    """What is summed up over the rows; a share divides it by their count."""
    fixed: Callable[[], Lookups] = dict
    desk: str = ""
    """The lookup of the department; empty where rows belong to none."""
    question: str = ""
    """The list's question by which the rows are chosen, see `WorkFilter`."""
    counted: Lookups = field(default_factory=dict)
    """Of a share: what its list is asked for the rows that count."""
    by_day: bool = False
    """`at` is a day and no moment."""

    def lookups(self, span: Span, department: Department | None) -> dict[str, Any]:
        ours = {self.desk: department.pk} if department else {}
        return {**self.fixed(), **self._within(span), **ours}

    def rows(self, asked: Asked, span: Span) -> Rows:
        lookups = self.lookups(span, asked.department)
        rows = WorkFilter.narrowed(self.seen(asked.user), self.question)
        # A way over many rows would count some of them twice.
        chosen = Q(pk__in=rows.filter(**lookups).values("pk")) if asked.department else Q(**lookups)
        return rows.filter(chosen).order_by()

    def url(self, asked: Asked, span: Span, **more: Any) -> str:
        work = {WorkFilter.parameter_name: self.question} if self.question else {}
        return listed(self.model, {**self.lookups(span, asked.department), **work, **more})

    def sums(self, asked: Asked) -> dict[date, tuple[Decimal, int]]:
        """Return part and count of each day of the time and of the one before; one query."""
        both = Span(asked.span.before.first, asked.span.last)
        day = F(self.at) if self.by_day else TruncDate(self.at)
        rows = self.rows(asked, both)
        found = rows.annotate(_day=day).values("_day")
        counted = found.annotate(_part=self.part(rows), _count=Count("pk"))
        return {one["_day"]: (Decimal(one["_part"] or 0), one["_count"]) for one in counted}

    def _within(self, span: Span) -> dict[str, Any]:
        if self.by_day:
            return {f"{self.at}__gte": span.first, f"{self.at}__lte": span.last}
        return {f"{self.at}__gte": span.begins, f"{self.at}__lt": span.ends}


def listed(model: type[Model], lookups: Lookups) -> str:
    """Return the list of the rows that these lookups find, as its address says them."""
    return links.rows(model, **{name: _said(value) for name, value in lookups.items()})


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _alone(rows: Rows) -> Any:
    return Count("pk", filter=Q(pk__in=WorkFilter.narrowed(rows, "alone").values("pk")))


def _net_billed(_rows: Rows) -> Any:
    return Sum(Either(When(kind=Invoice.Kind.INVOICE, then=F("net")), default=-F("net")))


def _billed() -> Lookups:
    return {"currency__exact": currency()}


def _ordered() -> Lookups:
    return {"state__in": STANDING, "currency__exact": currency()}


MEASURES: dict[str, Measure] = {
    "revenue": Measure(
        label=_("Revenue"),
        formula=_("net of our invoices, less credit notes and cancellations, by day of issue"),
        unit=MONEY,
        permission="orders.view_invoice",
        model=Invoice,
        seen=lambda _user: Invoice.objects.all(),
        at="issued_on",
        by_day=True,
        part=_net_billed,
        fixed=_billed,
    ),
    "worth": Measure(
        label=_("Orders' worth"),
        formula=_("net of the orders that came in and were not cancelled"),
        unit=MONEY,
        permission="orders.view_order",
        model=Order,
        seen=lambda _user: Order.objects.all(),
        at="created_at",
        part=lambda _rows: Sum("net"),
        fixed=_ordered,
        desk="cases__department__id__exact",
    ),
    "orders": Measure(
        label=_("Orders"),
        formula=_("orders that came in and were not cancelled"),
        unit=PIECES,
        permission="orders.view_order",
        model=Order,
        seen=lambda _user: Order.objects.all(),
        at="created_at",
        part=lambda _rows: Count("pk"),
        fixed=lambda: {"state__in": STANDING},
        desk="cases__department__id__exact",
    ),
    "mails": Measure(
        label=_("Mails"),
        formula=_("mails that came in"),
        unit=PIECES,
        permission="emails.view_email",
        model=Email,
        seen=Email.objects.visible_to,
        at="received_at",
        part=lambda _rows: Count("pk"),
        desk="department__id__exact",
    ),
    "automation": Measure(
        label=_("Automation"),
        formula=_(
            "mails that were answered without one of us, and in whose cases nobody was asked to do "
            "anything ÷ mails of people, without spam"
        ),
        unit=PERCENT,
        permission="emails.view_email",
        model=Email,
        seen=Email.objects.visible_to,
        at="received_at",
        part=_alone,
        desk="department__id__exact",
        question="people",
        counted={WorkFilter.parameter_name: "alone"},
    ),
    "satisfaction": Measure(
        label=_("Satisfaction"),
        formula=_("cases that were given four or five stars ÷ cases that were given stars"),
        unit=PERCENT,
        permission="cases.view_case",
        model=Case,
        seen=Case.objects.visible_to,
        at="rating__at",
        part=lambda _rows: Count("pk", filter=Q(rating__stars__gte=4)),
        desk="department__id__exact",
        counted={"rating__stars__gte": 4},
    ),
}
