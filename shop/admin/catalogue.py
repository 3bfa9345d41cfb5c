from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    AllValuesCheckboxFilter,
    BooleanRadioFilter,
    RangeNumericFilter,
    RelatedDropdownFilter,
)

from hbu.lib.admin import StaffAdmin, column
from shop.admin.importing import ImportMixin
from shop.admin.lists import LISTS
from shop.models import Category, Family, PriceList, Product, TierPrice


@admin.register(Category)
class CategoryAdmin(StaffAdmin):
    empty_words = _("No category yet. Products need one.")
    list_display = ("code", "name_de", "name_en", "position")
    list_editable = ("position",)
    search_fields = ("code", "name_de", "name_en")
    fieldsets = (
        (None, {"fields": (("code", "position"), ("name_de", "name_en"))}),
        (_("Description"), {"fields": (("description_de", "description_en"),)}),
    )


@admin.register(Family)
class FamilyAdmin(StaffAdmin):
    empty_words = _("No family yet. Each product stands alone in the shop.")
    list_display = ("code", "name_de", "name_en", "members")
    ordering = ("code",)
    search_fields = ("code", "name_de", "name_en")
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "Products that differ in size or colour alone stand in the shop once, with "
                    "their variants. Choose the family on the page of each product."
                ),
                "fields": ("code", ("name_de", "name_en")),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request).annotate(members=Count("products"))
        return rows

    @column(_("products"), ordering="members")
    def members(self, family: Any) -> int:
        return int(family.members)


class ListPriceInline(TabularInline):
    model = TierPrice
    extra = 0
    fields = ("product", "from_quantity", "price")
    autocomplete_fields = ("product",)


@admin.register(PriceList)
class PriceListAdmin(StaffAdmin):
    empty_words = _("No price list yet. Everybody pays the prices of the shop.")
    list_display = ("code", "name", "products", "buyers")
    search_fields = ("code", "name")
    inlines = (ListPriceInline,)
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "A price from the first piece on takes the place of the list price. Nobody "
                    "pays more than the tier prices of everybody; the customer's discount comes "
                    "off as well."
                ),
                "fields": (("code", "name"),),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        named = Count("prices__product", distinct=True)
        buying = Count("customers", distinct=True)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(named=named, buying=buying)
        return rows

    @column(_("products"), ordering="named")
    def products(self, price_list: Any) -> int:
        return int(price_list.named)

    @column(_("customers"), ordering="buying")
    def buyers(self, price_list: Any) -> int:
        return int(price_list.buying)


class TierInline(TabularInline):
    model = TierPrice
    extra = 0
    tab = True
    fields = ("from_quantity", "price", "price_list")


@admin.register(Product)
class ProductAdmin(ImportMixin, StaffAdmin):
    empty_words = _("Nothing is for sale yet.")
    list_display = (
        "drawn", "sku", "name_de", "category", "material", "colour", "net_price", "available",
        "is_active",
    )  # fmt: skip
    list_display_links = ("sku", "name_de")
    list_select_related = ("category", "stock")
    list_filter = (
        ("category", RelatedDropdownFilter),
        ("family", RelatedDropdownFilter),
        ("material", AllValuesCheckboxFilter),
        ("price", RangeNumericFilter),
        ("from_stock", BooleanRadioFilter),
        ("is_active", BooleanRadioFilter),
    )
    search_fields = ("sku",)
    search_help_text = _("Article number, name, material or colour")
    autocomplete_fields = ("category", "family")
    export_fields = (
        "sku", "category__code", "family__code", "name_de", "name_en", "description_de",
        "description_en", "material", "colour", "size_mm", "price", "tax_rate", "pack_size",
        "min_quantity", "lead_time_days", "from_stock", "is_active",
    )  # fmt: skip
    readonly_fields = ("picture",)
    inlines = (TierInline,)
    formfield_overrides = LISTS
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("picture", "is_active"), ("sku", "category"), ("name_de", "name_en"), "family",
                )
            },
        ),
        (
            _("Description"),
            {"fields": (("description_de", "description_en"), ("features_de", "features_en"))},
        ),
        (_("Properties"), {"fields": (("material", "colour", "size_mm"),)}),
        (
            _("Selling"),
            {
                "description": _("Net, for one piece. The customer's discount comes off it."),
                "fields": (
                    ("price", "tax_rate"), ("pack_size", "min_quantity"),
                    ("lead_time_days", "from_stock"),
                ),
            },
        ),
    )  # fmt: skip

    @column("")
    def drawn(self, product: Product) -> SafeString:
        return _picture(product, 40)

    @column(_("picture"))
    def picture(self, product: Product) -> str:
        return _picture(product, 160) if product.pk else "-"

    @column(_("net price"), ordering="price")
    def net_price(self, product: Product) -> str:
        return number_format(product.price.normalize())

    @column(_("available"), ordering="stock__on_hand")
    def available(self, product: Product) -> int:
        return product.stock.available if hasattr(product, "stock") else 0

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        """Umlauts are found in any case, here and wherever a product is chosen."""
        return queryset.found(search_term), False  # type: ignore[attr-defined] # our query set


def _picture(product: Product, side: int) -> SafeString:
    address = reverse("shop:picture", args=[product.sku])
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="" loading="lazy" style="max-width: none">',
        address,
        side,
        side,
    )
