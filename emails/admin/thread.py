from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from emails.admin.mail_page import mail_badge, outgoing_badge
from emails.models import Thread
from hbu.journal.history import history
from hbu.lib.admin import PageAdmin, Section, Table, link, moment


@admin.register(Thread)
class ThreadAdmin(PageAdmin):
    empty_words = _("No conversation has begun yet.")
    list_display = ("subject", "started_at")
    search_fields = ("subject", "references__message_id")
    date_hierarchy = "started_at"

    def sections(self, request: HttpRequest, thread: Thread) -> Sequence[Section]:
        return [
            Table(
                title=_("Mails that came in"),
                headers=(_("subject"), _("from"), _("received"), _("state")),
                rows=[
                    (link(one), one.from_address, moment(one.received_at), mail_badge(one))
                    for one in thread.emails.all()
                ],
            ),
            Table(
                title=_("Our letters"),
                headers=(_("subject"), _("to"), _("sent"), _("state")),
                rows=[
                    (link(one), one.to_address, moment(one.sent_at), outgoing_badge(one))
                    for one in thread.outgoing.all()
                ],
            ),
            Table(
                title=_("Message-IDs that lead here"),
                headers=("Message-ID",),
                rows=[(one.message_id,) for one in thread.references.all()],
            ),
            history(thread),
        ]
