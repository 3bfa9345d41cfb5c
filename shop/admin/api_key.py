"""Keys of customers' programs: made here, shown once, and revoked."""

from collections.abc import Sequence

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from hbu.lib.admin import Facts, PageAdmin, Section, Transition, column, link, moment, nowrap
from hbu.lib.admin.showing import address
from shop.models import ApiKey, Customer
from shop.services import api_keys


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What it is for, for example the customer's ERP system."),
        widget=UnfoldAdminTextInputWidget(),
    )


def _page(request: HttpRequest, customer: Customer, transition: Transition) -> HttpResponse:
    """The answer to the POST is the one page that ever shows the key; nothing is kept of it."""
    form = NameForm(request.POST if request.method == "POST" else None)
    secret = ""
    if form.is_bound and form.is_valid():
        _key, secret = api_keys.create(customer, form.cleaned_data["name"], request.user)  # type: ignore[arg-type] # staff
    context = {
        **admin.site.each_context(request),
        "opts": Customer._meta,
        "title": transition.label,
        "transition": transition,
        "form": form,
        "customer": customer,
        "secret": secret,
        "back": address(customer),
    }
    response = TemplateResponse(request, "admin/shop/api_key.html", context)
    response["Cache-Control"] = "no-store"
    return response


NEW_KEY = Transition(
    name="new-key",
    label=_("New API key"),
    act=lambda customer, by, name: api_keys.create(customer, name, by),
    possible=lambda customer: customer.merged_into_id is None,
    question=_(
        "Who has the key orders in this customer's name and sees its orders. It is shown once."
    ),
    page=_page,
    icon="vpn_key",
)
REVOKE = Transition(
    name="revoke",
    label=_("Revoke"),
    act=lambda key, by, _reason: api_keys.revoke(key, by),
    possible=lambda key: key.revoked_at is None,
    question=_("From now on nobody orders with this key. It cannot be made valid again."),
    icon="key_off",
    variant=ActionVariant.DANGER,
    bulk=True,
)


@admin.register(ApiKey)
class ApiKeyAdmin(PageAdmin):
    empty_words = _("No customer's program orders yet. Keys are made on a customer's page.")
    list_display = ("name", "prefix", "customer", "created_at", "last_used_at", "valid")
    list_display_links = ("name", "prefix")
    list_select_related = ("customer",)
    list_filter = (("customer", AutocompleteSelectFilter),)
    search_fields = ("name", "prefix", "customer__name", "customer__number")
    export_fields = (
        "customer__number", "name", "prefix", "created_at", "last_used_at", "revoked_at",
    )  # fmt: skip
    transitions = (REVOKE,)

    @column(_("state"), label={"valid": "success", "revoked": ""})
    def valid(self, key: ApiKey) -> tuple[str, str]:
        if key.revoked_at:
            return "revoked", str(_("revoked"))
        return "valid", str(_("valid"))

    def sections(self, request: HttpRequest, key: ApiKey) -> Sequence[Section]:
        return [
            Facts(
                title=key.name or key.prefix,
                items=(
                    (_("customer"), link(key.customer)),
                    (_("begins with"), nowrap(f"{key.prefix}…")),
                    (_("created"), moment(key.created_at)),
                    (_("created by"), key.created_by or _("the house")),
                    (_("last used"), moment(key.last_used_at)),
                    (_("revoked"), moment(key.revoked_at)),
                ),
            )
        ]
