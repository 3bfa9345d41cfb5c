"""The fields of a document as a form: what was read is what stands in it, and may be put right."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.data import ReadDocument
from orders.models import Document
from orders.services.correcting import Wanted
from shop.models import Product, Supplier

LINES_SHOWN = 200
HEAD: tuple[tuple[str, Promise], ...] = (
    ("kind", _("kind")),
    ("number", _("number")),
    ("date", _("date")),
    ("requested_date", _("wanted by")),
    ("due_date", _("to be paid by")),
    ("order_reference", _("our order")),
    ("buyer_reference", _("their reference")),
)
PARTY: tuple[tuple[str, Promise], ...] = (
    ("name", _("company")),
    ("identifier", _("number")),
    ("vat_id", _("VAT id")),
    ("street", _("street")),
    ("postcode", _("postcode")),
    ("city", _("city")),
    ("iban", _("IBAN")),
)
SUMS: tuple[tuple[str, Promise], ...] = (
    ("net", _("net")),
    ("tax", _("VAT")),
    ("gross", _("gross")),
    ("payable", _("to be paid")),
    ("currency", _("currency")),
)
LINE: tuple[tuple[str, Promise], ...] = (
    ("sku", _("article number")),
    ("name", _("name")),
    ("quantity", _("quantity")),
    ("unit", _("unit")),
    ("price", _("price")),
    ("total", _("total")),
)
ONLY_FOR = {
    "requested_date": "order",
    "due_date": "invoice",
    "order_reference": "invoice",
    "payable": "invoice",
}
_DATES = {"date", "requested_date", "due_date"}
_AMOUNTS = {"net", "tax", "gross", "payable", "quantity", "price", "total"}
_MOST = Decimal(10) ** 12


def _date() -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, widget=widget, input_formats=["%Y-%m-%d"])


def _amount() -> forms.DecimalField:
    field = forms.DecimalField(required=False, localize=True, min_value=-_MOST, max_value=_MOST)
    field.widget.attrs["inputmode"] = "decimal"
    return field


def _field(name: str, value: Any) -> forms.Field:
    if name == "kind":
        return forms.ChoiceField(choices=Document.Kind.choices)
    if name in _DATES:
        return _date()
    if name in _AMOUNTS:
        return _amount()
    length = 3 if name == "currency" else 80 if name == "number" else 200
    return forms.CharField(required=False, max_length=max(length, len(value or "")))


class DocumentForm(forms.Form):
    """Fields are named by their paths. What is not posted was not touched."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, document: Document, read: ReadDocument, data: QueryDict | None = None
    ) -> None:
        seen = document.corrections.count()
        super().__init__(data, initial={"seen": seen, "supplier": document.supplier_id})
        self.read = read
        self.as_read = self if data is None else DocumentForm(document, read)
        for path, value in _values(read):
            # In one line, as the browser will send it back.
            shown = " ".join(value.split()) if isinstance(value, str) else value
            self.fields[path] = _field(path.rpartition(".")[2], shown)
            self.initial[path] = shown
        for index in range(min(len(read.lines), LINES_SHOWN)):
            self.fields[f"lines.{index}.product"] = forms.CharField(required=False, max_length=40)
            self.fields[f"lines.{index}.out"] = forms.BooleanField(required=False)
        if document.kind == Document.Kind.INVOICE:
            self.fields["supplier"] = forms.ModelChoiceField(
                Supplier.objects.all(), required=False, empty_label=gettext("not known")
            )
        if data is not None:
            self._drop_untouched(data)

    @property
    def typed(self) -> list[str]:
        """What was posted, by name; none of it where the document is shown as it was read."""
        return [] if self.as_read is self else [name for name in self.fields if name != "seen"]

    def shown(self, path: str) -> forms.BoundField | None:
        """The field as it was typed, else as it was read; None where there is none."""
        form = self if path in self.fields else self.as_read
        return form[path] if path in form.fields else None

    def _drop_untouched(self, data: QueryDict) -> None:
        new = f"lines.{len(self.read.lines)}."
        # A new line is asked for its quantity whatever else was typed.
        asked = {"seen"} | (
            {f"{new}quantity"} if any(path.startswith(new) for path in data) else set()
        )
        for path in [path for path in self.fields if path not in data and path not in asked]:
            del self.fields[path]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        wanted = {
            path: sku.strip()
            for path, sku in values.items()
            if path.endswith(".product") and sku.strip()
        }
        self.products = _products(set(wanted.values()))
        for path, sku in wanted.items():
            if sku.lower() not in self.products:
                self.add_error(path, _("We have no article with this number."))
        self._check_quantities(values)
        return values

    def _check_quantities(self, values: Mapping[str, Any]) -> None:
        touched = {
            path.rpartition(".")[0] for path in self.changed_data if path.startswith("lines.")
        }
        for line in touched:
            path = f"{line}.quantity"
            if values.get(f"{line}.out") or path not in self.fields:
                continue
            quantity = values.get(path)
            if path not in self.errors and (quantity is None or quantity <= 0):
                self.add_error(path, _("A line has a quantity above zero, or is taken out."))

    def wanted(self) -> Wanted:
        """The corrections of a form that is valid."""
        changes: dict[str, Any] = {}
        products: dict[int, Product] = {}
        for path in self.changed_data:
            value, last = self.cleaned_data[path], path.rpartition(".")[2]
            if last == "out" and value:
                changes[path.removesuffix(".out")] = None
            elif last == "product" and value.strip():
                products[int(path.split(".")[1])] = self.products[value.strip().lower()]
            elif last not in {"out", "product", "seen", "supplier"}:
                changes[path] = value
        out = tuple(f"{path}." for path, value in changes.items() if _is_line(path))
        return Wanted(
            changes={path: new for path, new in changes.items() if not path.startswith(out)},
            products=products,
            supplier=self.cleaned_data.get("supplier"),
            seen=self.cleaned_data["seen"],
        )


def _is_line(path: str) -> bool:
    """Whether a path names a line as a whole, which is how it is taken out."""
    return path.startswith("lines.") and path.count(".") == 1


def _values(read: ReadDocument) -> Iterator[tuple[str, Any]]:
    for name, _label in (*HEAD, *SUMS):
        if ONLY_FOR.get(name, read.kind) == read.kind:
            yield name, getattr(read, name)
    for side, party in (("seller", read.seller), ("buyer", read.buyer)):
        stated = ((name, getattr(party, name)) for name, _label in PARTY)
        asked = {"name", "vat_id"} | (
            {"iban"} if (side, read.kind) == ("seller", "invoice") else set()
        )
        # An address that was not read is of no use to anybody here.
        yield from ((f"{side}.{name}", one) for name, one in stated if one or name in asked)
    for index, line in enumerate(read.lines[:LINES_SHOWN]):
        yield from ((f"lines.{index}.{name}", getattr(line, name)) for name, _label in LINE)
    if len(read.lines) <= LINES_SHOWN:
        yield from ((f"lines.{len(read.lines)}.{name}", None) for name, _label in LINE)


def _products(skus: set[str]) -> Mapping[str, Product]:
    lower = {sku.lower() for sku in skus}
    rows = Product.objects.annotate(lower=Lower("sku")).filter(lower__in=lower) if lower else ()
    return {row.sku.lower(): row for row in rows}
