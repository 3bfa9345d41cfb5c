from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cases.models import SLAPolicy
from hbu.lib.admin import StaffAdmin


@admin.register(SLAPolicy)
class SLAPolicyAdmin(StaffAdmin):
    empty_words = _("No promise of speed: cases have no deadlines.")
    list_display = ("code", "name_de", "name_en", "first_response_minutes", "resolution_minutes")
    list_display_links = ("code", "name_de", "name_en")
    fieldsets = (
        (
            None,
            {
                "description": _("Minutes count only while the house is open."),
                "fields": (
                    "code",
                    ("name_de", "name_en"),
                    ("first_response_minutes", "resolution_minutes"),
                ),
            },
        ),
    )
