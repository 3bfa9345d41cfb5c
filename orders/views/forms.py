"""What a buyer is asked on his way through the checkout."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop import taxing
from shop.models import Address
from shop.views.countries import countries

SAME, OTHER = "same", "other"
AHEAD = datetime.timedelta(days=730)
ADDRESS = ("name", "addition", "street", "postcode", "city", "country")


def _text(label: Any, length: int, completes: str, **options: Any) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": completes})
    return forms.CharField(label=label, max_length=length, widget=widget, **options)


class Person(forms.Form):
    """Whom we ask and tell."""

    name = _text(gettext_lazy("Your name"), 120, "name")
    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=gettext_lazy("The confirmation goes here."),
    )
    phone = _text(gettext_lazy("Phone"), 40, "tel", required=False)


class Guest(Person):
    """A person nobody knows yet, with the company that pays."""

    company = _text(gettext_lazy("Company"), 120, "organization", required=False)
    street = _text(gettext_lazy("Street and number"), 120, "street-address")
    postcode = _text(gettext_lazy("Postcode"), 12, "postal-code")
    city = _text(gettext_lazy("City"), 80, "address-level2")
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=countries,
        initial="DE",
        widget=forms.Select({"autocomplete": "country"}),
    )
    vat_id = forms.CharField(
        label=gettext_lazy("VAT id"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("For deliveries to companies in other EU countries free of VAT."),
    )

    def clean_vat_id(self) -> str:
        written = str(self.cleaned_data["vat_id"]).strip()
        if not written:
            return ""
        known = taxing.union_vat_id(written)
        if not known:
            raise ValidationError(_("This is no valid VAT id of the EU."), code="vat_id")
        return known


class Delivery(forms.Form):
    where = forms.ChoiceField(label=gettext_lazy("Deliver to"), widget=forms.RadioSelect)
    name = _text(gettext_lazy("Company or name"), 120, "shipping organization", required=False)
    addition = _text(
        gettext_lazy("Department or person"), 120, "shipping address-line2", required=False
    )
    street = _text(
        gettext_lazy("Street and number"), 120, "shipping street-address", required=False
    )
    postcode = _text(gettext_lazy("Postcode"), 12, "shipping postal-code", required=False)
    city = _text(gettext_lazy("City"), 80, "shipping address-level2", required=False)
    country = forms.ChoiceField(
        label=gettext_lazy("Country"), choices=countries, initial="DE", required=False
    )
    requested_date = forms.DateField(
        label=gettext_lazy("Wanted by"),
        required=False,
        localize=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Without a date: as soon as we can."),
    )

    def __init__(self, data: Any = None, *, saved: Sequence[Address] = (), **options: Any) -> None:
        super().__init__(data, **options)
        self.saved = {str(one.pk): one for one in saved}
        field = cast(forms.ChoiceField, self.fields["where"])
        field.choices = [
            (SAME, _("The billing address")),
            *((key, str(one)) for key, one in self.saved.items()),
            (OTHER, _("Another address")),
        ]
        if "where" not in self.initial:
            usual = next((key for key, one in self.saved.items() if one.is_default), SAME)
            self.initial["where"] = usual

    def clean_requested_date(self) -> datetime.date | None:
        wanted: datetime.date | None = self.cleaned_data["requested_date"]
        today = timezone.localdate()
        if wanted and wanted < today:
            raise ValidationError(_("This day has passed."), code="past")
        if wanted and wanted > today + AHEAD:
            raise ValidationError(_("This day is more than two years ahead."), code="far")
        return wanted

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("where") == OTHER:
            for name in ("name", "street", "postcode", "city", "country"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("This field is required."))
        return said

    @property
    def address(self) -> dict[str, str]:
        """Where to, as a copy; empty: the billing address."""
        return address_of(self.cleaned_data, self.saved)


def address_of(said: Mapping[str, Any], saved: Mapping[str, Address]) -> dict[str, str]:
    where = said["where"]
    if where == OTHER:
        return {part: str(said.get(part) or "") for part in ADDRESS}
    if where in saved:
        return {part: str(getattr(saved[where], part)) for part in ADDRESS}
    return {}


class Payment(forms.Form):
    payment = forms.ChoiceField(label=gettext_lazy("Payment"), widget=forms.RadioSelect)
    reference = forms.CharField(
        label=gettext_lazy("Your order number"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Stands on all our documents."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for us"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, offered: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(data, **options)
        choices = list(offered)
        cast(forms.ChoiceField, self.fields["payment"]).choices = choices
        if self.initial.get("payment") not in dict(choices):
            self.initial["payment"] = choices[0][0]


class _Asking(forms.Form):
    reference = forms.CharField(label=gettext_lazy("Your reference"), max_length=80, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note for us"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("A person answers what you write here."),
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class AskingPerson(Person, _Asking):
    """A customer who asks for a quotation."""

    field_order = [*Person.base_fields, *_Asking.base_fields]


class AskingGuest(Guest, _Asking):
    """Somebody we do not know yet who asks for one."""

    field_order = [*Guest.base_fields, *_Asking.base_fields]
