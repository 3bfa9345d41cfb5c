"""What the draft desk shows: document and lines side by side, each doubt with its remedies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin.showing import Words, percent
from orders.admin.document_sheet import Sheet, sheet
from orders.admin.order_page import money
from orders.matching import CERTAIN
from orders.models import Order, OrderLine
from orders.services import filing, rechecking
from shop.models import Customer, Product

UNKNOWN_PRODUCT = frozenset({"unknown_article", "weak_match"})
QUANTITY = frozenset({"ambiguous_quantity", "odd_quantity", "unknown_unit", "pack_unit"})
NOT_TO_ACCEPT = frozenset({"unknown_article", "unknown_customer", "no_lines", "stock"})
"""What no look settles: the order could not be carried out."""
CANDIDATES = 4


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """A button: what it says and what is done when it is pressed."""

    do: str
    label: Words
    hint: Words = ""
    is_best: bool = False


@dataclass(frozen=True, kw_only=True)
class Doubt:
    what: str
    evidence: str
    remedies: Sequence[Remedy]


@dataclass(frozen=True, kw_only=True)
class Line:
    row: OrderLine
    doubts: Sequence[Doubt]
    why: str
    price_why: str
    unit_price: str
    total: str
    stated_price: str
    choices: Sequence[Remedy]
    """Products that came close."""

    @property
    def path(self) -> str:
        return f"lines.{self.row.position - 1}"

    @property
    def is_doubtful(self) -> bool:
        return bool(self.doubts)

    @property
    def match(self) -> str:
        return percent(self.row.score)

    @property
    def level(self) -> str:
        if self.row.product is None:
            return "weak"
        return "sure" if self.row.score >= CERTAIN else "look"


@dataclass(frozen=True, kw_only=True)
class Desk:
    order: Order
    sheet: Sheet | None
    lines: Sequence[Line]
    doubts: Sequence[Doubt]
    """Of the order as a whole."""
    sums: Sequence[tuple[Words, str, str, bool]]
    """What, in the document, with us, and whether they tie."""
    customers: Sequence[Customer] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        return len(self.order.doubts)


def desk(order: Order) -> Desk:
    read = filing.read_of(order.document) if order.document else None
    rows = list(order.lines.select_related("product__stock").order_by("position"))
    return Desk(
        order=order,
        sheet=sheet(order.document, read) if order.document and read else None,
        lines=[_line(order, row) for row in rows],
        doubts=[_doubt(order, one, None) for one in order.doubts if not _row_of(rows, one)],
        sums=list(_sums(order)),
        customers=_customers(order, read.buyer.name if read else ""),
    )


def _row_of(rows: Sequence[OrderLine], doubt: Mapping[str, Any]) -> OrderLine | None:
    return next((row for row in rows if row.position == doubt["position"]), None)


def _line(order: Order, row: OrderLine) -> Line:
    row.order = order
    stated = rechecking.stated_price(order, row)
    return Line(
        row=row,
        doubts=[_doubt(order, one, row) for one in order.doubts if one["position"] == row.position],
        why=_reasons(row.reasons),
        price_why=_reasons(row.price_reasons),
        unit_price=_price(row.unit_price),
        total=money(row.total, order),
        stated_price=_price(stated) if stated is not None else "",
        choices=list(_choices(row)),
    )


def _reasons(reasons: Sequence[Mapping[str, str]]) -> str:
    told = (f"{gettext(one['what'])} {one.get('evidence', '')}".strip() for one in reasons)
    return ", ".join(told)


def _price(amount: Decimal) -> str:
    plain = amount.normalize()
    places = max(2, -int(plain.as_tuple().exponent))
    return number_format(plain, places)


def _doubt(order: Order, doubt: Mapping[str, Any], row: OrderLine | None) -> Doubt:
    remedies = [*(_remedies(doubt["code"], row) if row else ()), *_acceptance(doubt)]
    return Doubt(what=gettext(doubt["what"]), evidence=doubt["evidence"], remedies=remedies)


def _acceptance(doubt: Mapping[str, Any]) -> Iterator[Remedy]:
    code = doubt["code"]
    if code not in NOT_TO_ACCEPT:
        label = _("Sell at our price") if code == "price_differs" else _("That is all right")
        yield Remedy(do=f"accept {code} {doubt['position']}", label=label)


def _remedies(code: str, row: OrderLine) -> Iterator[Remedy]:
    if code == "price_differs":
        yield Remedy(do=f"price {row.pk}", label=_("Agree to the customer's price"))
    elif code == "min_quantity" and row.product:
        yield _raised(row, Decimal(row.product.min_quantity))
    elif code == "pack_size" and row.product:
        yield from _rounded(row, row.product)
    elif code == "stock" and row.product:
        yield from _in_stock(row, row.product)


def _raised(row: OrderLine, quantity: Decimal) -> Remedy:
    label = gettext("Make it %(quantity)s") % {"quantity": number_format(quantity, 0)}
    return Remedy(do=f"quantity {row.pk} {quantity:f}", label=label, is_best=True)


def _rounded(row: OrderLine, product: Product) -> Iterator[Remedy]:
    pack = product.pack_size
    below = row.quantity // pack * pack
    yield _raised(row, below + pack)
    if below >= max(product.min_quantity, 1):
        label = gettext("Make it %(quantity)s") % {"quantity": number_format(below, 0)}
        yield Remedy(do=f"quantity {row.pk} {below:f}", label=label)


def _in_stock(row: OrderLine, product: Product) -> Iterator[Remedy]:
    there = product.stock.available if hasattr(product, "stock") else 0
    there = there // product.pack_size * product.pack_size
    if 0 < there < row.quantity:
        shown = {"quantity": number_format(there, 0)}
        yield Remedy(
            do=f"put-off {row.pk} {there}",
            label=gettext("%(quantity)s now, the rest later") % shown,
            hint=_("The rest becomes an order of its own that waits for its goods."),
            is_best=True,
        )
        yield Remedy(do=f"quantity {row.pk} {there}", label=gettext("Only %(quantity)s") % shown)


def _choices(row: OrderLine) -> Iterator[Remedy]:
    """Products that the line may mean, likeliest first; the present one stands above already."""
    chosen = row.product.sku if row.product else ""
    known = {sku: score for sku, score in row.candidates if sku != chosen}
    products = Product.objects.on_sale().filter(sku__in=known)
    for one in sorted(products, key=lambda product: -known[product.sku])[:CANDIDATES]:
        yield Remedy(do=f"product {row.pk} {one.sku}", label=str(one), hint=percent(known[one.sku]))


def _sums(order: Order) -> Iterator[tuple[Words, str, str, bool]]:
    read = filing.read_of(order.document) if order.document else None
    cents = Decimal("0.01") * (order.lines.count() + 1)
    for label, name in ((_("net"), "net"), (_("VAT"), "tax"), (_("gross"), "gross")):
        ours, stated = getattr(order, name), getattr(read, name, None)
        ties = stated is None or abs(stated - ours) <= cents
        yield label, money(stated, order) if stated is not None else "", money(ours, order), ties


def _customers(order: Order, name: str) -> Sequence[Customer]:
    """Who it may be, by the first word of the name that the document states."""
    if order.customer_id or not name.strip():
        return ()
    alike = Customer.objects.filter(merged_into=None, name__icontains=name.split(maxsplit=1)[0])
    return list(alike.order_by("name")[:CANDIDATES])
