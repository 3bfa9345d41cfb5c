from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hbu.company.calendar_pages import HolidayAdmin, OpeningHoursAdmin, WorkCalendarAdmin
from hbu.company.forms import TermsForm
from hbu.company.models import Company, Counter, Terms
from hbu.lib.admin import ReadOnlyAdmin, StaffAdmin

__all__ = ["CompanyAdmin", "HolidayAdmin", "OpeningHoursAdmin", "TermsAdmin", "WorkCalendarAdmin"]


@admin.register(Company)
class CompanyAdmin(StaffAdmin):
    empty_words = _("The company is not set up yet; load company.yaml.")
    list_display = ("name", "city", "domain", "language")
    fieldsets = (
        (None, {"fields": ("name", ("language", "currency"))}),
        (_("Address"), {"fields": ("street", ("postcode", "city", "country"), "region")}),
        (_("Contact"), {"fields": (("phone", "email"), ("website", "domain"))}),
        (
            _("Imprint"),
            {
                "description": _("Stands below every letter, as the law wants it (§ 35a GmbHG)."),
                "fields": (
                    ("register_court", "register_number"),
                    ("managing_directors", "vat_id"),
                ),
            },
        ),
        (_("Bank"), {"fields": (("bank", "iban", "bic"),)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one company; it comes from company.yaml."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Terms)
class TermsAdmin(StaffAdmin):
    empty_words = _("No terms yet; load company.yaml.")
    list_display = ("__str__", "guest_limit", "quotation_days", "prepayment_days", "reminder_fee")
    form = TermsForm
    fieldsets = (
        (
            _("Trust"),
            {
                "description": _(
                    "A guest is somebody who orders in the shop and whom we do not know yet. "
                    "Above the limit a guest pays in advance."
                ),
                "fields": (("guest_limit", "link_days"),),
            },
        ),
        (
            _("Periods"),
            {
                "fields": (
                    ("checkout_minutes", "quotation_days"),
                    ("prepayment_days", "transit_days"),
                )
            },
        ),
        (_("Reminders"), {"fields": (("reminder_days", "reminder_fee"),)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row; it comes with company.yaml."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Counter)
class CounterAdmin(ReadOnlyAdmin):
    """Changed by drawing numbers only; a number is never given twice."""

    empty_words = _("No number has been drawn yet.")
    list_display = ("name", "value")
