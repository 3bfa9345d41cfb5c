from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from hbu.lib.admin import StaffAdmin, column


@admin.register(Department)
class DepartmentAdmin(StaffAdmin):
    empty_words = _("No department yet. Mails need one to go to.")
    list_display = ("code", "name_de", "name_en", "address", "speciality", "people")
    list_display_links = ("code", "name_de", "name_en")
    search_fields = ("code", "name_de", "name_en", "address", "speciality")
    autocomplete_fields = ("members",)
    export_fields = ("code", "name_de", "name_en", "address", "speciality")
    fieldsets = (
        (None, {"fields": ("code", ("name_de", "name_en"), "address", "speciality", "members")}),
        (
            _("Its cases"),
            {
                "description": _(
                    "When it works decides until when answers are due. A mail to a case that is "
                    "done takes it up again, or opens a new one that is linked to it."
                ),
                "fields": ("calendar", ("reopen", "reopen_days"), "close_after_days"),
            },
        ),
    )

    @column(_("members"))
    def people(self, department: Department) -> str:
        return ", ".join(str(one) for one in department.members.all())

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Department]":
        rows: QuerySet[Department] = super().get_queryset(request)
        return rows.prefetch_related("members")
