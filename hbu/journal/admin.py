"""The journal: everything that happened, read only."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    DropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import action

from hbu.journal import sealing
from hbu.journal.changes import TOLD, changes_of, words_of
from hbu.journal.history import details
from hbu.journal.labels import KIND_LABELS, facts_of, label_of
from hbu.journal.models import Event, Seal
from hbu.lib.admin import Facts, PageAdmin, Section, Table, anchor, column, moment
from hbu.lib.admin.showing import EMPTY

# A page that goes along more of the chain would keep its reader waiting; the command goes along all.
VERIFIED = 20_000
GROUPS = {
    "config.": _("Changes by hand"),
    "login.": _("Logins and passwords"),
    "list.": _("Lists taken along"),
    "case.": _("Cases"),
    "task.": _("Tasks"),
    "email.": _("Mails"),
    "outgoing.": _("Our letters"),
    "order.": _("Orders"),
    "quotation.": _("Quotations"),
    "invoice.": _("Invoices"),
    "payment.": _("Payments"),
    "customer.": _("Customers"),
    "company.": _("Company"),
}


class GroupFilter(DropdownFilter):
    title = _("what it is about")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(GROUPS.items())

    def queryset(self, request: HttpRequest, events: "QuerySet[Event]") -> "QuerySet[Event]":
        chosen = self.value()
        return events.filter(kind__startswith=chosen) if chosen in GROUPS else events


class KindFilter(DropdownFilter):
    title = _("what happened")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KIND_LABELS.items())

    def queryset(self, request: HttpRequest, events: "QuerySet[Event]") -> "QuerySet[Event]":
        return events.filter(kind=self.value()) if self.value() else events


class SubjectFilter(DropdownFilter):
    title = pgettext_lazy("journal", "subject")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        ours = (model._meta for model in admin.site._registry)
        return sorted(
            ((one.label_lower, str(one.verbose_name)) for one in ours), key=lambda o: o[1]
        )

    def queryset(self, request: HttpRequest, events: "QuerySet[Event]") -> "QuerySet[Event]":
        return events.filter(subject_type=self.value()) if self.value() else events


@admin.register(Event)
class EventAdmin(PageAdmin):
    empty_words = _("Nothing has happened yet.")
    list_display = ("at", "what", "subject", "actor", "ip", "told")
    list_display_links = ("at", "what")
    list_select_related = ("actor",)
    list_filter = (
        GroupFilter,
        KindFilter,
        SubjectFilter,
        ("actor", AutocompleteSelectFilter),
        ("ip", FieldTextFilter),
        ("at", RangeDateTimeFilter),
    )
    search_fields = ("=kind", "=subject_id", "actor__username", "=ip")
    search_help_text = _("Kind of event, number of the subject, user, or IP address")
    date_hierarchy = "at"
    export_fields = ("at", "kind", "subject_type", "subject_id", "actor__username", "ip", "data")
    actions_list = ("verify",)

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
        return list(_sections(event))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.chain_view)
        return [path("chain/", view, name="journal_event_chain"), *super().get_urls()]

    @action(  # type: ignore[untyped-decorator]
        description=_("Is it complete?"), icon="verified_user", url_path="verify"
    )
    def verify(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:journal_event_chain")

    def chain_view(self, request: HttpRequest) -> HttpResponse:
        """How the chain stands; asked by POST, whether its newest part is as it was sealed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        last = Seal.objects.order_by("-pk").first()
        report = None
        if request.method == "POST":
            since = max(0, (last.pk if last else 0) - VERIFIED)
            report = sealing.verify(timezone.now(), since=since)
            if report.is_whole:
                messages.success(request, gettext("Nothing was changed or removed."))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Is the journal complete?"),
            "last": last,
            "unsealed": sealing.unsealed().count(),
            "report": report,
            "back": reverse("admin:journal_event_changelist"),
            "verified": VERIFIED,
        }
        return TemplateResponse(request, "admin/journal/chain.html", context)


def _sections(event: Event) -> Iterator[Section]:
    yield Facts(
        title=label_of(event.kind),
        items=(
            (_("at"), moment(event.at)),
            (_("kind"), event.kind),
            (pgettext_lazy("journal", "subject"), subject_link(event)),
            (_("by"), event.actor or _("the house")),
            (_("from where"), event.ip or EMPTY),
        ),
    )
    changed = changes_of(event.data)
    if changed:
        rows = [(one.what, one.before or EMPTY, one.after or EMPTY) for one in changed]
        title = f"{words_of(event.data)}: {event.data.get('object', '')}"
        yield Table(title=title, headers=(_("what"), _("before"), _("after")), rows=rows)
        rest = {name: value for name, value in event.data.items() if name not in TOLD}
    else:
        rest = event.data
    if rest:
        yield Facts(title=_("details"), items=facts_of(rest))


def subject_link(event: Event) -> str:
    """Lead to the subject's page without reading the subject."""
    app, _dot, model = event.subject_type.partition(".")
    try:
        words = apps.get_model(app, model)._meta.verbose_name
        url = reverse(f"admin:{app}_{model}_change", args=[event.subject_id])
    except (LookupError, NoReverseMatch):
        return f"{event.subject_type} {event.subject_id}"
    return anchor(url, f"{words} {event.subject_id}")
