"""The kinds of pages: one that is edited, one that is read, one that only grows."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from hbu.lib.admin.auditing import AuditedMixin
from hbu.lib.admin.exporting import ExportAdminMixin
from hbu.lib.admin.filters import BoundedMixin
from hbu.lib.admin.scoping import ScopedMixin
from hbu.lib.admin.sections import Section
from hbu.lib.admin.showing import Words
from hbu.lib.admin.transitions import TransitionsMixin
from hbu.lib.errors import DomainError


class StaffAdmin(
    TransitionsMixin, ExportAdminMixin, ScopedMixin, AuditedMixin, BoundedMixin, ModelAdmin
):
    """Something that staff edit. Counting a long list whole is never worth the wait."""

    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    empty_words: Words = _("There is nothing here yet.")

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: "ModelForm[Any]",
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        """Write what the form changed and no more: other fields may have moved on meanwhile."""
        if change:
            columns = {field.name for field in obj._meta.concrete_fields}
            obj.save(update_fields=[name for name in form.changed_data if name in columns])
        else:
            obj.save()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            messages.error(request, gettext(error.message))
            return HttpResponseRedirect(request.get_full_path())
        return response


class ReadOnlyMixin:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnlyMixin, StaffAdmin):
    """A history: rows are added by the house, and read."""


class ReadOnlyInline(ReadOnlyMixin, ScopedMixin, TabularInline):
    extra = 0
    can_delete = False


class SectionsMixin:
    """Above and below the form, if there is one: what there is to know, in sections."""

    change_form_outer_before_template = "admin/above.html"
    change_form_outer_after_template = "admin/below.html"
    in_journal = False
    """Its history stands in the journal; the admin's own log would show an empty page."""

    def sections(self, request: HttpRequest, obj: Any) -> Sequence[Section]:
        return ()

    def sections_below(self, request: HttpRequest, obj: Any) -> Sequence[Section]:
        return ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context["above"] = _columns(self.sections(request, obj))
            context["below"] = _columns(self.sections_below(request, obj))
        if self.in_journal:
            context["show_history"] = False
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc, no-any-return]


def _columns(sections: Sequence[Section]) -> dict[str, list[Section]]:
    return {
        "main": [one for one in sections if not one.beside],
        "beside": [one for one in sections if one.beside],
    }


class PageAdmin(SectionsMixin, ReadOnlyAdmin):
    """Something that is read, made of sections, and changed by transitions only."""

    in_journal = True

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return []
