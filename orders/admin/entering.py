"""The page on which staff enter an order by hand."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from hbu.lib.admin.showing import address
from hbu.lib.errors import DomainError
from orders.models import Order
from orders.services import entering
from shop.models import Customer, Product

LOOK = forms.Media(css={"all": ["orders/order.css"]})
ROWS, MORE_ROWS, MOST_ROWS = 6, 6, 200


class HeadForm(forms.Form):
    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.filter(merged_into=None).order_by("name"),
        widget=AutocompleteSelect(Order._meta.get_field("customer"), admin.site),
    )
    reference = forms.CharField(
        label=_("Customer's order number"),
        max_length=80,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )
    requested_date = forms.DateField(
        label=_("Wanted by"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )
    note = forms.CharField(
        label=_("Customer's note"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


class LineForm(forms.Form):
    sku = forms.CharField(
        label=_("Article number"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"list": "articles", "autocomplete": "off"}),
    )
    quantity = forms.DecimalField(
        label=_("Quantity"),
        min_value=Decimal(1),
        max_value=Decimal(10) ** 9,
        max_digits=12,
        decimal_places=0,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget(),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("sku")) != bool(said.get("quantity")) and not self.errors:
            raise forms.ValidationError(_("Article and quantity belong together."))
        return said


class EnteringMixin:
    """The add page of orders is a form of our own, which goes through the services."""

    admin_site: Any
    opts: Any
    has_add_permission: Callable[..., bool]

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else None
        head, rows = HeadForm(asked), _rows(request)
        if asked is not None and "more" not in asked and _all_valid(head, rows):
            order = _enter(request, head, rows)
            if order is not None:
                return HttpResponseRedirect(address(order))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Enter an order"),
            "head": head,
            "rows": rows,
            "articles": Product.objects.on_sale().order_by("sku"),
            "media": head.media + LOOK,
        }
        return TemplateResponse(request, "orders/order/enter.html", context)


def _rows(request: HttpRequest) -> list[LineForm]:
    if request.method != "POST":
        return [LineForm(prefix=f"line-{index}") for index in range(ROWS)]
    sent = request.POST.get("rows", "")
    count = min(int(sent), MOST_ROWS) if sent.isdecimal() and len(sent) < 5 else ROWS
    if "more" in request.POST:
        count = min(count + MORE_ROWS, MOST_ROWS)
    return [LineForm(request.POST, prefix=f"line-{index}") for index in range(count)]


def _all_valid(head: HeadForm, rows: list[LineForm]) -> bool:
    return all(form.is_valid() for form in (head, *rows))


def _enter(request: HttpRequest, head: HeadForm, rows: list[LineForm]) -> Order | None:
    said = head.cleaned_data
    wanted = [
        entering.Wanted(row.cleaned_data["sku"], row.cleaned_data["quantity"])
        for row in rows
        if row.cleaned_data.get("sku")
    ]
    try:
        return entering.enter(
            said["customer"],
            wanted,
            by=request.user,  # type: ignore[arg-type] # staff
            reference=said["reference"],
            requested_date=said["requested_date"],
            note=said["note"],
        )
    except DomainError as error:
        messages.error(request, gettext(error.message))
        return None
