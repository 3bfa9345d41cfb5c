"""What is asked before pieces of an order move: so many of which line."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from orders.models import Order, OrderLine
from orders.progress import Pieces
from orders.services.progressing import pieces_of
from orders.services.returning import Back

LINE, RESTOCK = "line_", "restock_"
Answers = Mapping[str, Any]


def shipping(order: Order) -> type[forms.Form]:
    fields = _quantities(order, lambda pieces: pieces.to_ship, all_of_it=True)
    fields["carrier"] = _text(_("Carrier"), 60)
    fields["tracking"] = _text(_("Tracking number"), 80)
    return _form(order, fields)


def cancelling_the_rest(order: Order) -> type[forms.Form]:
    fields = _quantities(order, lambda pieces: pieces.to_ship, all_of_it=True)
    return _form(order, fields | {"reason": _reason()})


def taking_back(order: Order) -> type[forms.Form]:
    fields: dict[str, forms.Field] = {}
    counted = _quantities(order, lambda pieces: pieces.returnable, all_of_it=False)
    for name, field in counted.items():
        fields[name] = field
        fields[name.replace(LINE, RESTOCK)] = forms.BooleanField(
            label=_("Back on the shelf, as good as new"),
            required=False,
            initial=True,
            widget=UnfoldBooleanWidget(),
        )
    return _form(order, fields | {"reason": _reason()})


def quantities(said: Answers) -> dict[int, int]:
    """How many pieces of which line were asked for."""
    return {
        int(name.removeprefix(LINE)): count
        for name, count in said.items()
        if name.startswith(LINE) and count
    }


def coming_back(said: Answers) -> dict[int, Back]:
    return {
        pk: Back(count, restock=bool(said.get(f"{RESTOCK}{pk}")))
        for pk, count in quantities(said).items()
    }


def _form(order: Order, fields: Mapping[str, forms.Field]) -> type[forms.Form]:
    seen = forms.IntegerField(initial=order.version, widget=forms.HiddenInput())
    return type("Dialog", (forms.Form,), {**fields, "seen": seen})


def _quantities(
    order: Order, possible: Callable[[Pieces], int], *, all_of_it: bool
) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for line in order.lines.all():
        most = possible(pieces_of(line))
        if most > 0:
            fields[f"{LINE}{line.pk}"] = forms.IntegerField(
                label=label(line, most),
                required=False,
                min_value=0,
                max_value=most,
                initial=most if all_of_it else 0,
                widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
            )
    return fields


def label(line: OrderLine, most: int) -> str:
    said = gettext("%(position)d. %(sku)s %(name)s (at most %(most)d)")
    return said % {"position": line.position, "sku": line.sku, "name": line.name, "most": most}


def _text(label: Any, length: int) -> forms.Field:
    return forms.CharField(
        label=label, max_length=length, required=False, widget=UnfoldAdminTextInputWidget()
    )


def _reason() -> forms.Field:
    return forms.CharField(
        label=_("Why"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
