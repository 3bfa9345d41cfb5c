"""What is asked before lines of an invoice are credited: pieces, or an amount off the price."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
)

from orders.billing import CENT
from orders.models import Invoice
from orders.services import crediting

PIECES, AMOUNT = "pieces_", "amount_"


def crediting_form(invoice: Invoice) -> type[forms.Form]:
    """Pieces only where some came back or were cancelled; an amount on whatever is left."""
    fields: dict[str, forms.Field] = {}
    for line, rest, returned in crediting.open_lines(invoice):
        told = {"position": line.position, "sku": line.sku, "name": line.name}
        if returned:
            label = gettext(
                "%(position)d. %(sku)s %(name)s: pieces that came back (at most %(most)d)"
            )
            fields[f"{PIECES}{line.pk}"] = forms.IntegerField(
                label=label % {**told, "most": returned},
                required=False,
                min_value=0,
                max_value=returned,
                initial=returned,
                widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
            )
        if rest.total > 0:
            label = gettext("%(position)d. %(sku)s %(name)s: net amount off (at most %(most)s)")
            fields[f"{AMOUNT}{line.pk}"] = forms.DecimalField(
                label=label % {**told, "most": number_format(rest.total, 2)},
                required=False,
                min_value=CENT,
                max_value=rest.total,
                decimal_places=2,
                widget=UnfoldAdminDecimalFieldWidget(),
            )
    fields["reason"] = forms.CharField(
        label=_("Why"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    return type("Dialog", (_OneOfEach,), fields)


class _OneOfEach(forms.Form):
    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        twice = [
            name for name, count in said.items()
            if name.startswith(PIECES) and count and said.get(name.replace(PIECES, AMOUNT))
        ]  # fmt: skip
        for name in twice:
            self.add_error(name, gettext("Credit either pieces or an amount of one line."))
        return said


def credited(said: Mapping[str, Any]) -> dict[int, int | Decimal]:
    """What was asked for, by the line's key."""
    found: dict[int, int | Decimal] = {}
    for name, value in said.items():
        for prefix in (PIECES, AMOUNT):
            if name.startswith(prefix) and value:
                found[int(name.removeprefix(prefix))] = value
    return found
