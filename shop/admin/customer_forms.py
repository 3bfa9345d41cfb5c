"""What staff type about a customer, and what is checked before it is kept."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from hbu.company import vat
from hbu.lib.addresses import domain_key
from shop.models import Address, Contact, Customer


class CountryForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker alone
    """For what has a country: typed in small letters it is the same one."""

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).strip().upper()
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise ValidationError(_("Two letters, for example DE."))
        return country


class CustomerForm(CountryForm):
    class Meta:
        model = Customer
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        widgets = {"language": UnfoldAdminSelectWidget(choices=settings.LANGUAGES)}

    def clean_domains(self) -> list[str]:
        domains = [str(one).lower().lstrip("@") for one in self.cleaned_data["domains"]]
        for one in domains:
            if "." not in one or "@" in one or " " in one:
                raise ValidationError(gettext("%(domain)s is no domain.") % {"domain": one})
        taken = _taken({domain_key(one): one for one in domains}, self.instance)
        if taken:
            words = _("%(domain)s belongs to %(customer)s: mail from there would be nobody's.")
            raise ValidationError(words, params=taken)
        return domains

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if number := cleaned.get("vat_id"):
            if wrong := vat.problem(number, cleaned.get("country", "")):
                self.add_error("vat_id", _sentence(gettext(wrong)))
            cleaned["vat_id"] = vat.compact(number)
        days, discount = cleaned.get("payment_days"), cleaned.get("cash_discount_days")
        if cleaned.get("cash_discount_percent") and (discount or 0) > (days or 0):
            words = _("The cash discount cannot last longer than the days to pay.")
            self.add_error("cash_discount_days", words)
        return cleaned


def _taken(wanted: dict[str, str], customer: Customer) -> dict[str, str]:
    """Return the first of the domains that another customer has."""
    for other in Customer.objects.in_use().exclude(pk=customer.pk).exclude(domains=[]):
        for domain in other.domains:
            if found := wanted.get(domain_key(str(domain))):
                return {"domain": found, "customer": str(other)}
    return {}


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


class ContactForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker alone
    class Meta:
        model = Contact
        fields = ("customer", "title", "first_name", "last_name", "email", "phone")

    def clean_email(self) -> str:
        local, _at, domain = str(self.cleaned_data["email"]).strip().rpartition("@")
        return f"{local}@{domain.lower()}"


class AddressForm(CountryForm):
    class Meta:
        model = Address
        fields = (
            "kind", "name", "addition", "street", "postcode", "city", "country", "is_default",
        )  # fmt: skip

    def validate_constraints(self) -> None:
        """All addresses of the customer are looked at together, as they will be."""


class AddressFormSet(BaseInlineFormSet):  # type: ignore[type-arg] # generic for the checker alone
    def clean(self) -> None:
        super().clean()
        kinds = [one["kind"] for one in _kept(self) if one.get("is_default")]
        if len(kinds) > len(set(kinds)):
            raise ValidationError(_("There is one usual address of a kind."))

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django calls it so
        """The old usual one first: the database never holds two."""
        if commit:
            unusual = [
                one.instance.pk
                for one in self.initial_forms
                if not one.cleaned_data.get("is_default") or one in self.deleted_forms
            ]
            Address.objects.filter(pk__in=unusual, is_default=True).update(is_default=False)
        return super().save(commit)


class AliasFormSet(BaseInlineFormSet):  # type: ignore[type-arg] # generic for the checker alone
    """A number or a name of the customer stands for one product."""

    def clean(self) -> None:
        super().clean()
        for field in ("sku", "name"):
            words = [one[field] for one in _kept(self) if one.get(field)]
            for twice in (word for word in words if words.count(word) > 1):
                raise ValidationError(gettext("%(word)s stands twice.") % {"word": twice})


def _kept(formset: BaseInlineFormSet) -> list[dict[str, Any]]:  # type: ignore[type-arg]
    return [
        one.cleaned_data
        for one in formset.forms
        if getattr(one, "cleaned_data", None) and not one.cleaned_data.get("DELETE")
    ]
