"""The journal: everything that happened, read only."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import DropdownFilter, RangeDateTimeFilter

from hbu.journal.history import details
from hbu.journal.labels import KIND_LABELS, facts_of, label_of
from hbu.journal.models import Event
from hbu.lib.admin import Facts, PageAdmin, Section, anchor, column, moment


class KindFilter(DropdownFilter):
    title = _("what happened")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KIND_LABELS.items())

    def queryset(self, request: HttpRequest, events: "QuerySet[Event]") -> "QuerySet[Event]":
        return events.filter(kind=self.value()) if self.value() else events


@admin.register(Event)
class EventAdmin(PageAdmin):
    empty_words = _("Nothing has happened yet.")
    list_display = ("at", "what", "subject", "actor", "told")
    list_display_links = ("at", "what")
    list_select_related = ("actor",)
    list_filter = (KindFilter, ("at", RangeDateTimeFilter))
    search_fields = ("=kind", "=subject_id", "actor__username")
    search_help_text = _("Kind of event, number of the subject, or user")
    date_hierarchy = "at"
    export_fields = ("at", "kind", "subject_type", "subject_id", "actor__username", "data")

    @column(_("what happened"), ordering="kind")
    def what(self, event: Event) -> str:
        return label_of(event.kind)

    @column(pgettext_lazy("journal", "subject"))
    def subject(self, event: Event) -> str:
        return subject_link(event)

    @column(_("details"))
    def told(self, event: Event) -> str:
        return details(event.data)

    def sections(self, request: HttpRequest, event: Event) -> Sequence[Section]:
        return [
            Facts(
                title=label_of(event.kind),
                items=(
                    (_("at"), moment(event.at)),
                    (_("kind"), event.kind),
                    (pgettext_lazy("journal", "subject"), subject_link(event)),
                    (_("by"), event.actor or _("the house")),
                ),
            ),
            Facts(title=_("details"), items=facts_of(event.data)),
        ]


def subject_link(event: Event) -> str:
    """Lead to the subject's page without reading the subject."""
    app, _dot, model = event.subject_type.partition(".")
    try:
        words = apps.get_model(app, model)._meta.verbose_name
        url = reverse(f"admin:{app}_{model}_change", args=[event.subject_id])
    except (LookupError, NoReverseMatch):
        return f"{event.subject_type} {event.subject_id}"
    return anchor(url, f"{words} {event.subject_id}")
