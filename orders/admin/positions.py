"""What the lines of an order and of a quotation have in common while a person puts them right."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from hbu.lib.admin import ReadOnlyInline


class PositionForm(forms.ModelForm):  # type: ignore[type-arg]
    quantity = forms.DecimalField(
        label=_("Quantity"),
        min_value=Decimal(1),
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quantity = self.initial.get("quantity")
        if quantity is not None and quantity == quantity.to_integral_value():
            self.initial["quantity"] = int(quantity)


class PositionInline(ReadOnlyInline):
    verbose_name_plural = _("Lines")
    hide_title = True
    autocomplete_fields = ("product",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Products are made elsewhere; here one of them is chosen."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "product":
            for what in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{what}_related", False)
        return field
