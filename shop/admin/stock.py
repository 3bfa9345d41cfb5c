from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)

from hbu.lib.admin import ReadOnlyAdmin, StaffAdmin, column, labelled
from shop.models import Movement, Stock
from shop.services import counting


@admin.register(Stock)
class StockAdmin(StaffAdmin):
    empty_words = _("No product has stock yet.")
    list_display = ("product", "on_hand", "reserved", "free")
    list_select_related = ("product",)
    list_filter = (("product__category", RelatedDropdownFilter),)
    search_fields = ("product__sku", "product__name_de", "product__name_en")
    autocomplete_fields = ("product",)
    export_fields = ("product__sku", "product__name_de", "on_hand", "reserved")
    readonly_fields = ("reserved",)
    fieldsets = (
        (
            None,
            {
                "description": _("Enter what you counted; the movement is written by itself."),
                "fields": ("product", ("on_hand", "reserved")),
            },
        ),
    )

    @column(_("available"), label={"none": "danger", "some": "success"})
    def free(self, stock: Stock) -> tuple[str, str]:
        return "some" if stock.available else "none", str(stock.available)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Stock | None = None
    ) -> tuple[str, ...]:
        return ("product", "reserved") if obj else ("reserved",)

    def save_model(
        self,
        request: HttpRequest,
        obj: Stock,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        if not change:
            super().save_model(request, Stock(product=obj.product), form, change)
            obj.pk = Stock.objects.get(product=obj.product).pk
        if "on_hand" in form.changed_data:
            counting.count(obj, on_hand=obj.on_hand, by=request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    empty_words = _("Nothing has moved yet.")
    list_display = ("at", "product", "kind_label", "quantity", "reference", "by")
    list_select_related = ("product", "by")
    list_filter = (("kind", ChoicesDropdownFilter), ("at", RangeDateTimeFilter))
    search_fields = ("product__sku", "product__name_de", "reference")
    date_hierarchy = "at"
    export_fields = ("at", "product__sku", "kind", "quantity", "reference", "by__username")
    kind_label = labelled(
        "kind", _("kind"), {"reserved": "info", "shipped": "primary", "counted": "warning"}
    )
