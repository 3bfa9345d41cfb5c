from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from hbu.lib.admin import (
    ReadOnlyAdmin,
    Section,
    SectionsMixin,
    StaffAdmin,
    Table,
    Transition,
    anchor,
    column,
    labelled,
    moment,
    words_of,
)
from shop.models import Movement, Reservation, Stock
from shop.services import counting, stock

MOST = 100_000_000
SHOWN = 20


class CountForm(forms.Form):
    on_hand = forms.IntegerField(
        label=_("pieces on the shelf"),
        min_value=0,
        max_value=MOST,
        widget=UnfoldAdminIntegerFieldWidget,
    )


class ReceiveForm(forms.Form):
    quantity = forms.IntegerField(
        label=_("pieces that came in"),
        min_value=1,
        max_value=MOST,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    reference = forms.CharField(
        label=_("production order or delivery note"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )


def _receive(shelf: Stock, by: AbstractBaseUser, said: dict[str, Any]) -> None:
    stock.receive(shelf.product, said["quantity"], reference=said["reference"], by=by)


STEPS = (
    Transition(
        name="receive",
        label=_("Goods came in"),
        act=_receive,
        possible=lambda shelf: True,
        question=_("They are added to what lies on the shelf."),
        form=ReceiveForm,
        icon="add_box",
    ),
    Transition(
        name="count",
        label=_("Count"),
        act=lambda shelf, by, said: counting.count(shelf, on_hand=said["on_hand"], by=by),
        possible=lambda shelf: True,
        question=_("Enter what you counted; the movement is written by itself."),
        form=CountForm,
        initial=lambda shelf: {"on_hand": shelf.on_hand},
        icon="pin",
    ),
)


@admin.register(Stock)
class StockAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("No product has stock yet.")
    list_display = ("product", "on_hand", "reserved", "free")
    list_select_related = ("product",)
    list_filter = (("product__category", RelatedDropdownFilter),)
    search_fields = ("product__sku", "product__name_de", "product__name_en")
    autocomplete_fields = ("product",)
    export_fields = ("product__sku", "product__name_de", "on_hand", "reserved")
    fieldsets = ((None, {"fields": ("product", ("on_hand", "reserved"))}),)
    in_journal = True
    transitions = STEPS

    @column(_("available"), label={"none": "danger", "some": "success"})
    def free(self, shelf: Stock) -> tuple[str, str]:
        return "some" if shelf.available else "none", str(shelf.available)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Stock | None = None
    ) -> tuple[str, ...]:
        return ("product", "on_hand", "reserved") if obj else ("reserved",)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if kwargs.get("obj") is not None:
            # Changed by its two buttons only.
            context |= dict.fromkeys(("show_save", "show_save_and_continue"), False)
            context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def sections_below(self, request: HttpRequest, obj: Stock) -> Sequence[Section]:
        return (_holders(obj), _movements(obj))

    def save_model(
        self,
        request: HttpRequest,
        obj: Stock,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        if not change:
            super().save_model(request, Stock(product=obj.product), form, change)
            obj.pk = Stock.objects.get(product=obj.product).pk
            counting.count(obj, on_hand=obj.on_hand, by=request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _holders(shelf: Stock) -> Table:
    return Table(
        title=_("Who holds what"),
        headers=(_("for"), _("pieces"), _("since"), _("until")),
        rows=[
            (_order(one.reference), one.quantity, moment(one.created_at), _until(one))
            for one in Reservation.objects.filter(product=shelf.product_id)
        ],
        empty=_("Nothing is reserved."),
    )


def _movements(shelf: Stock) -> Table:
    moves = Movement.objects.filter(product=shelf.product_id).select_related("by")
    return Table(
        title=_("The last movements"),
        headers=(_("at"), _("kind"), _("quantity"), _("reference"), _("by")),
        rows=[
            (
                moment(one.at),
                words_of(one, "kind"),
                one.quantity,
                _order(one.reference),
                one.by or _("the house"),
            )
            for one in moves[:SHOWN]
        ],
        empty=_("Nothing has moved yet."),
    )


def _order(reference: str) -> str:
    """A way to the order; the shop itself knows no orders."""
    if not reference or reference.startswith("cart:"):
        return str(_("checkout")) if reference else ""
    orders = reverse("admin:orders_order_changelist")
    return anchor(format_html("{}?q={}", orders, reference), reference)


def _until(reservation: Reservation) -> str:
    if reservation.expires_at is None:
        return str(_("shipped or cancelled"))
    return moment(reservation.expires_at)


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    empty_words = _("Nothing is reserved.")
    list_display = ("holder", "product", "quantity", "created_at", "expires_at")
    list_select_related = ("product",)
    list_filter = (
        ("product__category", RelatedDropdownFilter),
        ("expires_at", RangeDateTimeFilter),
    )
    search_fields = ("reference", "product__sku", "product__name_de", "product__name_en")
    export_fields = ("reference", "product__sku", "quantity", "created_at", "expires_at")

    @column(_("for"), ordering="reference")
    def holder(self, reservation: Reservation) -> str:
        return _order(reservation.reference)


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    empty_words = _("Nothing has moved yet.")
    list_display = ("at", "product", "kind_label", "quantity", "reference", "by")
    list_select_related = ("product", "by")
    list_filter = (("kind", ChoicesDropdownFilter), ("at", RangeDateTimeFilter))
    search_fields = ("product__sku", "product__name_de", "reference")
    date_hierarchy = "at"
    export_fields = ("at", "product__sku", "kind", "quantity", "reference", "by__username")
    kind_label = labelled(
        "kind",
        _("kind"),
        {
            "reserved": "info",
            "shipped": "primary",
            "counted": "warning",
            "produced": "success",
            "returned": "warning",
        },
    )
