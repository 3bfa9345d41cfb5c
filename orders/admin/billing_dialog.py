"""What is asked before an order is billed: so many pieces of which line."""

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from orders.admin.dialogs import LINE, label
from orders.models import Order
from orders.services import invoicing


def billing(order: Order) -> type[forms.Form]:
    allowed = invoicing.billable(order)
    fields = {
        f"{LINE}{line.pk}": forms.IntegerField(
            label=label(line, allowed[line.pk]),
            required=False,
            min_value=0,
            max_value=allowed[line.pk],
            initial=allowed[line.pk],
            widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
        )
        for line in order.lines.all()
        if line.pk in allowed
    }
    return type("Dialog", (forms.Form,), fields)
