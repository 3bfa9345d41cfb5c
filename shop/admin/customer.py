"""Customers: what we agreed with them, who works there, and the two that are really one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import (
    AllValuesCheckboxFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from hbu.journal.recording import record
from hbu.lib.admin import Section, SectionsMixin, StaffAdmin, Transition, column
from shop.admin import api_key, customer_page, merging
from shop.admin.customer_forms import (
    AddressForm,
    AddressFormSet,
    AliasFormSet,
    ContactForm,
    CustomerForm,
)
from shop.admin.lists import LISTS
from shop.models import Address, Alias, Contact, Customer, DiscountTier

LISTED = {"shop_customer_changelist", "autocomplete"}


class ContactInline(TabularInline):
    model = Contact
    form = ContactForm
    extra = 0
    tab = True
    fields = ("title", "first_name", "last_name", "email", "phone")


class AddressInline(StackedInline):
    model = Address
    form = AddressForm
    formset = AddressFormSet
    extra = 0
    tab = True
    fields = (
        ("kind", "is_default"),
        ("name", "addition"),
        ("street", "country"),
        ("postcode", "city"),
    )


class TierInline(TabularInline):
    model = DiscountTier
    extra = 0
    tab = True
    fields = ("from_net", "percent")


class AliasInline(TabularInline):
    model = Alias
    formset = AliasFormSet
    extra = 0
    tab = True
    fields = ("sku", "name", "product")
    autocomplete_fields = ("product",)


@admin.register(Customer)
class CustomerAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("We know no customer yet.")
    list_display = (
        "number", "name", "city", "country", "language", "marks", "price_list", "discount_percent",
        "payment", "auto_confirm_limit",
    )  # fmt: skip
    list_display_links = ("number", "name")
    list_select_related = ("price_list",)
    list_filter = (
        ("is_oem", BooleanRadioFilter),
        ("is_guest", BooleanRadioFilter),
        ("payment", ChoicesDropdownFilter),
        ("price_list", RelatedDropdownFilter),
        ("country", AllValuesCheckboxFilter),
        ("language", AllValuesCheckboxFilter),
    )
    search_fields = ("number", "name", "city", "vat_id", "contacts__email", "contacts__last_name")
    export_fields = (
        "number", "name", "street", "postcode", "city", "country", "vat_id", "language", "is_oem",
        "is_guest", "price_list__code", "discount_percent", "payment", "payment_days",
        "cash_discount_percent", "cash_discount_days", "credit_limit", "auto_confirm_limit",
    )  # fmt: skip
    form = CustomerForm
    inlines = (ContactInline, AddressInline, TierInline, AliasInline)
    formfield_overrides = LISTS
    in_journal = True
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "name"),
                    ("language", "is_oem"),
                    "is_guest",
                    "domains",
                    "desk_address",
                )
            },
        ),
        (_("Address"), {"fields": ("street", ("postcode", "city", "country"), "vat_id")}),
        (
            _("Prices"),
            {
                "description": _(
                    "The price list goes before the list price. Of the discount here and the tiers "
                    "in their tab the best counts."
                ),
                "fields": (("price_list", "discount_percent"),),
            },
        ),
        (
            _("Payment"),
            {
                "fields": (
                    ("payment", "payment_days"),
                    ("cash_discount_percent", "cash_discount_days"),
                    "credit_limit",
                ),
            },
        ),
        (
            _("What the house does alone"),
            {
                "description": _(
                    "Orders without any doubt are confirmed unseen up to the limit; with 0 a person "
                    "looks at each."
                ),
                "fields": (("auto_confirm_limit", "progression"),),
            },
        ),
        (
            _("Invoices"),
            {"fields": (("invoice_format", "invoice_email"), "buyer_reference")},
        ),
    )
    transitions: tuple[Transition, ...] = (merging.PUT_TOGETHER, api_key.NEW_KEY)

    @column(_("kind"), label={"oem": "primary", "guest": "info"})
    def marks(self, customer: Customer) -> tuple[str, str] | None:
        if customer.is_guest:
            return "guest", str(_("guest"))
        return ("oem", str(_("OEM"))) if customer.is_oem else None

    def _may(self, request: HttpRequest, transition: Transition) -> bool:
        if transition is api_key.NEW_KEY:
            return request.user.has_perm("shop.add_apikey")
        return super()._may(request, transition)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Customer]":
        """Those that were put into another one are reached from there, and never chosen."""
        rows: QuerySet[Customer] = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and match.url_name in LISTED:
            return rows.filter(merged_into=None)
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        gone = obj is not None and obj.merged_into_id is not None
        return not gone and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        gone = obj is not None and obj.merged_into_id is not None
        return not gone and super().has_delete_permission(request, obj)

    def sections(self, request: HttpRequest, customer: Customer) -> Sequence[Section]:
        return customer_page.above(customer)

    def sections_below(self, request: HttpRequest, customer: Customer) -> Sequence[Section]:
        return customer_page.below(customer)

    def save_model(
        self,
        request: HttpRequest,
        obj: Customer,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        """What was agreed with a customer decides what the house does alone: the journal says who
        changed it."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if form.changed_data or not change:
                kind = "customer.changed" if change else "customer.added"
                record(kind, obj, actor=request.user, fields=form.changed_data)  # type: ignore[arg-type] # staff
