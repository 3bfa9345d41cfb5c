"""Who buys, what is bought, and how the departments do; each line opens its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
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
from shop.services import merging

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
    """Return the customers who ordered most; three queries."""
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
    revenues = _revenues(asked, [row["customer"] for row in best])
    return [_customer(asked, row, revenues.get(row["customer"])) for row in best]


def _revenues(asked: Asked, customers: Sequence[int]) -> dict[int, Cell]:
    """Invoices stay with the customer they were issued to; they count for who it was put into."""
    if asked.department or not asked.user.has_perm(REVENUE.permission):
        return {}
    families = {pk: [pk] for pk in customers}
    for gone, kept in merging.heads().items():
        if kept in families:
            families[kept].append(gone)
    rows = REVENUE.rows(asked, asked.span).filter(customer__in=list(chain(*families.values())))
    net = dict(rows.values_list("customer").annotate(_net=REVENUE.part(rows)))
    return {
        pk: _revenue(asked, family, sum((net.get(one, ZERO) for one in family), ZERO))
        for pk, family in families.items()
    }


def _revenue(asked: Asked, family: Sequence[int], net: Decimal) -> Cell:
    url = REVENUE.url(asked, asked.span, customer__id__in=sorted(family))
    return Cell(str(REVENUE.label), net, shown(MONEY, net), url)


def _customer(asked: Asked, row: dict[str, Any], revenue: Cell | None) -> Line:
    orders = WORTH.url(asked, asked.span, customer__id__exact=row["customer"])
    cells = [
        Cell(str(MEASURES["orders"].label), row["orders"], shown(PIECES, row["orders"]), orders),
        Cell(str(WORTH.label), row["worth"], shown(MONEY, row["worth"]), orders),
    ]
    if revenue:
        cells.append(revenue)
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
