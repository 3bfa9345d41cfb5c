"""The rows of trade, and the figures beside their targets, that rules judge by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from agents.models import Department
from hbu.journal.models import Event
from hbu.lib.reasons import N_
from kpis import links
from kpis.advice.data import Aim, Debt, Evidence, Shortage
from kpis.advice.judging import LOOKED_AT, MONTH
from kpis.advice.reading import named
from kpis.counting import Departments
from kpis.definitions import KPI, KPIS, Better, How, Unit
from kpis.models import Target
from kpis.periods import Span
from kpis.standing import reached
from kpis.values import picked, rows_of, targets_of, total, value_of
from orders.models import Invoice, Order, OrderLine, Receivable
from shop.models import Customer, Stock
from shop.services import merging
from shop.services.house import currency

SORTS = {Unit.HOURS: "hours"}
SHORT = "stock"
"""The doubt's code (orders/proposing.py)."""


def aims(_now: datetime) -> Iterator[Aim]:
    """Yield shares and means of the last thirty days that have a target; a query or two a figure."""
    span = Span.until_today(MONTH)
    wanted = set(Target.objects.values_list("kpi", flat=True))
    desks = list(Department.objects.all())
    of_desks = {desk.pk: targets_of(desk) for desk in desks} | {None: targets_of(None)}
    for code, kpi in KPIS.items():
        if code not in wanted or kpi.source is None or kpi.how not in (How.PERCENT, How.MEAN):
            continue
        counted = kpi.source.count(span)
        for desk in desks if kpi.by_department else [None]:
            ours: Departments = {desk.pk} if desk else None
            target = of_desks[desk.pk if desk else None].get(code)
            days = picked(kpi, counted, ours)
            value = value_of(kpi, days, span)
            if target is None or value is None:
                continue
            whole = int(total(kpi, days, span)[1])
            yield _aim(code, kpi, desk, (value, target), whole, rows_of(kpi, span, ours))


def _aim(
    code: str,
    kpi: KPI,
    desk: Department | None,
    numbers: tuple[float, float],
    whole: int,
    urls: tuple[str, str],
) -> Aim:
    value, target = numbers
    share = reached(value, target, less_is_better=kpi.better == Better.DOWN)
    (may, *_others) = sorted(kpi.permissions)
    url = urls[1] or urls[0]
    return Aim(
        kpi=code,
        code=desk.code if desk else "",
        department=desk.pk if desk else None,
        value=value,
        target=target,
        reached=100.0 if share is None else share,
        rows=whole,
        sort="share" if kpi.how == How.PERCENT else SORTS.get(kpi.unit, "points"),
        act=_page(code, desk),
        evidence=(Evidence(N_("rows of the last thirty days"), whole, url, may),),
    )


def _page(code: str, desk: Department | None) -> str:
    query = f"?{urlencode({'department': desk.code})}" if desk else ""
    return f"{reverse('kpis:figure', args=[code])}{query}"


def shortages(now: datetime) -> Iterator[Shortage]:
    """Yield products that orders had to wait for; three queries."""
    held = _held_up(now - timedelta(days=LOOKED_AT))
    lines = OrderLine.objects.filter(order__in={order for order, _position in held})
    orders: dict[int, set[int]] = defaultdict(set)
    pieces: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines.exclude(product=None).order_by():
        if (line.order_id, line.position) in held:
            orders[line.product_id or 0].add(line.order_id)
            pieces[line.product_id or 0] += line.quantity
    for stock in Stock.objects.filter(product__in=orders).select_related("product"):
        product = stock.product
        found = orders[product.pk]
        yield Shortage(
            sku=product.sku,
            name={"de": product.name_de, "en": product.name_en},
            orders=len(found),
            pieces=int(pieces[product.pk]),
            act=links.row(stock),
            evidence=(named(N_("orders held up by it"), Order, found),),
        )


def _held_up(since: datetime) -> set[tuple[int, int]]:
    """Return the lines, by order and position, of which a person had to settle that stock was short."""
    waits = Order.objects.to_check().filter(created_at__gte=since).exclude(doubts=[])
    accepted = Event.objects.filter(
        kind="order.doubts_accepted", subject_type=Order._meta.label_lower, at__gte=since
    )
    said: list[tuple[int, Iterable[dict[str, object]]]] = [
        *waits.values_list("pk", "doubts"),
        *((pk, data["doubts"]) for pk, data in accepted.values_list("subject_id", "data")),
    ]
    return {
        (pk, position)
        for pk, doubts in said
        for doubt in doubts
        if doubt.get("code") == SHORT and isinstance(position := doubt.get("position"), int)
    }


def debts(now: datetime) -> Iterator[Debt]:
    """Yield customers with invoices past their day; three queries.

    An invoice stays with the customer it was issued to, and is owed by whom it was put into.
    """
    today = timezone.localdate(now)
    late = Receivable.objects.overdue(today).filter(invoice__currency=currency())
    invoices: dict[int, list[int]] = defaultdict(list)
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    levels: dict[int, int] = defaultdict(int)
    heads = merging.heads()
    found = late.values_list("invoice__customer", "invoice", "open_amount", "level")
    for issued_to, invoice, amount, level in found:
        customer = heads.get(issued_to, issued_to)
        invoices[customer].append(invoice)
        amounts[customer] += amount
        levels[customer] = max(levels[customer], level)
    for one in Customer.objects.filter(pk__in=invoices):
        yield Debt(
            number=one.number,
            name=one.name,
            invoices=len(invoices[one.pk]),
            amount=float(amounts[one.pk]),
            reminders=levels[one.pk],
            act=links.row(one),
            evidence=(named(N_("invoices past their day"), Invoice, invoices[one.pk]),),
        )
