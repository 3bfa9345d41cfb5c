"""Mails that leave, and those that wait for somebody to let them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.enums import ActionVariant

from emails.admin import colours
from emails.admin.findings import findings_table
from emails.admin.mail_page import outgoing_badge
from emails.admin.sender import blocks_of
from emails.admin.stored import stored_file
from emails.models import Enclosure, OutgoingEmail
from emails.services import releasing
from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    Notice,
    PageAdmin,
    Prose,
    Section,
    Table,
    Transition,
    anchor,
    badge,
    column,
    labelled,
    link,
    moment,
    words_of,
)
from hbu.lib.telling import told

State = OutgoingEmail.State
RELEASE = Transition(
    name="release",
    label=_("Send it"),
    act=lambda letter, by, _reason: releasing.release(letter, by=by),
    possible=lambda letter: letter.state in OutgoingEmail.RELEASABLE,
    question=_(
        "The mail leaves as it is shown. If it was perhaps sent before, it may arrive twice."
    ),
    icon="send",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
ABORT = Transition(
    name="abort",
    label=_("Do not send"),
    act=lambda letter, by, _reason: releasing.abort(letter, by=by),
    possible=lambda letter: letter.state in OutgoingEmail.ABORTABLE,
    question=_("The mail stays here and never leaves."),
    icon="block",
    variant=ActionVariant.DANGER,
    bulk=True,
)


class WaitsFilter(DropdownFilter):
    title = _("waiting")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("person", _("for a person"))]

    def queryset(
        self, request: HttpRequest, rows: "QuerySet[OutgoingEmail]"
    ) -> "QuerySet[OutgoingEmail]":
        if self.value() != "person":
            return rows
        return rows.filter(state__in=OutgoingEmail.FOR_A_PERSON)


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(PageAdmin):
    empty_words = _("No mail has been written yet.")
    list_display = (
        "subject_and_receiver", "state_label", "why", "score", "created_at", "sent_at", "weight_label",
    )  # fmt: skip
    list_filter = (
        WaitsFilter,
        ("state", ChoicesDropdownFilter),
        ("weight", ChoicesDropdownFilter),
        ("mailbox", RelatedDropdownFilter),
        ("answers__department", RelatedDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("subject", "to_address", "message_id", "cause")
    date_hierarchy = "created_at"
    export_fields = (
        "created_at", "sent_at", "to_address", "subject", "state", "weight", "template", "language",
        "score", "reason", "attempts", "smtp_code", "smtp_reply",
    )  # fmt: skip
    transitions = (RELEASE, ABORT)

    state_label = labelled("state", _("state"), colours.OUTGOING)
    weight_label = labelled("weight", _("sort"), {"commitment": "primary"})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.enclosure_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("enclosures/<int:pk>/", view, name="emails_enclosure"), *urls]

    def enclosure_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Enclosure.objects.visible_to(request.user).exclude(sha256="")
        row = rows.filter(pk=pk).first()
        if row is None or not self.has_view_permission(request):
            raise Http404
        return stored_file(row.sha256, row.filename, row.media_type)

    @column(_("mail"), ordering="subject", header=True)
    def subject_and_receiver(self, letter: OutgoingEmail) -> tuple[str, str]:
        return letter.subject, letter.to_address

    @column(_("why it does not leave"))
    def why(self, letter: OutgoingEmail) -> str:
        return told(letter.reason)

    def sections(self, request: HttpRequest, letter: OutgoingEmail) -> Sequence[Section]:
        return [
            *_notices(letter),
            *blocks_of(letter.to_address),
            *_left_out(letter),
            Prose(title=letter.subject, text=letter.text),
            *_below(letter),
            *_enclosures(letter),
            findings_table(letter.findings),
            history(letter),
            _letterhead(letter),
            _sending(letter),
        ]


def _notices(letter: OutgoingEmail) -> list[Section]:
    if not letter.reason:
        return []
    colour = (
        "danger" if letter.state in (State.FAILED, State.UNCERTAIN, State.BOUNCED) else "warning"
    )
    return [Notice(title=words_of(letter, "state"), text=told(letter.reason), colour=colour)]


def _left_out(letter: OutgoingEmail) -> list[Section]:
    rows = list(letter.left_out.items())
    if not rows:
        return []
    headers = (_("to"), _("server's answer"))
    return [Table(title=_("Readers who do not have it"), headers=headers, rows=rows)]


def _below(letter: OutgoingEmail) -> list[Section]:
    if not letter.quoted:
        return []
    return [Prose(title=_("Below it: what it answers or forwards"), text=letter.quoted)]


def _enclosures(letter: OutgoingEmail) -> list[Section]:
    files = list(letter.enclosures.all())
    if not files:
        return []
    rows = [(_name_of(one), one.media_type, filesizeformat(one.size)) for one in files]
    return [Table(title=_("Enclosures"), headers=(_("name"), _("type"), _("size")), rows=rows)]


def _name_of(file: Enclosure) -> str:
    if not file.sha256:
        return badge(_("is being made"), "warning")
    return anchor(reverse("admin:emails_enclosure", args=[file.pk]), file.filename)


def _letterhead(letter: OutgoingEmail) -> Facts:
    return Facts(
        title=_("Letterhead"),
        beside=True,
        items=(
            (_("state"), outgoing_badge(letter)),
            (_("from"), f"{letter.from_name} <{letter.from_address}>"),
            (_("to"), f"{letter.to_name} <{letter.to_address}>"),
            (_("copy to"), ", ".join(letter.cc)),
            (_("blind copy to"), ", ".join(letter.bcc)),
            (_("answers"), link(letter.answers)),
            (_("conversation"), link(letter.thread)),
            (_("template"), letter.template),
            (_("language"), letter.language),
            (_("courtesy"), f"{letter.score} / 100"),
        ),
    )


def _sending(letter: OutgoingEmail) -> Facts:
    return Facts(
        title=_("Sending"),
        beside=True,
        items=(
            (_("sort"), words_of(letter, "weight")),
            (_("if in doubt"), words_of(letter, "policy")),
            (_("written"), moment(letter.created_at)),
            (_("by"), letter.created_by or _("the house")),
            (_("released or stopped by"), letter.approved_by),
            (_("attempts"), letter.attempts),
            (
                _("next attempt"),
                moment(letter.next_attempt_at) if letter.state == State.RETRYING else "",
            ),
            (_("sent"), moment(letter.sent_at)),
            (_("server's answer"), f"{letter.smtp_code or ''} {told(letter.smtp_reply)}".strip()),
            ("Message-ID", letter.message_id),
        ),
    )
