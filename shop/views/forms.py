"""Forms of the shop's door and account, as Bootstrap draws them."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.models import Address
from shop.views.countries import countries


class LogIn(forms.Form):
    email = forms.CharField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class Ask(forms.Form):
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class DeliveryAddress(forms.ModelForm):  # type: ignore[type-arg]
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="DE")

    class Meta:
        model = Address
        fields = ["name", "addition", "street", "postcode", "city", "country", "is_default"]
        labels = {"name": _("Company or name"), "is_default": _("Deliver here as a rule")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = cast(forms.ChoiceField, self.fields["country"])
        if self.instance.country not in dict(countries()):
            # Entered by staff, who deliver where the shop does not.
            own = self.instance.country
            country.choices = [(own, own), *countries()]
        completions = {
            "name": "organization", "addition": "address-line2", "street": "street-address",
            "postcode": "postal-code", "city": "address-level2", "country": "country",
        }  # fmt: skip
        for name, completion in completions.items():
            self.fields[name].widget.attrs["autocomplete"] = completion
