from django.contrib import admin
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AllValuesCheckboxFilter,
    BooleanRadioFilter,
    RangeNumericFilter,
    RelatedDropdownFilter,
)

from hbu.lib.admin import StaffAdmin, column
from shop.models import Category, Product


@admin.register(Category)
class CategoryAdmin(StaffAdmin):
    empty_words = _("No category yet. Products need one.")
    list_display = ("code", "name_de", "name_en", "position")
    list_editable = ("position",)
    search_fields = ("code", "name_de", "name_en")
    fieldsets = ((None, {"fields": (("code", "position"), ("name_de", "name_en"))}),)


@admin.register(Product)
class ProductAdmin(StaffAdmin):
    empty_words = _("Nothing is for sale yet.")
    list_display = (
        "sku", "name_de", "category", "material", "colour", "net_price", "available", "is_active",
    )  # fmt: skip
    list_display_links = ("sku", "name_de")
    list_select_related = ("category", "stock")
    list_filter = (
        ("category", RelatedDropdownFilter),
        ("material", AllValuesCheckboxFilter),
        ("price", RangeNumericFilter),
        ("is_active", BooleanRadioFilter),
    )
    search_fields = ("sku", "name_de", "name_en", "material", "colour")
    autocomplete_fields = ("category",)
    export_fields = (
        "sku", "category__code", "name_de", "name_en", "material", "colour", "size_mm", "price",
        "tax_rate", "pack_size", "min_quantity", "lead_time_days", "is_active",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": (("sku", "category", "is_active"), ("name_de", "name_en"))}),
        (_("Description"), {"fields": (("description_de", "description_en"),)}),
        (_("Properties"), {"fields": (("material", "colour", "size_mm"),)}),
        (
            _("Selling"),
            {
                "description": _("Net, for one piece. The customer's discount comes off it."),
                "fields": (("price", "tax_rate"), ("pack_size", "min_quantity", "lead_time_days")),
            },
        ),
    )

    @column(_("net price"), ordering="price")
    def net_price(self, product: Product) -> str:
        return number_format(product.price.normalize())

    @column(_("available"), ordering="stock__on_hand")
    def available(self, product: Product) -> int:
        return product.stock.available if hasattr(product, "stock") else 0
