"""Macros: actions that a person sets off with one click."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from cases.admin.editors import ActionsField
from cases.admin.workflow_figures import keys_of
from cases.models import Macro
from cases.services import choices
from hbu.lib.admin import Section, SectionsMixin, StaffAdmin, column


class MacroForm(forms.ModelForm):  # type: ignore[type-arg]
    actions = ActionsField()

    class Meta:
        model = Macro
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        widgets = {"departments": UnfoldAdminCheckboxSelectMultipleWidget}


@admin.register(Macro)
class MacroAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("There is no macro: everybody does each step by hand.")
    form = MacroForm
    list_display = ("titled", "position", "desks", "deeds", "is_active")
    list_editable = ("position",)
    ordering_field = "position"
    list_filter = (("is_active", BooleanRadioFilter),)
    search_fields = ("name", "note")
    fieldsets = (
        (None, {"fields": (("name", "position"), "note", "departments", "is_active")}),
        (
            _("Then"),
            {
                "description": _(
                    "Done in this order, in the name of whoever clicks. An answer is sent last, as "
                    "that person's letter, and can be taken back for some seconds."
                ),
                "fields": ("actions",),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("departments")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self._values = choices.of_actions()
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    @column(_("name"), ordering="name", header=True)
    def titled(self, macro: Macro) -> tuple[str, str]:
        return macro.name, macro.note

    @column(_("for departments"))
    def desks(self, macro: Macro) -> str:
        return ", ".join(one.name for one in macro.departments.all()) or gettext("everybody")

    @column(_("Then"))
    def deeds(self, macro: Macro) -> str:
        said = choices.actions_in_words(macro.actions, self._values)
        return format_html_join("", "<div>{}</div>", ((one,) for one in said))

    def sections_below(self, request: HttpRequest, macro: Macro) -> list[Section]:
        return list(keys_of(macro.actions))
