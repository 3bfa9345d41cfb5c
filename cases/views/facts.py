"""What stands beside the conversation: whose matter it is, what it is about, what is owed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from cases.models import Case
from cases.services import clocks, conversation
from cases.views.guard import StaffRequest
from cases.views.inbox import colleagues
from emails.labels import KIND_LABELS, PRIORITY_LABELS
from emails.models import Email
from hbu.lib.admin.showing import Words
from orders.models import Document, Invoice, Order, Receivable
from shop.models import Customer

__all__ = ["colleagues", "context"]

SHOWN = 5
OPEN_FIRST = (F("done_at").asc(nulls_first=True), "pk")


@dataclass(frozen=True, slots=True)
class History:
    """What we know of the customer."""

    customer: Customer
    cases: list[Case]
    orders: list[Order]
    open_items: Decimal
    overdue: int


def context(request: StaffRequest, case: Case) -> dict[str, Any]:
    user = request.user
    opener = case.emails.select_related("rule").order_by("pk").first()
    return {
        "history": _history(request, case),
        "reading": clocks.readable(case, timezone.now()),
        "opener": opener,
        "hits": _hits(opener),
        **_business(user, case),
        "tasks": list(case.tasks.select_related("assignee", "department").order_by(*OPEN_FIRST)),
        "tags": list(case.tags.all()),
        "related": list(Case.objects.visible_to(user).filter(related=case)),
        "followers": list(case.followers.all()),
        "follows": case.followers.filter(pk=user.pk).exists(),
        "timeline": conversation.timeline(case),
        "colleagues": colleagues(),
        "departments": list(Department.objects.all()),
        "statuses": [one for one in Case.Status.choices if one[0] != Case.Status.NEW],
        "priorities": PRIORITY_LABELS.items(),
        "kinds": KIND_LABELS.items(),
        "later": _later(),
        "may_change": user.has_perm("cases.change_case"),
        "may_merge": user.has_perm("cases.merge_case"),
        "may_answer": user.has_perm("cases.answer_case"),
    }


def _history(request: StaffRequest, case: Case) -> History | None:
    customer = case.customer
    if customer is None or not request.user.has_perm("shop.view_customer"):
        return None
    others = Case.objects.visible_to(request.user).filter(customer=customer).exclude(pk=case.pk)
    orders = Order.objects.filter(customer=customer).order_by("-pk")
    owed = Receivable.objects.owed_to_us().filter(invoice__customer=customer)
    return History(
        customer=customer,
        cases=list(others.order_by("-pk")[:SHOWN]),
        orders=list(orders[:SHOWN]) if request.user.has_perm("orders.view_order") else [],
        open_items=owed.aggregate(sum=Sum("open_amount"))["sum"] or Decimal(0)
        if request.user.has_perm("orders.view_receivable")
        else Decimal(0),
        overdue=owed.overdue(timezone.localdate()).count(),
    )


def _hits(email: Email | None) -> list[dict[str, Any]]:
    """The rules that chose where the first mail went."""
    trace = email.trace if email else []
    return [step for step in trace if step.get("hit") and step.get("applied")]


def _business(user: User, case: Case) -> dict[str, list[Any]]:
    """The papers of the case, those of them that the person may see."""
    documents = Document.objects.filter(filings__email__link__case=case)
    rows: dict[str, QuerySet[Any]] = {
        "order": case.orders.select_related("customer"),
        "quotation": case.quotations.all(),
        "document": documents.defer("text", "fields").distinct(),
        "invoice": Invoice.objects.filter(order__cases=case).order_by("pk"),
    }
    return {
        f"{name}s": list(found) if user.has_perm(f"orders.view_{name}") else []
        for name, found in rows.items()
    }


def _later() -> list[tuple[Words, datetime]]:
    """Moments until which a case may be put off, as the clerk thinks of them."""
    now = timezone.localtime()
    tomorrow = now + timedelta(days=1)
    monday = now + timedelta(days=7 - now.weekday())
    return [
        (_("in two hours"), now + timedelta(hours=2)),
        (_("tomorrow morning"), _morning(tomorrow)),
        (_("Monday morning"), _morning(monday)),
        (_("in two weeks"), _morning(now + timedelta(days=14))),
    ]


def _morning(day: datetime) -> datetime:
    return day.replace(hour=8, minute=0, second=0, microsecond=0)
