from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    AllValuesCheckboxFilter,
    BooleanRadioFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)

from hbu.lib.admin import StaffAdmin
from shop.admin.lists import LISTS
from shop.models import Alias, Contact, Customer


class ContactInline(TabularInline):
    model = Contact
    extra = 0
    tab = True


class AliasInline(TabularInline):
    model = Alias
    extra = 0
    tab = True
    fields = ("sku", "name", "product")
    autocomplete_fields = ("product",)


@admin.register(Customer)
class CustomerAdmin(StaffAdmin):
    empty_words = _("We know no customer yet.")
    list_display = (
        "number",
        "name",
        "city",
        "country",
        "language",
        "is_oem",
        "discount_percent",
        "auto_confirm_limit",
    )
    list_display_links = ("number", "name")
    list_filter = (
        ("is_oem", BooleanRadioFilter),
        ("country", AllValuesCheckboxFilter),
        ("language", AllValuesCheckboxFilter),
    )
    search_fields = ("number", "name", "city", "vat_id", "contacts__email", "contacts__last_name")
    export_fields = (
        "number", "name", "street", "postcode", "city", "country", "vat_id", "language", "is_oem",
        "discount_percent", "payment_days", "auto_confirm_limit",
    )  # fmt: skip
    inlines = (ContactInline, AliasInline)
    formfield_overrides = LISTS
    fieldsets = (
        (None, {"fields": (("number", "name"), ("language", "is_oem"), "domains")}),
        (_("Address"), {"fields": ("street", ("postcode", "city", "country"), "vat_id")}),
        (
            _("Terms"),
            {
                "description": _(
                    "Orders without any doubt are confirmed unseen up to the limit; with 0 a person "
                    "looks at each."
                ),
                "fields": (("discount_percent", "payment_days", "auto_confirm_limit"),),
            },
        ),
    )


@admin.register(Contact)
class ContactAdmin(StaffAdmin):
    empty_words = _("We know nobody at our customers yet.")
    list_display = ("last_name", "first_name", "title", "customer", "email")
    list_display_links = ("last_name", "first_name", "email")
    list_select_related = ("customer",)
    list_filter = (("customer", RelatedDropdownFilter),)
    search_fields = ("last_name", "first_name", "email", "customer__name")
    autocomplete_fields = ("customer",)
    export_fields = (
        "customer__number",
        "customer__name",
        "title",
        "first_name",
        "last_name",
        "email",
    )
    fieldsets = ((None, {"fields": ("customer", ("title", "first_name", "last_name"), "email")}),)


@admin.register(Alias)
class AliasAdmin(StaffAdmin):
    empty_words = _("No customer has article numbers of their own yet.")
    list_display = (
        "sku", "name", "customer", "product", "learned_at", "learned_by", "source",
    )  # fmt: skip
    list_display_links = ("sku", "name")
    list_select_related = ("customer", "product", "learned_by")
    list_filter = (
        ("customer", RelatedDropdownFilter),
        ("learned_by", RelatedDropdownFilter),
        ("learned_at", RangeDateTimeFilter),
    )
    search_fields = (
        "sku",
        "name",
        "customer__name",
        "product__sku",
        "product__name_de",
        "product__name_en",
    )
    autocomplete_fields = ("customer", "product")
    export_fields = ("customer__number", "sku", "name", "product__sku", "learned_at", "source")
    readonly_fields = ("learned_at", "learned_by", "source")
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "What the customer calls our product. A wrong one is deleted here: from then "
                    "on a person is asked again."
                ),
                "fields": ("customer", ("sku", "name"), "product"),
            },
        ),
        (_("Where it was learned"), {"fields": (("learned_at", "learned_by"), "source")}),
    )
