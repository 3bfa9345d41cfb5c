"""Mails that came in: the inbox, the quarantine and the page of one mail."""

from collections.abc import Sequence

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget

from agents.models import Department
from emails.admin import colours
from emails.admin.figures import WorkFilter
from emails.admin.mail_page import page_of
from emails.admin.replay import replay_chosen
from emails.admin.stored import stored_file
from emails.labels import KIND_LABELS
from emails.models import Attachment, Email
from emails.services import learning, quarantine
from hbu.lib.admin import PageAdmin, Section, Transition, column, labelled, words_of


class CorrectionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("as it is")), *KIND_LABELS.items()],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.all(),
        empty_label=_("as it is"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


def _is_quarantined(email: Email) -> bool:
    return email.state == Email.State.QUARANTINED


RETRY = Transition(
    name="retry",
    label=_("Try again"),
    act=lambda email, by, _reason: quarantine.retry(email, by=by),
    possible=_is_quarantined,
    question=_("The mail goes back to the step in which it failed and is worked on again."),
    icon="replay",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
DISMISS = Transition(
    name="dismiss",
    label=_("Dismiss"),
    act=lambda email, by, reason: quarantine.dismiss(email, by=by, reason=reason),
    possible=_is_quarantined,
    question=_("Nobody will work on this mail. It stays stored and can be downloaded."),
    asks_reason=True,
    icon="delete_sweep",
    variant=ActionVariant.DANGER,
    bulk=True,
)

CORRECT = Transition(
    name="correct",
    label=_("This is something else"),
    act=lambda email, by, said: learning.correct(email, **said, by=by),
    possible=lambda email: bool(email.kind),
    question=_(
        "The mail and its open case go where you say. Another kind is a lesson for the learned "
        "model; another department teaches it nothing: where mails of a kind should go is said by "
        "routing rules."
    ),
    form=CorrectionForm,
    icon="edit_note",
)


@admin.register(Email)
class EmailAdmin(PageAdmin):
    empty_words = _(
        "No mail has come in yet. As soon as a mailbox is watched, its mails appear here."
    )
    list_display = (
        "subject_and_sender", "trusted", "received_at", "state_label", "kind_label", "priority_label",
        "customer", "department",
    )  # fmt: skip
    list_select_related = ("customer", "department")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        WorkFilter,
        ("kind", ChoicesDropdownFilter),
        ("priority", ChoicesDropdownFilter),
        ("sentiment", ChoicesDropdownFilter),
        ("department", RelatedDropdownFilter),
        ("mailbox", RelatedDropdownFilter),
        ("automatic", ChoicesDropdownFilter),
        ("trust", ChoicesDropdownFilter),
        ("is_oem", BooleanRadioFilter),
        ("received_at", RangeDateTimeFilter),
    )
    search_fields = ("subject", "from_address", "from_name", "message_id", "customer__name")
    search_help_text = _("Subject, sender, customer or Message-ID")
    date_hierarchy = "received_at"
    export_fields = (
        "received_at", "from_address", "from_name", "subject", "state", "kind", "priority",
        "sentiment", "language", "customer__name", "department__code", "mailbox__address", "sla", "confidence",
        "error",
    )  # fmt: skip
    actions = (replay_chosen,)
    transitions: tuple[Transition, ...] = (RETRY, DISMISS, CORRECT)

    state_label = labelled("state", _("state"), colours.STATE)
    kind_label = labelled("kind", _("kind"), colours.KIND)
    priority_label = labelled("priority", _("priority"), colours.PRIORITY)

    @column(_("mail"), ordering="subject", header=True)
    def subject_and_sender(self, email: Email) -> tuple[str, str]:
        return str(email), email.from_name or email.from_address

    @column(_("sender"), ordering="trust", label=colours.TRUST)
    def trusted(self, email: Email) -> tuple[str, str] | None:
        """Where nobody checks, there is nothing to say."""
        if email.trust == Email.Trust.UNKNOWN:
            return None
        return email.trust, words_of(email, "trust")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Email]":
        """Leave the long texts in the database while a list is shown."""
        rows: QuerySet[Email] = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and match.url_name == "emails_email_changelist":
            return rows.defer(
                "text",
                "html_safe",
                "reply_text",
                "reasons",
                "trace",
                "references",
                "deadlines",
                "amounts",
            )
        return rows.select_related("customer", "department", "mailbox", "rule", "thread")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("emails.add_replay")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/raw/", wrap(self.raw_view), name="emails_email_raw"),
            path("attachments/<int:pk>/", wrap(self.attachment_view), name="emails_attachment"),
            *super().get_urls(),
        ]

    def raw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        email = self.get_object(request, str(pk))
        if email is None or not self.has_view_permission(request, email):
            raise Http404
        return stored_file(email.raw_sha256, f"mail-{pk}.eml")

    def attachment_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = Attachment.objects.visible_to(request.user).filter(pk=pk).first()
        if row is None or not self.has_view_permission(request):
            raise Http404
        return stored_file(row.sha256, row.filename, row.content_type)

    def sections(self, request: HttpRequest, email: Email) -> Sequence[Section]:
        return page_of(email, request.user)
