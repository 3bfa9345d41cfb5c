"""The lines of a quotation: what is offered, at which price, and why that price."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from hbu.lib.admin import column, nowrap
from orders.admin.money import amount
from orders.admin.positions import PositionForm, PositionInline
from orders.models import Quotation, QuotationLine
from orders.services.revising import set_by_hand


class QuotationLineForm(PositionForm):
    own_price = forms.DecimalField(
        label=_("Own price"),
        help_text=_("Of one piece, net. Empty: by our lists."),
        min_value=Decimal("0.0001"),
        max_digits=12,
        decimal_places=4,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    class Meta:
        model = QuotationLine
        fields = ("product", "quantity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and set_by_hand(self.instance):
            self.initial["own_price"] = self.instance.unit_price.normalize()


class QuotationLineInline(PositionInline):
    model = QuotationLine
    form = QuotationLineForm
    readonly_fields = ("position", "called", "price", "understood", "tax", "sum")

    def get_fields(self, request: HttpRequest, obj: Quotation | None = None) -> tuple[str, ...]:
        if is_editable(request, obj):
            return ("position", "product", "quantity", "own_price", "price", "understood", "sum")
        return ("position", "called", "quantity", "price", "understood", "tax", "sum")

    def has_change_permission(self, request: HttpRequest, obj: Quotation | None = None) -> bool:
        return is_editable(request, obj)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[QuotationLine]":
        rows: QuerySet[QuotationLine] = super().get_queryset(request)
        return rows.select_related("product", "quotation")

    @column(_("article"))
    def called(self, line: QuotationLine) -> str:
        return f"{line.sku} {line.name}"

    @column(_("unit price"))
    def price(self, line: QuotationLine) -> str:
        written = number_format(line.unit_price.normalize())
        return nowrap(f"{written} {line.quotation.currency}")

    @column(_("why this price"))
    def understood(self, line: QuotationLine) -> str:
        if line.product_id is None:
            return gettext("asked for: %s") % f"{line.sku} {line.name}"
        reasons = ((gettext(one["what"]), one.get("evidence", "")) for one in line.price_reasons)
        return format_html_join("", "<div>{} {}</div>", reasons)

    @column(_("VAT %"))
    def tax(self, line: QuotationLine) -> str:
        return number_format(line.tax_rate.normalize())

    @column(_("total"))
    def sum(self, line: QuotationLine) -> str:
        return nowrap(amount(line.total, line.quotation.currency))


def is_editable(request: HttpRequest, quotation: Quotation | None) -> bool:
    """Only what is not sent yet is edited."""
    may = bool(request.user.has_perm("orders.change_quotation"))
    return may and quotation is not None and quotation.state == Quotation.State.REQUESTED
