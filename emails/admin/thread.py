"""A conversation: what came in and what went out, in order."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emails.admin.mail_page import mail_badge, outgoing_badge
from emails.models import Email, OutgoingEmail, Thread
from hbu.journal.history import history
from hbu.lib.admin import PageAdmin, Section, Table, badge, column, link, moment, seen, words_of

SHOWN = 500
"""Of each kind, the newest: machines have conversations without an end."""
FLAGS = {
    "new_topic": (_("new topic?"), "warning"),
    "new_participant": (_("new participant"), "info"),
    "impostor": (_("under our own address"), "danger"),
}


OF_A_MAIL = ("subject", "from_address", "received_at", "state")
OF_A_LETTER = ("subject", "to_address", "state", "sent_at", "created_at")


@admin.register(Thread)
class ThreadAdmin(PageAdmin):
    empty_words = _("No conversation has begun yet.")
    list_display = ("titled", "mails", "started_at")
    search_fields = ("subject", "references__message_id")
    search_help_text = _("Subject, Message-ID or case number")
    date_hierarchy = "started_at"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Thread]":
        rows: QuerySet[Thread] = super().get_queryset(request)
        mails = Email.objects.visible_to(request.user).filter(thread=OuterRef("pk")).order_by("pk")
        # Asked for each row that is shown, where a join would count all of them.
        return rows.annotate(
            writer=Subquery(mails.values("from_name")[:1]),
            address=Subquery(mails.values("from_address")[:1]),
            count=Subquery(
                mails.order_by().values("thread").annotate(all=Count("pk")).values("all")
            ),
        )

    @column(_("subject"), ordering="subject", header=True)
    def titled(self, thread: Any) -> tuple[str, str]:
        return str(thread), thread.writer or thread.address or ""

    @column(_("mails"))
    def mails(self, thread: Any) -> int:
        return thread.count or 0

    def sections(self, request: HttpRequest, thread: Thread) -> Sequence[Section]:
        return [
            _in_order(thread, request.user),
            Table(
                title=_("Mails that possibly belong here"),
                headers=(_("subject"), _("from"), _("received"), _("state")),
                rows=[
                    (link(one), one.from_address, moment(one.received_at), mail_badge(one))
                    for one in seen(thread.claimed_by.all(), request.user).only(*OF_A_MAIL)[:SHOWN]
                ],
                empty=_("There are none."),
            ),
            Table(
                title=_("Message-IDs and case numbers that lead here"),
                headers=(_("leads here"),),
                rows=[(one.message_id,) for one in thread.references.order_by("-pk")[:SHOWN]],
            ),
            history(thread),
        ]


def _in_order(thread: Thread, user: Any) -> Table:
    mails = seen(thread.emails.all(), user).only(*OF_A_MAIL, "joined_by", *FLAGS)[:SHOWN]
    letters = seen(thread.outgoing.all(), user).only(*OF_A_LETTER).order_by("-pk")[:SHOWN]
    # Oldest first, also of those that came within one second.
    lines = [(one.received_at, _came(one)) for one in reversed(mails)]
    lines += [(one.sent_at or one.created_at, _went(one)) for one in reversed(letters)]
    lines.sort(key=lambda line: line[0])
    cut = gettext("The newest %(count)d of each kind.") % {"count": SHOWN}
    return Table(
        title=_("Mails and letters"),
        lead=cut if SHOWN in (len(mails), len(letters)) else "",
        headers=(_("way"), _("subject"), _("from or to"), _("when"), _("state"), _("why here")),
        rows=[(cells[0], cells[1], cells[2], moment(at), *cells[3:]) for at, cells in lines],
        empty=_("All of it went into another conversation."),
    )


def _came(email: Email) -> tuple[Any, ...]:
    flags = [badge(*FLAGS[name]) for name in FLAGS if getattr(email, name)]
    why = format_html_join(" ", "{}", ((one,) for one in (words_of(email, "joined_by"), *flags)))
    return _("came in"), link(email), email.from_address, mail_badge(email), why


def _went(letter: OutgoingEmail) -> tuple[Any, ...]:
    return _("went out"), link(letter), letter.to_address, outgoing_badge(letter), ""
