from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AllValuesCheckboxFilter

from hbu.lib.admin import StaffAdmin
from shop.admin.lists import LISTS
from shop.models import Supplier, SupplierName


class SupplierNameInline(TabularInline):
    model = SupplierName
    extra = 0
    tab = True
    fields = ("name", "learned_at", "learned_by")
    readonly_fields = ("learned_at", "learned_by")


@admin.register(Supplier)
class SupplierAdmin(StaffAdmin):
    empty_words = _("We know no supplier yet: every invoice that comes in is unknown.")
    list_display = ("number", "name", "city", "country", "vat_id", "iban")
    list_display_links = ("number", "name")
    list_filter = (("country", AllValuesCheckboxFilter),)
    search_fields = ("number", "name", "names__name", "city", "vat_id", "iban")
    export_fields = (
        "number", "name", "street", "postcode", "city", "country", "vat_id", "iban",
    )  # fmt: skip
    inlines = (SupplierNameInline,)
    formfield_overrides = LISTS
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "An invoice is known by its VAT id, then its account, then who sent it, then "
                    "exactly this name."
                ),
                "fields": (("number", "name"), ("vat_id", "iban"), "domains", "addresses"),
            },
        ),
        (_("Address"), {"fields": ("street", ("postcode", "city", "country"))}),
    )
