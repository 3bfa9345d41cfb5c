"""The menu of the staff's house, in operators' words. Everybody sees what they may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Task
from cases.services import browsing
from emails.models import Email, OutgoingEmail
from kpis.services import recommending
from orders.models import BankEntry, Document, Order, Printout, Quotation, Receivable


@dataclass(frozen=True, slots=True)
class Entry:
    title: Promise
    icon: str
    model: str
    """The list it opens, as "app.model"."""
    query: str = ""
    waiting: str = ""
    """Which of the counts below is shown beside it."""
    page: str = ""
    """A page of its own that it opens instead, by the name of its address."""
    permission: str = ""
    """Who may open that page; empty: whoever may see the list."""


@dataclass(frozen=True, slots=True)
class Group:
    title: Promise
    entries: Sequence[Entry]
    folded: bool = True


QUARANTINED = "state__exact=quarantined"
TO_CHECK = "state__exact=CREATED"
INVOICES_TO_CHECK = "kind__exact=invoice&state__exact=read"
FOR_A_PERSON = "waits=person"
OPEN_TASKS = "status__exact=new"
TO_MATCH = "match=open"
OPEN_ITEMS = "stand=open"
THIRD_REMINDERS = "stand=confirm"

GROUPS = (
    Group(
        _("Work"),
        (
            Entry(_("Inbox"), "inbox", "cases.case", waiting="inbox", page="cases:inbox"),
            Entry(_("Mails"), "mail", "emails.email"),
            Entry(_("Quarantine"), "report", "emails.email", QUARANTINED, "quarantine"),
            Entry(_("Cases"), "folder_open", "cases.case"),
            Entry(_("Tasks"), "task_alt", "cases.task", OPEN_TASKS, "tasks"),
            Entry(_("Orders board"), "view_kanban", "orders.order", page="board:board"),
            Entry(_("Orders to check"), "fact_check", "orders.order", TO_CHECK, "orders"),
            Entry(_("Orders"), "receipt_long", "orders.order"),
            Entry(_("Quotations"), "sell", "orders.quotation", waiting="quotations"),
            Entry(_("Parcels"), "local_shipping", "orders.shipment"),
            Entry(_("Returns"), "undo", "orders.return"),
            Entry(_("Our invoices"), "receipt", "orders.invoice"),
            Entry(_("Printed documents"), "print", "orders.printout", waiting="printouts"),
            Entry(
                _("Invoices to check"),
                "request_quote",
                "orders.document",
                INVOICES_TO_CHECK,
                "invoices",
            ),
            Entry(_("Documents"), "description", "orders.document"),
            Entry(
                _("Mail waiting for you"),
                "rate_review",
                "emails.outgoingemail",
                FOR_A_PERSON,
                "letters",
            ),
            Entry(_("Outgoing mail"), "outbox", "emails.outgoingemail"),
        ),
        folded=False,
    ),
    Group(
        _("Payments"),
        (
            Entry(_("Payments to match"), "join_inner", "orders.bankentry", TO_MATCH, "payments"),
            Entry(_("Open items"), "hourglass_top", "orders.receivable", OPEN_ITEMS),
            Entry(
                _("Third reminders to confirm"),
                "notification_important",
                "orders.receivable",
                THIRD_REMINDERS,
                "third_reminders",
            ),
            Entry(_("Reminders"), "notifications", "orders.reminder"),
            Entry(_("Bank statements"), "account_balance", "orders.bankstatement"),
        ),
        folded=False,
    ),
    Group(
        _("Shop"),
        (
            Entry(_("Products"), "radio_button_checked", "shop.product"),
            Entry(_("Categories"), "category", "shop.category"),
            Entry(_("Product families"), "workspaces", "shop.family"),
            Entry(_("Price lists"), "sell", "shop.pricelist"),
            Entry(_("Stock"), "inventory_2", "shop.stock"),
            Entry(_("Reservations"), "bookmark", "shop.reservation"),
            Entry(_("Stock movements"), "swap_vert", "shop.movement"),
            Entry(_("Customers"), "domain", "shop.customer"),
            Entry(_("Contacts"), "contacts", "shop.contact"),
            Entry(_("Article numbers"), "tag", "shop.alias"),
            Entry(_("API keys"), "vpn_key", "shop.apikey"),
            Entry(_("Suppliers"), "factory", "shop.supplier"),
        ),
    ),
    Group(
        _("Agents & teams"),
        (
            Entry(_("Agents at work"), "smart_toy", "agents.agent", page="kpis:agents"),
            Entry(_("Teams"), "diversity_3", "agents.department", page="kpis:teams"),
            Entry(_("Departments"), "groups", "agents.department"),
            Entry(_("Agents"), "support_agent", "agents.agent"),
            Entry(_("Consultations"), "psychology", "agents.agentrun"),
        ),
    ),
    Group(
        _("Reports"),
        (
            Entry(
                _("KPIs"),
                "monitoring",
                "kpis.snapshot",
                page="kpis:figures",
                permission="kpis.view_snapshot",
            ),
            Entry(
                _("Business overview"),
                "query_stats",
                "kpis.snapshot",
                page="kpis:business",
                permission="kpis.view_snapshot",
            ),
            Entry(
                _("Recommendations"),
                "tips_and_updates",
                "kpis.recommendation",
                waiting="recommendations",
                page="kpis:recommendations",
                permission="kpis.view_recommendation",
            ),
            Entry(
                _("SLA report"),
                "speed",
                "cases.slaresult",
                page="kpis:report_sla",
                permission="cases.report_case",
            ),
            Entry(_("SLA results"), "timer", "cases.slaresult"),
        ),
    ),
    Group(
        _("Mail set-up"),
        (
            Entry(_("Mailboxes"), "mail", "emails.mailbox"),
            Entry(_("Deliveries"), "move_to_inbox", "emails.delivery"),
            Entry(_("Routing rules"), "alt_route", "emails.routingrule"),
            Entry(_("Workflow rules"), "bolt", "cases.workflowrule"),
            Entry(_("Runs of rules"), "history", "cases.rulerun"),
            Entry(_("Macros"), "play_circle", "cases.macro"),
            Entry(_("Webhook calls"), "webhook", "cases.webhookcall"),
            Entry(_("Blocked addresses"), "unsubscribe", "emails.blockedaddress"),
            Entry(_("Replays"), "replay", "emails.replay"),
            Entry(_("Corrections"), "edit_note", "emails.correction"),
            Entry(_("Learned models"), "school", "emails.learnedmodel"),
            Entry(_("Royal templates"), "history_edu", "emails.royaltemplate"),
        ),
    ),
    Group(
        _("Settings"),
        (
            Entry(_("Company"), "apartment", "company.company"),
            Entry(_("Terms of trade"), "handshake", "company.terms"),
            Entry(_("Opening hours"), "schedule", "company.openinghours"),
            Entry(_("Holidays"), "celebration", "company.holiday"),
            Entry(_("Work calendars"), "calendar_month", "company.workcalendar"),
            Entry(_("SLA policies"), "timer", "cases.slapolicy"),
            Entry(_("Number series"), "pin", "company.counter"),
            Entry(_("Journal"), "menu_book", "journal.event"),
            Entry(
                _("Monitor"),
                "monitor_heart",
                "kpis.alert",
                page="kpis:monitor",
                permission="kpis.watch_house",
            ),
            Entry(
                _("Log"),
                "receipt_long",
                "kpis.alert",
                page="kpis:logs",
                permission="kpis.watch_house",
            ),
            Entry(_("Users"), "person", "auth.user"),
            Entry(_("Access keys"), "vpn_key", "agents.accesskey"),
            Entry(_("Groups"), "group", "auth.group"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    counts = waiting(request.user)
    today = {"title": _("Today"), "icon": "today", "link": "/", "active": request.path == "/"}
    groups = [_group(request, group, counts) for group in GROUPS]
    return [{"items": [today]}, *(group for group in groups if group["items"])]


def waiting(user: AbstractUser | AnonymousUser) -> dict[str, int]:
    """Return how much waits for a person, of what this one sees."""
    return {
        "quarantine": Email.objects.visible_to(user).quarantined().count(),
        "orders": Order.objects.to_check().count(),
        "quotations": Quotation.objects.to_check().count(),
        "invoices": Document.objects.visible_to(user).to_check().count(),
        "payments": BankEntry.objects.to_match().count(),
        "third_reminders": Receivable.objects.to_confirm(timezone.localdate()).count(),
        "printouts": Printout.objects.for_a_person().count(),
        "letters": OutgoingEmail.objects.visible_to(user).for_a_person().count(),
        "inbox": browsing.waiting(user),
        "tasks": Task.objects.visible_to(user).filter(status=Task.Status.NEW).count(),
        "recommendations": recommending.waiting(user),
    }


def counters(request: HttpRequest) -> dict[str, int]:
    """Return the numbers beside those entries that the person sees."""
    entries = [entry for group in GROUPS for entry in group.entries if entry.waiting]
    counts = waiting(request.user)
    return {one.waiting: counts[one.waiting] for one in entries if _may_see(request, one)}


def _group(request: HttpRequest, group: Group, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "title": group.title,
        "collapsible": group.folded,
        "items": [_item(request, one, counts) for one in group.entries if _may_see(request, one)],
    }


def _may_see(request: HttpRequest, entry: Entry) -> bool:
    app, model = entry.model.split(".")
    may = request.user.has_perm
    if entry.permission:
        return may(entry.permission)
    return may(f"{app}.view_{model}") or may(f"{app}.change_{model}")


def _item(request: HttpRequest, entry: Entry, counts: dict[str, int]) -> dict[str, Any]:
    url = reverse(entry.page or f"admin:{entry.model.replace('.', '_')}_changelist")
    return {
        "title": entry.title,
        "icon": entry.icon,
        "link": f"{url}?{entry.query}" if entry.query else url,
        "active": _is_open(request, entry, url),
        "waiting": entry.waiting,
        "badge": counts.get(entry.waiting) or None,
    }


def _is_open(request: HttpRequest, entry: Entry, url: str) -> bool:
    """Two entries may open one list; the one with the filter in force is the one that is open."""
    if not request.path.startswith(url):
        return False
    if entry.page:
        return True
    entries = _entries(entry.model)
    if len(entries) == 1:
        return True
    rival = next((one for one in entries if one.query and _in_force(request, one)), None)
    return rival == entry if rival else not entry.query


def _entries(model: str) -> list[Entry]:
    return [
        entry
        for group in GROUPS
        for entry in group.entries
        if entry.model == model and not entry.page
    ]


def _in_force(request: HttpRequest, entry: Entry) -> bool:
    wanted = QueryDict(entry.query)
    return all(request.GET.get(name) == value for name, value in wanted.items())
