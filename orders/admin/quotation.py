"""Quotations: what somebody asked for, what we offer, and what became of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from hbu.company.terms import terms
from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    Notice,
    Prose,
    Section,
    SectionsMixin,
    StaffAdmin,
    Table,
    Transition,
    badge,
    column,
    labelled,
    link,
    links,
    moment,
    nowrap,
    seen,
    words_of,
)
from orders.admin import files
from orders.admin.money import amount
from orders.admin.quotation_lines import QuotationLineInline, is_editable
from orders.models import Quotation
from orders.services import quoting, revising

State = Quotation.State
COLOURS: dict[str, str] = {
    State.REQUESTED: "warning",
    State.SENT: "info",
    State.ACCEPTED: "success",
    State.DECLINED: "danger",
    State.EXPIRED: "",
}
EDITABLE = ("customer", "reference", "valid_until")


class ValidityForm(forms.Form):
    # A browser's own calendar speaks ISO, whatever the page does.
    valid_until = forms.DateField(
        label=_("Holds until"),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )


def _validity(quotation: Quotation) -> dict[str, Any]:
    usual = timezone.localdate() + timedelta(days=terms().quotation_days)
    return {"valid_until": (quotation.valid_until or usual).isoformat()}


SEND = Transition(
    name="send",
    label=_("Send the quotation"),
    act=lambda quotation, by, said: quoting.offer(
        quotation, valid_until=said["valid_until"], by=by
    ),
    possible=lambda quotation: quotation.state == State.REQUESTED,
    question=_(
        "You have looked at what is doubtful. The prices hold until the day below; the customer "
        "gets the letter with the quotation as a PDF."
    ),
    form=ValidityForm,
    initial=_validity,
    icon="send",
    variant=ActionVariant.PRIMARY,
)
ACCEPT = Transition(
    name="accept",
    label=_("Accept for the customer"),
    act=lambda quotation, by, _reason: quoting.accept(quotation, by=by),
    possible=lambda quotation: quotation.state == State.SENT,
    question=_(
        "The customer has told you so. The quotation becomes an order at its prices, which is "
        "confirmed if nothing stands in the way."
    ),
    icon="handshake",
    variant=ActionVariant.PRIMARY,
)
DECLINE = Transition(
    name="decline",
    label=_("Decline"),
    act=lambda quotation, by, reason: quoting.decline(quotation, reason=reason, by=by),
    possible=lambda quotation: quotation.state in quoting.OPEN,
    question=_("The customer does not want it, or we do not offer it. No letter is written."),
    asks_reason=True,
    icon="cancel",
    variant=ActionVariant.DANGER,
)


@admin.register(Quotation)
class QuotationAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("Nobody has asked for a quotation yet.")
    list_display = (
        "numbers", "customer", "state_label", "doubtful", "gross_amount", "valid_until", "source",
        "created_at",
    )  # fmt: skip
    list_select_related = ("customer",)
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        ("customer", RelatedDropdownFilter),
        ("valid_until", RangeDateFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("number", "reference", "customer__name", "customer__number", "contact_email")
    date_hierarchy = "created_at"
    export_fields = (
        "number", "state", "customer__number", "customer__name", "reference", "source", "currency",
        "net", "tax", "gross", "valid_until", "created_at", "sent_at", "order__number",
    )  # fmt: skip
    autocomplete_fields = ("customer",)
    inlines = (QuotationLineInline,)
    in_journal = True
    transitions: tuple[Transition, ...] = (SEND, ACCEPT, DECLINE)

    class Media:
        css = {"all": ["orders/quotation.css"]}

    state_label = labelled("state", _("state"), COLOURS)

    @column(_("number"), ordering="number", header=True)
    def numbers(self, quotation: Quotation) -> tuple[str, str]:
        return nowrap(quotation.number), quotation.reference

    @column(_("to look at"), label={"doubts": "warning"})
    def doubtful(self, quotation: Quotation) -> tuple[str, str] | None:
        return ("doubts", str(len(quotation.doubts))) if quotation.doubts else None

    @column(_("gross"), ordering="gross")
    def gross_amount(self, quotation: Quotation) -> str:
        return nowrap(amount(quotation.gross, quotation.currency))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Quotation | None = None) -> bool:
        """The steps ask for the right themselves."""
        return is_editable(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Quotation | None = None) -> list[Any]:
        if not self.has_change_permission(request, obj):
            return []
        return [(_("Put right"), {"fields": EDITABLE})]

    def sections(self, request: HttpRequest, quotation: Quotation) -> Sequence[Section]:
        return [
            *_doubts(quotation),
            _facts(quotation, request.user),
            *_note(quotation),
            _sums(quotation),
        ]

    def sections_below(self, request: HttpRequest, quotation: Quotation) -> Sequence[Section]:
        return [files.table(quotation.printouts.all()), history(quotation)]

    def save_model(
        self,
        request: HttpRequest,
        obj: Quotation,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        """Quotation and lines are written together, in save_related."""

    def save_related(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        lines = {
            one.instance.pk: revising.NewLine(
                one.cleaned_data["product"],
                one.cleaned_data["quantity"],
                one.cleaned_data["own_price"],
            )
            for formset in formsets
            for one in formset.initial_forms
            if one.has_changed()
        }
        for formset in formsets:
            # The admin tells its log what these say.
            formset.new_objects = formset.changed_objects = formset.deleted_objects = []
        said = form.cleaned_data
        revision = revising.Revision(
            customer=said["customer"],
            reference=said["reference"],
            valid_until=said["valid_until"],
            lines=lines,
        )
        revising.revise(form.instance, revision, by=request.user)  # type: ignore[arg-type] # staff


def _doubts(quotation: Quotation) -> list[Section]:
    if not quotation.doubts:
        return []
    rows = [
        (
            gettext("line %(number)d") % {"number": one["position"]}
            if one["position"]
            else gettext("whole quotation"),
            gettext(one["what"]),
            one["evidence"],
        )
        for one in quotation.doubts
    ]
    return [
        Notice(
            title=gettext("A person has to look at this quotation first."),
            text=gettext("Put it right below, or send it as it is shown."),
        ),
        Table(
            title=_("What is doubtful"), headers=(_("where"), _("what"), _("details")), rows=rows
        ),
    ]


def _facts(quotation: Quotation, user: Any) -> Facts:
    first = quotation.cases.first()
    asked = " · ".join(
        filter(None, (quotation.contact_name, quotation.contact_email, quotation.contact_phone))
    )
    return Facts(
        title=quotation.number,
        items=(
            (_("state"), badge(words_of(quotation, "state"), COLOURS[quotation.state])),
            (_("customer"), link(quotation.customer)),
            (_("customer's number"), quotation.reference),
            (_("asked by"), asked),
            (_("came by"), words_of(quotation, "source")),
            (_("case"), link(first, first.number) if first else ""),
            (_("mails"), links(seen(first.emails.all(), user)) if first else ""),
            (_("read from"), link(quotation.document)),
            (_("became the order"), link(quotation.order)),
            (_("created"), moment(quotation.created_at)),
            (_("entered by"), quotation.created_by or _("the house")),
            (_("sent"), moment(quotation.sent_at)),
        ),
    )


def _note(quotation: Quotation) -> list[Section]:
    if not quotation.note:
        return []
    return [Prose(title=_("The customer's note"), text=quotation.note)]


def _sums(quotation: Quotation) -> Facts:
    return Facts(
        title=_("Sums and dates"),
        beside=True,
        items=(
            (_("net"), amount(quotation.net, quotation.currency)),
            (_("VAT"), amount(quotation.tax, quotation.currency)),
            (_("gross"), amount(quotation.gross, quotation.currency)),
            (_("taxed as"), words_of(quotation, "tax_category")),
            (_("holds until"), quotation.valid_until),
        ),
    )
