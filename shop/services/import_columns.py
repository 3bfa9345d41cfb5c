"""The columns that a file of products may have: those of the export, in either language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hbu.lib.reasons import N_
from shop.importing import cells
from shop.importing.table import Cell
from shop.models import Category, Family, Product, Stock

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    read: Callable[[str], Any]
    of_product: bool = True
    """A field of the product itself, not of what belongs to it."""
    path: str = ""
    """As an export calls it, where that is another name."""

    @property
    def label(self) -> str:
        """What stands above it, in the reader's language."""
        if self.name in LABELS:
            return str(LABELS[self.name])
        field = Product._meta.get_field(self.name)
        own = str(field.verbose_name)  # type: ignore[union-attr]
        if self.name not in CODED:
            return own
        return f"{own}: {CODED[self.name]._meta.get_field('code').verbose_name}"  # type: ignore[union-attr]

    def shown(self, value: Any) -> str:
        return value.code if isinstance(value, Category | Family) else cells.shown(value)


@dataclass(frozen=True, slots=True)
class Books:
    """What the file is compared with."""

    products: Mapping[str, Product]
    categories: Mapping[str, Category]
    families: Mapping[str, Family]
    spelling: Mapping[str, str]
    """Article numbers by what they are without capitals."""


CODED: dict[str, type[Model]] = {"category": Category, "family": Family}
LABELS: dict[str, Words] = {"tier_prices": _("tier prices"), "stock": _("stock")}
COLUMNS = {
    one.name: one
    for one in (
        Column("sku", cells.words),
        Column("category", cells.words, path="category__code"),
        Column("family", cells.words, path="family__code"),
        Column("name_de", cells.words),
        Column("name_en", cells.words),
        Column("description_de", cells.words),
        Column("description_en", cells.words),
        Column("material", cells.words),
        Column("colour", cells.words),
        Column("size_mm", cells.amount),
        Column("price", cells.amount),
        Column("tier_prices", cells.steps, of_product=False),
        Column("tax_rate", cells.amount),
        Column("pack_size", cells.whole),
        Column("min_quantity", cells.whole),
        Column("lead_time_days", cells.whole),
        Column("from_stock", cells.yes_or_no),
        Column("is_active", cells.yes_or_no),
        Column("stock", cells.whole, of_product=False),
    )
}
SMALL, BIG = 32_767, 2_147_483_647
NEEDED = ("sku", "category", "name_de", "name_en", "price")
_MAY_BE_EMPTY = {"size_mm": None, "family": None, "tier_prices": cells.NONE, "stock": None}


def known(headers: Sequence[str]) -> dict[int, Column]:
    """Return which column stands where; a name that comes twice counts once."""
    names = _names()
    found: dict[int, Column] = {}
    for position, header in enumerate(headers):
        column = names.get(" ".join(header.split()).casefold())
        if column and column not in found.values():
            found[position] = column
    return found


def _names() -> dict[str, Column]:
    names = {one.name: one for one in COLUMNS.values()}
    names |= {one.path: one for one in COLUMNS.values() if one.path}
    for language, _name in settings.LANGUAGES:
        with override(language):
            names |= {one.label.casefold(): one for one in COLUMNS.values()}
    return names


def books(skus: Iterable[str], *, lock: bool = False) -> Books:
    wanted = list(skus)
    rows = Product.objects.filter(sku__in=wanted).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
        shelves = Stock.objects.filter(product__sku__in=wanted)
        list(shelves.select_for_update(of=("self",)).order_by("product_id").values_list("pk"))
    rows = rows.select_related("stock", "category", "family").prefetch_related("tiers")
    every = Product.objects.order_by().values_list("sku", flat=True)
    return Books(
        products={one.sku: one for one in rows},
        categories={one.code: one for one in Category.objects.all()},
        families={one.code: one for one in Family.objects.all()},
        spelling={sku.casefold(): sku for sku in every.iterator()},
    )


def value(column: Column, cell: Cell, known: Books) -> Any:
    """Return what the cell says; raises ValueError."""
    if cell is None:
        raise ValueError(N_("a formula: save the file with its values"))
    if cell == "" and column.name in _MAY_BE_EMPTY:
        return _MAY_BE_EMPTY[column.name]
    if cell == "" and column.read is not cells.words:
        raise ValueError(N_("is missing"))
    if column.name in CODED:
        return _row_of(column, cell, known)
    read = column.read(cell)
    _check_bounds(column, read)
    if not column.of_product:
        return read
    try:
        return Product._meta.get_field(column.name).clean(read, None)  # type: ignore[union-attr]
    except ValidationError as wrong:
        raise ValueError(" ".join(wrong.messages)) from None


def _check_bounds(column: Column, read: Any) -> None:
    """What PostgreSQL can hold, asked also where SQLite would take anything."""
    most = SMALL if column.name == "lead_time_days" else BIG
    numbers = [since for since, _ in read] if isinstance(read, tuple) else [read]
    if any(isinstance(number, int) and number > most for number in numbers):
        raise ValueError(N_("beyond all bounds"))
    if isinstance(read, tuple) and any(number < 1 for number in numbers):
        raise ValueError(N_("beyond all bounds"))


def _row_of(column: Column, code: str, known: Books) -> Category | Family:
    rows: Mapping[str, Any] = known.categories if column.name == "category" else known.families
    if code not in rows:
        raise ValueError(N_("there is none with this code"))
    found: Category | Family = rows[code]
    return found


def current(product: Product, name: str) -> Any:
    if name == "tier_prices":
        public = (one for one in product.tiers.all() if one.price_list_id is None)
        return tuple(sorted((one.from_quantity, one.price) for one in public))
    if name == "stock":
        counted = shelf(product)
        return counted.on_hand if counted else None
    return getattr(product, name)


def shelf(product: Product | None) -> Stock | None:
    return product.stock if product is not None and hasattr(product, "stock") else None
