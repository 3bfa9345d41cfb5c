"""The page of an order, with what only the case side can do: ask whoever ordered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from cases.services import questioning
from hbu.lib.admin import Transition
from orders.admin import OrderAdmin
from orders.models import Order


class QuestionForm(forms.Form):
    questions = forms.CharField(
        label=_("Questions"),
        help_text=_("One a line, in the customer's language. What you delete is not asked."),
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )


ASK_THE_CUSTOMER = Transition(
    name="ask-the-customer",
    label=_("Ask the customer"),
    act=lambda order, by, said: questioning.ask(order, said["questions"], by=by),
    possible=questioning.can_be_asked,
    question=_("This letter goes to the customer, in the conversation that brought the order."),
    form=QuestionForm,
    initial=questioning.suggested,
    preview=questioning.preview,
    icon="contact_support",
)

admin.site.unregister(Order)


@admin.register(Order)
class CaseOrderAdmin(OrderAdmin):
    transitions = (*OrderAdmin.transitions, ASK_THE_CUSTOMER)

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        return [*super().get_list_filter(request), ("cases__department", RelatedDropdownFilter)]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Reports lead to the orders of a product; a choice of all products would be no help."""
        ours = lookup == "lines__product__id__exact"
        return ours or super().lookup_allowed(lookup, value, request)
