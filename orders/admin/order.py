"""Orders: what to check first, what was understood and why, and the next step."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)

from hbu.lib.admin import Section, SectionsMixin, StaffAdmin, Transition, column, labelled, nowrap
from orders.admin import lateness, order_page
from orders.admin.desk import DeskMixin
from orders.admin.entering import EnteringMixin
from orders.admin.figures import DeliveryFilter
from orders.admin.lines import LineInline, is_editable
from orders.admin.steps import STEPS
from orders.models import Order
from orders.services import editing

EDITABLE = ("customer", "reference", "requested_date")


@admin.register(Order)
class OrderAdmin(DeskMixin, EnteringMixin, SectionsMixin, StaffAdmin):
    empty_words = _("No order yet. Orders come in by mail, by the shop or by the API.")
    list_display = (
        "numbers", "customer", "state_label", "doubtful", "late", "gross_amount", "requested_date",
        "promised_date", "source", "created_at",
    )  # fmt: skip
    list_select_related = ("customer",)
    list_filter = (
        ("state", ChoicesDropdownFilter),
        lateness.LateFilter,
        DeliveryFilter,
        ("source", ChoicesDropdownFilter),
        ("customer", RelatedDropdownFilter),
        ("promised_date", RangeDateFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("number", "reference", "customer__name", "customer__number", "lines__sku")
    search_help_text = _("Our number, the customer's number, customer or article")
    date_hierarchy = "created_at"
    export_fields = (
        "number", "state", "customer__number", "customer__name", "reference", "source", "currency",
        "net", "tax", "gross", "requested_date", "promised_date", "created_at", "confirmed_at",
    )  # fmt: skip
    autocomplete_fields = ("customer",)
    inlines = (LineInline,)
    in_journal = True
    transitions: tuple[Transition, ...] = STEPS

    class Media:
        css = {"all": ["orders/order.css"]}

    state_label = labelled("state", _("state"), order_page.COLOURS)

    @column(_("number"), ordering="number", header=True)
    def numbers(self, order: Order) -> tuple[str, str]:
        return nowrap(order.number), order.reference

    @column(_("to look at"), label={"doubts": "warning", "held": "danger"})
    def doubtful(self, order: Order) -> tuple[str, str] | None:
        if order.on_hold:
            return lateness.HELD, gettext("on hold")
        return ("doubts", str(len(order.doubts))) if order.doubts else None

    @column(_("late since"), ordering="overdue_since", label={lateness.LATE: "danger"})
    def late(self, order: Order) -> tuple[str, str] | None:
        return lateness.shown(order)

    @column(_("gross"), ordering="gross")
    def gross_amount(self, order: Order) -> str:
        return nowrap(order_page.money(order.gross, order))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Order]":
        return lateness.with_overdue(super().get_queryset(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """The steps ask for the right themselves."""
        return is_editable(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> list[Any]:
        if not self.has_change_permission(request, obj):
            return []
        return [(_("Put right"), {"fields": EDITABLE})]

    def sections(self, request: HttpRequest, order: Order) -> Sequence[Section]:
        return order_page.above(order, request.user)

    def sections_below(self, request: HttpRequest, order: Order) -> Sequence[Section]:
        return order_page.below(order)

    def save_model(
        self,
        request: HttpRequest,
        obj: Order,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        """Order and lines are written together, in save_related."""

    def save_related(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        wanted = form.cleaned_data
        lines = {
            one.instance.pk: editing.NewLine(
                one.cleaned_data["product"], one.cleaned_data["quantity"]
            )
            for formset in formsets
            for one in formset.initial_forms
            if one.has_changed()
        }
        for formset in formsets:
            # The admin tells its log what these say.
            formset.new_objects = formset.changed_objects = formset.deleted_objects = []
        edit = editing.Edit(
            customer=wanted["customer"],
            reference=wanted["reference"],
            requested_date=wanted["requested_date"],
            lines=lines,
        )
        editing.edit(form.instance, edit, by=request.user)  # type: ignore[arg-type] # staff
