"""The ledger of a mailbox: server = stored = decided, and the rows behind each number."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from emails.ledger_check import Standing
from emails.models import Delivery, Email, Mailbox
from emails.services import counting
from hbu.lib.admin import Notice, Section, Table, Transition
from hbu.lib.admin.showing import anchor, moment

KNOWN = "known"
STANDS = {
    KNOWN: Q(),
    "stored": Q(email__isnull=False),
    "decided": Q(email__isnull=False) & ~Q(email__state=Email.State.RECEIVED),
    "not_stored": Q(email=None),
    "not_decided": Q(email__state=Email.State.RECEIVED),
}

FETCH_MISSING = Transition(
    name="fetch-missing",
    label=_("Fetch them again"),
    act=lambda mailbox, by, _reason: counting.fetch_again(mailbox, by=by),
    possible=lambda mailbox: mailbox.gap_since is not None,
    question=_(
        "The server is asked once more for each mail that it holds and that is not stored here."
    ),
    icon="sync_problem",
)


class StandFilter(admin.SimpleListFilter):
    """The rows behind the numbers of the ledger."""

    title = _("ledger")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            (KNOWN, _("counted against the server")),
            ("stored", _("stored")),
            ("decided", _("decided")),
            ("not_stored", _("not stored")),
            ("not_decided", _("not decided")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: "QuerySet[Delivery]"
    ) -> "QuerySet[Delivery]":
        narrowed = STANDS.get(self.value() or "")
        if narrowed is None:
            return queryset
        return queryset.filter(narrowed, pk__in=counting.in_the_ledger().order_by().values("pk"))


def rows(mailbox: Mailbox, stand: str) -> str:
    """Return the address of the rows behind a number of the ledger."""
    lookups: dict[str, str | int] = {"mailbox__id__exact": mailbox.pk, "stand": stand}
    return f"{reverse('admin:emails_delivery_changelist')}?{urlencode(lookups)}"


def sections(mailbox: Mailbox) -> list[Section]:
    """Return how the ledger stands, with what is missing; nothing before the first count."""
    standing = counting.standings([mailbox], timezone.now()).get(mailbox.pk)
    if standing is None:
        return []
    table = Table(
        title=_("Ledger"),
        lead=gettext("Counted %(when)s.") % {"when": moment(mailbox.counted_at)},
        headers=[_("what"), _("mails"), _("note")],
        rows=list(_lines(mailbox, standing)),
    )
    return [*_alarm(mailbox, standing), table]


def _alarm(mailbox: Mailbox, standing: Standing) -> list[Section]:
    if not standing.gap:
        return []
    count = standing.gap
    text = ngettext(
        "%(count)d mail that the server showed us is not stored or not decided, since %(since)s.",
        "%(count)d mails that the server showed us are not stored or not decided, since %(since)s.",
        count,
    ) % {"count": count, "since": moment(mailbox.gap_since or mailbox.counted_at)}
    return [Notice(title=_("The ledger has a gap"), text=text, colour="danger")]


def _lines(mailbox: Mailbox, standing: Standing) -> Iterable[list[Any]]:
    gone = mailbox.gone_count
    moved = gettext("%(count)d of them were moved or removed there since they are stored.")
    yield [gettext("on the server"), standing.server, moved % {"count": gone} if gone else ""]
    yield [gettext("stored"), anchor(rows(mailbox, "stored"), standing.stored), ""]
    yield [gettext("decided"), anchor(rows(mailbox, "decided"), standing.decided), ""]
    if standing.fetching or standing.deciding:
        yield [gettext("on their way"), standing.fetching + standing.deciding, ""]
    if standing.not_stored:
        yield [gettext("not stored"), standing.not_stored, _missing(mailbox, standing)]
    if standing.not_decided:
        yield [
            gettext("not decided"), anchor(rows(mailbox, "not_decided"), standing.not_decided), ""
        ]  # fmt: skip


def _missing(mailbox: Mailbox, standing: Standing) -> str:
    """Name the mails that have no row, and lead to the rows of those that could not be fetched."""
    uids = ", ".join(str(uid) for uid in mailbox.missing_uids[:100])
    if standing.not_stored <= len(mailbox.missing_uids):
        return f"UID {uids}"
    failed = anchor(rows(mailbox, "not_stored"), gettext("Show the deliveries"))
    return format_html("UID {} · {}", uids, failed) if uids else failed
