"""Who buys, what is bought, and how the departments do; each line opens its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext, pgettext

from agents.models import Department
from agents.scope import departments_of
from cases.models import Case
from kpis import links
from kpis.business.figures import compared, shown, value_of
from kpis.business.measures import MEASURES, MONEY, PIECES, Asked
from kpis.periods import Span
from orders.models import Order, OrderLine
from shop.models import Customer, Product

LENGTH = 10
ZERO = Decimal(0)
WORTH, REVENUE = MEASURES["worth"], MEASURES["revenue"]
OF_DEPARTMENTS = ("mails", "automation", "satisfaction", "orders", "worth")


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    value: Decimal | int | None
    shown: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    note: str
    url: str
    cells: Sequence[Cell]
    change: str = ""
    way: str = ""


def customers(asked: Asked) -> list[Line]:
    """Return the customers who ordered most; at most three queries."""
    now = Q(created_at__gte=asked.span.begins)
    both = WORTH.rows(asked, Span(asked.span.before.first, asked.span.last))
    found = (
        both.exclude(customer=None)
        .values("customer", "customer__name", "customer__number")
        .annotate(
            orders=Count("pk", filter=now),
            worth=Sum("net", filter=now),
            before=Sum("net", filter=~now),
        )
    )
    best = list(found.filter(orders__gt=0).order_by("-worth", "customer")[:LENGTH])
    billed = _billed(asked, [row["customer"] for row in best])
    return [_customer(asked, row, billed) for row in best]


def _billed(asked: Asked, customers: Sequence[int]) -> dict[int, Decimal] | None:
    if asked.department or not asked.user.has_perm(REVENUE.permission):
        return None
    rows = REVENUE.rows(asked, asked.span).filter(customer__in=customers)
    return dict(rows.values_list("customer").annotate(_net=REVENUE.part(rows)))


def _customer(asked: Asked, row: dict[str, Any], billed: dict[int, Decimal] | None) -> Line:
    key = {"customer__id__exact": row["customer"]}
    orders = WORTH.url(asked, asked.span, **key)
    cells = [
        Cell(str(MEASURES["orders"].label), row["orders"], shown(PIECES, row["orders"]), orders),
        Cell(str(WORTH.label), row["worth"], shown(MONEY, row["worth"]), orders),
    ]
    if billed is not None:
        net = billed.get(row["customer"], ZERO)
        url = REVENUE.url(asked, asked.span, **key)
        cells.append(Cell(str(REVENUE.label), net, shown(MONEY, net), url))
    change, way = compared(MONEY, row["worth"], row["before"] or ZERO)
    page = links.row(Customer(pk=row["customer"]))
    return Line(row["customer__name"], row["customer__number"], page, cells, change, way)


def products(asked: Asked, by: str = "net") -> list[Line]:
    """Return the products that were ordered most, by their net value or by pieces; one query."""
    rows = OrderLine.objects.filter(order__in=WORTH.rows(asked, asked.span).values("pk"))
    found = (
        rows.exclude(product=None)
        .order_by()
        .values("product", "product__sku", "product__name_de", "product__name_en")
        .annotate(orders=Count("order", distinct=True), pieces=Sum("quantity"), net=Sum("total"))
    )
    best = found.order_by("-pieces" if by == "pieces" else "-net", "product")[:LENGTH]
    return [_product(asked, dict(row)) for row in best]


def _product(asked: Asked, row: dict[str, Any]) -> Line:
    orders = WORTH.url(asked, asked.span, lines__product__id__exact=row["product"])
    product = Product(
        pk=row["product"], name_de=row["product__name_de"], name_en=row["product__name_en"]
    )
    cells = [
        Cell(str(MEASURES["orders"].label), row["orders"], shown(PIECES, row["orders"]), orders),
        Cell(pgettext("articles", "Pieces"), row["pieces"], shown(PIECES, row["pieces"]), orders),
        Cell(gettext("Net value"), row["net"], shown(MONEY, row["net"]), orders),
    ]
    return Line(product.name, row["product__sku"], links.row(product), cells)


def departments(asked: Asked) -> list[Line]:
    """Return a line for each department that the person sees; a query each column."""
    ours = departments_of(asked.user)
    desks = [
        one
        for one in Department.objects.all()
        if (ours is None or one.pk in ours) and asked.department in (None, one)
    ]
    codes = [one for one in OF_DEPARTMENTS if asked.user.has_perm(MEASURES[one].permission)]
    found = {code: _by_desk(code, asked) for code in codes}
    return [
        Line(
            desk.name, "", links.row(desk),
            [_cell(code, asked, desk, found[code].get(desk.pk, (ZERO, 0))) for code in codes],
        )
        for desk in desks
    ]  # fmt: skip


def _cell(code: str, asked: Asked, desk: Department, sums: tuple[Decimal, int]) -> Cell:
    measure = MEASURES[code]
    value = value_of(measure.unit, Decimal(sums[0] or 0), sums[1])
    url = measure.url(_of(asked, desk), asked.span)
    return Cell(str(measure.label), value, shown(measure.unit, value), url)


def _of(asked: Asked, desk: Department) -> Asked:
    return Asked(asked.user, asked.span, desk)


def _by_desk(code: str, asked: Asked) -> dict[int, tuple[Decimal, int]]:
    measure = MEASURES[code]
    everywhere = Asked(asked.user, asked.span)
    rows = measure.rows(everywhere, asked.span)
    if measure.model is Order:
        return _orders_by_desk(rows, by_worth=measure is WORTH)
    desk = F(measure.desk.removesuffix("__id__exact"))
    grouped = rows.annotate(_desk=desk).values("_desk")
    counted = grouped.annotate(_part=measure.part(rows), _count=Count("pk"))
    return {one["_desk"]: (one["_part"], one["_count"]) for one in counted}


def _orders_by_desk(rows: QuerySet[Any], *, by_worth: bool) -> dict[int, tuple[Decimal, int]]:
    """An order counts for each department that works on a case of it, once."""
    through = Case.orders.through.objects
    same = {"order": OuterRef("order"), "case__department": OuterRef("case__department")}
    first = through.exclude(Exists(through.filter(**same, pk__lt=OuterRef("pk"))))
    grouped = first.filter(order__in=rows.values("pk")).values("case__department")
    part = Sum("order__net") if by_worth else Count("pk")
    counted = grouped.annotate(_part=part, _count=Count("pk"))
    return {one["case__department"]: (one["_part"], one["_count"]) for one in counted}
