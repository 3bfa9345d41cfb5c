"""The page of one mail, piece by piece."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import localize, number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from emails.admin import colours, decisions, marks, sender, tracing
from emails.admin.frame import shown_html
from emails.models import Attachment, Email, OutgoingEmail
from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    Frame,
    Notice,
    Prose,
    Section,
    Table,
    anchor,
    badge,
    link,
    links,
    moment,
    words_of,
)
from hbu.lib.admin.showing import EMPTY, Words, percent
from hbu.lib.telling import told

OTHERS_SHOWN = 50


def page_of(email: Email, user: AbstractUser | AnonymousUser) -> list[Section]:
    attachments = list(email.attachments.all())
    return [
        *_notices(email),
        *_conversation(email, attachments),
        _attachments(attachments),
        _answers(email),
        _others_of_thread(email, user),
        decisions.why_this_kind(email),
        tracing.why_here(email),
        history(email),
        _letterhead(email),
        _verdict(email),
        _work(email),
    ]


def _notices(email: Email) -> list[Section]:
    notices: list[Section] = []
    if email.state == Email.State.QUARANTINED:
        failed_in = dict(Email.State.choices).get(email.failed_in, email.failed_in)
        title = gettext("In quarantine since the step after “%(step)s” failed") % {
            "step": failed_in
        }
        notices.append(Notice(title=title, text=told(email.error), colour="danger"))
    if email.must_not_answer:
        notices.append(
            Notice(title=_("Is never answered by itself"), text=told(email.must_not_answer))
        )
    notices += sender.warnings(email)
    if email.defects:
        words = ", ".join(told(one) for one in email.defects)
        notices.append(Notice(title=_("Found odd about it"), text=words, colour="info"))
    return notices


def _conversation(email: Email, attachments: Sequence[Attachment]) -> list[Section]:
    """What was written, its words marked that counted, and what the marks stand for."""
    marker = marks.marker(email)
    subject = marks.marked(marker, str(email))
    shown: list[Section] = []
    if legend := marks.legend(email):
        shown.append(Prose(title=_("What counted"), text=format_html("{}\n{}", subject, legend)))
    html = shown_html(email, attachments, marker) if email.html_safe else ""
    if html:
        return [Frame(title=str(email), html=html), *shown]
    text = marks.marked(marker, email.text) if email.text else gettext("(no text)")
    return [Prose(title=str(email), text=text), *shown]


def _attachments(attachments: Sequence[Attachment]) -> Table:
    return Table(
        title=_("Attachments"),
        headers=(_("name"), _("type"), _("size"), _("text that was read")),
        rows=[
            (
                anchor(reverse("admin:emails_attachment", args=[one.pk]), one.filename),
                one.content_type,
                filesizeformat(one.size),
                told(one.error) or (_("yes") if one.text else _("no")),
            )
            for one in attachments
        ],
        empty=_("This mail has no attachments."),
    )


def _answers(email: Email) -> Table:
    return Table(
        title=_("Answers"),
        headers=(_("subject"), _("to"), _("state"), _("sent")),
        rows=[
            (link(one), one.to_address, outgoing_badge(one), moment(one.sent_at))
            for one in email.answers.all()
        ],
        empty=_("Not answered."),
    )


def outgoing_badge(letter: OutgoingEmail) -> str:
    return badge(words_of(letter, "state"), colours.OUTGOING.get(letter.state, ""))


def _others_of_thread(email: Email, user: AbstractUser | AnonymousUser) -> Table:
    rows = Email.objects.visible_to(user).filter(thread=email.thread_id).exclude(pk=email.pk)
    listed = rows.only("subject", "from_address", "received_at", "state")[: OTHERS_SHOWN + 1]
    others = list(listed) if email.thread_id else []
    cut = gettext("The newest %(count)d; all of them stand in the conversation.")
    return Table(
        title=_("Other mails of this conversation"),
        lead=cut % {"count": OTHERS_SHOWN} if len(others) > OTHERS_SHOWN else "",
        headers=(_("subject"), _("from"), _("received"), _("state")),
        rows=[
            (link(one), one.from_address, moment(one.received_at), mail_badge(one))
            for one in others[:OTHERS_SHOWN]
        ],
        empty=_("There are no others."),
    )


def mail_badge(email: Email) -> str:
    return badge(words_of(email, "state"), colours.STATE.get(email.state, ""))


def _letterhead(email: Email) -> Facts:
    raw = anchor(reverse("admin:emails_email_raw", args=[email.pk]), filesizeformat(email.size))
    return Facts(
        title=_("Letterhead"),
        beside=True,
        items=_known(
            (_("state"), mail_badge(email)),
            (_("from"), f"{email.from_name} <{email.from_address}>".strip()),
            (_("authenticity"), _badge(email, "trust", colours.TRUST)),
            (_("reply to"), email.reply_to),
            (_("to"), _addresses(email.to)),
            (_("copy to"), _addresses(email.cc)),
            (_("received"), moment(email.received_at)),
            (_("date in the mail"), moment(email.date)),
            (_("mailbox"), link(email.mailbox)),
            (_("download as it came (.eml)"), raw),
        ),
    )


def _known(*items: tuple[Words, Any]) -> list[tuple[Words, Any]]:
    """Leave out what this mail does not have."""
    return [(label, value) for label, value in items if value not in ("", None, EMPTY)]


def _addresses(rows: Sequence[Any]) -> str:
    return ", ".join(one["address"] if isinstance(one, dict) else str(one) for one in rows)


def _verdict(email: Email) -> Facts:
    return Facts(
        title=_("What we make of it"),
        beside=True,
        items=(
            (_("kind"), _badge(email, "kind", colours.KIND)),
            (_("confidence"), percent(email.confidence)),
            (_("priority"), _badge(email, "priority", colours.PRIORITY)),
            (_("sentiment"), _badge(email, "sentiment", colours.SENTIMENT)),
            (_("deadlines"), _deadlines(email)),
            (_("amounts"), _amounts(email)),
            (_("language"), _language(email.language)),
            (_("customer"), link(email.customer)),
            (_("OEM"), _("yes") if email.is_oem else _("no")),
            (
                _("written by a machine"),
                words_of(email, "automatic") if email.automatic else _("no"),
            ),
        ),
    )


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _deadlines(email: Email) -> str:
    return format_html_join(
        "",
        "<div>{} <span class='opacity-60'>{}</span></div>",
        ((localize(date.fromisoformat(one["due"])), one["found"]) for one in email.deadlines),
    )


def _amounts(email: Email) -> str:
    return format_html_join(
        "",
        "<div class='whitespace-nowrap'>{} {}</div>",
        (
            (number_format(Decimal(one["value"]), force_grouping=True), one["currency"])
            for one in email.amounts
        ),
    )


def _badge(email: Email, field: str, shades: Mapping[str, str]) -> str:
    value = str(getattr(email, field))
    return badge(words_of(email, field), shades.get(value, "")) if value else ""


def _work(email: Email) -> Facts:
    """The case and its orders are known by the apps above; we only follow the rows."""
    case = getattr(getattr(email, "link", None), "case", None)
    return Facts(
        title=_("What came of it"),
        beside=True,
        items=_known(
            (_("department"), link(email.department)),
            (_("rule"), link(email.rule)),
            (_("SLA"), email.sla),
            (_("case"), link(case, case.number) if case else ""),
            (
                _("documents"),
                links(one.document for one in email.filings.select_related("document")),
            ),
            (_("orders"), links(case.orders.all()) if case else ""),
            (_("conversation"), link(email.thread)),
            (_("why in this conversation"), words_of(email, "joined_by")),
        ),
    )
