"""Orders: what to check first, what was understood and why, and the next step."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    Notice,
    ReadOnlyInline,
    Section,
    SectionsMixin,
    StaffAdmin,
    Table,
    badge,
    labelled,
    link,
    links,
    moment,
    words_of,
)
from hbu.lib.admin.showing import percent
from orders.admin.steps import STEPS
from orders.matching import CERTAIN
from orders.models import Order, OrderLine
from orders.models.order import State
from orders.services import editing

COLOURS = {
    State.CREATED: "warning",
    State.CONFIRMED: "info",
    State.PLANNED: "info",
    State.IN_PRODUCTION: "info",
    State.PRODUCED: "info",
    State.PACKED: "info",
    State.SHIPPED: "primary",
    State.DELIVERED: "success",
    State.INVOICED: "success",
    State.CLOSED: "",
    State.CANCELLED: "danger",
}
EDITABLE = ("customer", "reference", "requested_date")


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    quantity = forms.DecimalField(label=_("quantity"), min_value=Decimal(1), decimal_places=2)

    class Meta:
        model = OrderLine
        fields = ("product", "quantity")


class LineInline(ReadOnlyInline):
    model = OrderLine
    form = LineForm
    verbose_name_plural = _("Lines")
    hide_title = True
    autocomplete_fields = ("product",)
    fields = (
        "position", "product", "quantity", "price", "amount", "written", "match", "close",
    )  # fmt: skip
    readonly_fields = ("position", "price", "amount", "written", "match", "close")

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return bool(
            obj and obj.state == State.CREATED and request.user.has_perm("orders.change_order")
        )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[OrderLine]":
        rows: QuerySet[OrderLine] = super().get_queryset(request)
        return rows.select_related("product", "order")

    @display(description=_("unit price"))
    def price(self, line: OrderLine) -> str:
        return f"{number_format(line.unit_price.normalize())} {line.order.currency}"

    @display(description=_("total"))
    def amount(self, line: OrderLine) -> str:
        return money(line.total, line.order)

    @display(description=_("as written"))
    def written(self, line: OrderLine) -> str:
        return line.source

    @display(description=_("match"))
    def match(self, line: OrderLine) -> str:
        colour = "success" if line.score >= CERTAIN else "warning" if line.score else "danger"
        why = ((gettext(one["what"]), one.get("evidence", "")) for one in line.reasons)
        return format_html(
            "{}{}",
            badge(percent(line.score), colour),
            format_html_join("", "<div>{} {}</div>", why),
        )

    @display(description=_("came close"))
    def close(self, line: OrderLine) -> str:
        return ", ".join(f"{sku} ({percent(score)})" for sku, score in line.candidates)


@admin.register(Order)
class OrderAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("No order yet. Orders come in by mail, by the shop or by the API.")
    list_display = (
        "number", "customer", "state_label", "doubtful", "gross_amount", "requested_date",
        "promised_date", "reference", "source_label", "created_at",
    )  # fmt: skip
    list_select_related = ("customer",)
    list_filter = (
        ("state", ChoicesDropdownFilter),
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
    transitions = STEPS

    state_label = labelled("state", _("state"), COLOURS)
    source_label = labelled("source", _("came by"), {})

    @display(description=_("to look at"), label={"doubts": "warning", "none": ""})
    def doubtful(self, order: Order) -> tuple[str, str] | None:
        if not order.doubts:
            return None
        return "doubts", str(len(order.doubts))

    @display(description=_("gross"), ordering="gross")
    def gross_amount(self, order: Order) -> str:
        return money(order.gross, order)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """Only what is not confirmed yet is edited; the steps ask for the right themselves."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.state == State.CREATED)

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> list[Any]:
        if not self.has_change_permission(request, obj):
            return []
        return [(_("Put right"), {"fields": (EDITABLE,)})]

    def sections(self, _request: HttpRequest, order: Order) -> Sequence[Section]:
        return [*_doubts(order), _facts(order), _sums(order)]

    def sections_below(self, _request: HttpRequest, order: Order) -> Sequence[Section]:
        return [_checks(order), history(order)]

    def save_model(
        self,
        _request: HttpRequest,
        _obj: Order,
        _form: Any,
        _change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        """Order and lines are written together, in save_related."""

    def save_related(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        _change: bool,  # noqa: FBT001 - Django calls it so
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


def money(amount: Decimal, order: Order) -> str:
    return f"{number_format(amount, 2, use_l10n=True, force_grouping=True)} {order.currency}"


def _doubts(order: Order) -> list[Section]:
    if not order.doubts:
        return []
    rows = [
        (
            gettext("line %(number)d") % {"number": one["position"]}
            if one["position"]
            else gettext("whole order"),
            gettext(one["what"]),
            one["evidence"],
        )
        for one in order.doubts
    ]
    waits = order.state == State.CREATED
    text = gettext("Put it right below, or confirm the order as it is shown.") if waits else ""
    return [
        Notice(title=gettext("A person has to look at this order first."), text=text),
        Table(
            title=_("What is doubtful"), headers=(_("where"), _("what"), _("details")), rows=rows
        ),
    ]


def _facts(order: Order) -> Facts:
    first = order.cases.all().first()
    return Facts(
        title=order.number,
        items=(
            (_("state"), badge(words_of(order, "state"), COLOURS.get(State(order.state), ""))),
            (_("customer"), link(order.customer)),
            (_("customer's order number"), order.reference),
            (_("came by"), words_of(order, "source")),
            (_("case"), link(first, first.number) if first else ""),
            (_("mails"), links(first.emails.all()) if first else ""),
            (_("read from"), link(order.document)),
            (_("created"), moment(order.created_at)),
            (_("entered by"), order.created_by or _("the house")),
            (_("confirmed"), moment(order.confirmed_at)),
        ),
    )


def _sums(order: Order) -> Facts:
    return Facts(
        title=_("Sums and dates"),
        beside=True,
        items=(
            (_("net"), money(order.net, order)),
            (_("VAT"), money(order.tax, order)),
            (_("gross"), money(order.gross, order)),
            (_("wanted by"), order.requested_date),
            (_("promised for"), order.promised_date),
        ),
    )


def _checks(order: Order) -> Table:
    checks = order.document.checks if order.document else []
    return checks_table(checks)


def checks_table(checks: Sequence[dict[str, str]]) -> Table:
    colours = {"ok": "success", "failed": "danger"}
    return Table(
        title=_("What was checked in the document"),
        headers=(_("check"), _("outcome"), _("details")),
        rows=[
            (
                gettext(one["name"]),
                badge(gettext(one["state"]), colours.get(one["state"], "")),
                one["detail"],
            )
            for one in checks
        ],
        empty=_("Nothing was checked."),
    )
