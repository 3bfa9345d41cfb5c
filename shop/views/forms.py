"""Forms of the shop's door and account, as Bootstrap draws them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.models import Address


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
    class Meta:
        model = Address
        fields = ["name", "addition", "street", "postcode", "city", "country", "is_default"]
        labels = {"name": _("Company or name"), "is_default": _("Deliver here as a rule")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        completions = {
            "name": "organization", "addition": "address-line2", "street": "street-address",
            "postcode": "postal-code", "city": "address-level2", "country": "country",
        }  # fmt: skip
        for name, completion in completions.items():
            self.fields[name].widget.attrs["autocomplete"] = completion
