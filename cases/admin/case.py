"""Cases: what joins mail, order and answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)

from agents.models import AgentRun
from cases.admin.figures import STARS, ContactFilter, OpenAtFilter
from cases.models import Case
from cases.services import assigning, clocks
from cases.services.clocks import Reading
from emails.models import OutgoingEmail
from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    Section,
    SectionsMixin,
    StaffAdmin,
    Table,
    badge,
    column,
    labelled,
    link,
    moment,
    nowrap,
    roomy,
    words_of,
)
from hbu.lib.telling import told
from orders.admin.document_facts import STATES as DOCUMENT
from orders.admin.document_report import in_short
from orders.admin.order_page import amount, money
from orders.models import Document

STATUS = {
    "new": "info",
    "in_progress": "info",
    "awaiting_customer": "warning",
    "awaiting_vendor": "warning",
    "resolved": "success",
}
PRIORITY = {"urgent": "danger", "high": "warning"}


@admin.register(Case)
class CaseAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("No case yet. The first mail that needs an answer opens one.")
    list_display = (
        "number_and_title", "status_label", "priority_label", "kind", "customer", "department",
        "assignee", "first_answer", "opened_at",
    )  # fmt: skip
    list_select_related = ("customer", "department", "assignee")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("priority", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("department", RelatedDropdownFilter),
        ("assignee", RelatedDropdownFilter),
        ContactFilter,
        OpenAtFilter,
        ("opened_at", RangeDateTimeFilter),
        ("rating__at", RangeDateTimeFilter),
    )
    search_fields = ("number", "title", "customer__name", "emails__from_address", "orders__number")
    search_help_text = _("Number, title, customer, sender or order")
    in_journal = True
    date_hierarchy = "opened_at"
    export_fields = (
        "number", "title", "kind", "status", "priority", "customer__name", "department__code",
        "assignee__name", "opened_at", "first_response_due_at", "first_response_at",
        "resolution_due_at", "resolved_at",
    )  # fmt: skip
    fieldsets = (
        (
            _("Whose work it is"),
            {
                "description": _("The rest of a case follows from its mails, orders and tasks."),
                "fields": ("department", "assignee", "priority"),
            },
        ),
    )

    status_label = labelled("status", _("status"), STATUS)
    priority_label = labelled("priority", _("priority"), PRIORITY)

    @column(_("case"), ordering="number", header=True)
    def number_and_title(self, case: Case) -> tuple[str, str]:
        return nowrap(case.number), case.title

    @column(
        _("first answer"),
        ordering="first_response_due_at",
        label={"late": "danger", "due": "info", "given": "success"},
    )
    def first_answer(self, case: Case) -> tuple[str, str] | None:
        if case.first_response_at:
            return "given", gettext("given")
        if case.first_response_due_at is None:
            return None
        late = case.first_response_due_at < timezone.now()
        return "late" if late else "due", moment(case.first_response_due_at)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == STARS or super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Case,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        if form.changed_data:
            assigning.assign(
                obj,
                department=obj.department,
                assignee=obj.assignee,
                priority=obj.priority,
                by=request.user,  # type: ignore[arg-type] # staff are logged in
            )

    def sections(self, request: HttpRequest, case: Case) -> Sequence[Section]:
        return [
            _mails(case),
            _documents(case),
            _orders(case),
            _letters(case),
            _tasks(case),
            _facts(case),
            _clock(case),
        ]

    def sections_below(self, request: HttpRequest, case: Case) -> Sequence[Section]:
        return [_consultations(case), history(case)]


def _facts(case: Case) -> Facts:
    return Facts(
        title=case.number,
        beside=True,
        items=(
            (_("title"), case.title),
            (_("status"), badge(words_of(case, "status"), STATUS.get(case.status, ""))),
            (_("kind"), words_of(case, "kind")),
            (_("priority"), badge(words_of(case, "priority"), PRIORITY.get(case.priority, ""))),
            (_("customer"), link(case.customer)),
            (_("department"), link(case.department)),
            (_("assigned to"), link(case.assignee)),
            (_("conversation"), link(case.thread)),
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Clocks(Section):
    """What is promised, and which minutes counted."""

    reading: Reading
    template = "cases/clock_section.html"


def _clock(case: Case) -> Clocks:
    reading = clocks.readable(case, timezone.now())
    return Clocks(title=_("Clock"), beside=True, reading=reading)


def _mails(case: Case) -> Table:
    return Table(
        title=_("Mails"),
        headers=(_("subject"), _("from"), _("received"), _("state")),
        rows=[
            (link(one), one.from_address, moment(one.received_at), words_of(one, "state"))
            for one in case.emails.all()
        ],
    )


def _documents(case: Case) -> Table:
    rows = Document.objects.filter(filings__email__link__case=case).select_related("supplier")
    return Table(
        title=_("Documents"),
        headers=(
            _("document"),
            _("from"),
            _("gross"),
            _("state"),
            _("what was checked"),
            _("what is wrong"),
        ),
        rows=[
            (
                link(one),
                link(one.supplier) if one.supplier else one.party,
                amount(one.gross, one.currency),
                badge(words_of(one, "state"), DOCUMENT[one.state]),
                in_short(one.checks),
                "; ".join(dict.fromkeys(gettext(concern["what"]) for concern in one.concerns)),
            )
            for one in rows.defer("text", "fields").distinct()
        ],
        empty=_("No order and no invoice came with it."),
    )


def _orders(case: Case) -> Table:
    return Table(
        title=_("Orders"),
        headers=(_("number"), _("state"), _("gross"), _("promised for")),
        rows=[
            (
                link(one),
                words_of(one, "state"),
                money(one.gross, one),
                one.promised_date or "",
            )
            for one in case.orders.all()
        ],
        empty=_("No order belongs to this case."),
    )


def _letters(case: Case) -> Table:
    letters = OutgoingEmail.objects.filter(thread=case.thread_id) if case.thread_id else []
    return Table(
        title=_("Our letters"),
        headers=(_("subject"), _("to"), _("state"), _("sent")),
        rows=[
            (link(one), one.to_address, words_of(one, "state"), moment(one.sent_at))
            for one in letters
        ],
        empty=_("Not answered yet."),
    )


def _tasks(case: Case) -> Table:
    return Table(
        title=_("Tasks"),
        headers=(_("what is to do"), _("why"), _("status"), _("assigned to")),
        rows=[
            (
                roomy(link(one, gettext(one.title))),
                told(one.reason),
                words_of(one, "status"),
                one.assignee or "",
            )
            for one in case.tasks.select_related("assignee")
        ],
        empty=_("Nobody has to do anything by hand."),
    )


def _consultations(case: Case) -> Table:
    runs = AgentRun.objects.filter(case_number=case.number).select_related("agent")
    return Table(
        title=_("Who was consulted"),
        headers=(_("agent"), _("at"), _("seconds"), _("error")),
        rows=[
            (link(one, one.agent), moment(one.at), number_format(one.seconds, 2), one.error)
            for one in runs
        ],
        empty=_("Nobody was asked."),
    )
