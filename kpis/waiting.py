"""What waits for a person: one list of every sort, oldest first, that empties as it is worked off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, F, Model, QuerySet, Window
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.models import Case, Task
from emails.models import Email, Mailbox, OutgoingEmail
from kpis import deeds, links
from kpis.deeds import Deed
from orders.models import BankEntry, Document, Order, Printout, Quotation, Receivable

LENGTH = 12
LENGTH_OF_ONE = 30
Person = AbstractUser | AnonymousUser
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of work: whose right it is, which rows wait, and where all of them stand."""

    code: str
    label: Promise
    permission: str
    rows: Callable[[Person], QuerySet[Any]]
    tell: Callable[[Any], Deed]
    url: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Waiting:
    sort: str
    label: str
    deed: Deed


@dataclass(frozen=True, slots=True)
class Pile:
    """How much of one sort waits."""

    code: str
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Work:
    items: list[Waiting]
    piles: list[Pile] = field(default_factory=list)
    chosen: Pile | None = None
    """The sort that is shown alone."""
    total: int = 0

    @property
    def more(self) -> int:
        """How many wait beside those that are shown."""
        return (self.chosen.count if self.chosen else self.total) - len(self.items)


def waiting(user: Person, _now: datetime, sort: str = "") -> Work:
    """Return the oldest of what the person may see, or of one sort; one query a sort."""
    found: list[Waiting] = []
    piles: list[Pile] = []
    for one in SORTS:
        if not user.has_perm(one.permission):
            continue
        rows, count = _oldest(one.rows(user), LENGTH_OF_ONE if one.code == sort else LENGTH)
        if not count:
            continue
        piles.append(Pile(one.code, str(one.label), count, one.url()))
        if sort in ("", one.code):
            found += [Waiting(one.code, str(one.label), one.tell(row)) for row in rows]
    chosen = next((pile for pile in piles if pile.code == sort), None)
    if sort and chosen is None:
        # The last one of it is done: the whole list is shown again.
        return waiting(user, _now)
    items = nsmallest(LENGTH_OF_ONE if chosen else LENGTH, found, key=lambda item: item.deed.since)
    return Work(items, piles, chosen, sum(pile.count for pile in piles))


def _oldest(rows: "QuerySet[Row]", length: int) -> tuple[Sequence[Row], int]:
    """Return the first rows with the number of all, which the same query counts."""
    found = list(rows.annotate(of_all=Window(Count("pk")))[:length])
    return found, getattr(found[0], "of_all", 0) if found else 0


def _letters(user: Person) -> QuerySet[OutgoingEmail]:
    rows = OutgoingEmail.objects.visible_to(user).for_a_person()
    return rows.defer("text").order_by("pk")


def _quarantined(user: Person) -> QuerySet[Email]:
    rows = Email.objects.visible_to(user).quarantined()
    return rows.only("subject", "error", "received_at").order_by("pk")


def _pressing(user: Person) -> QuerySet[Case]:
    rows = Case.objects.visible_to(user).pressing().select_related("customer")
    return rows.order_by(F("next_deadline_at").asc(nulls_last=True), "pk")


def _ailing(_user: Person) -> QuerySet[Mailbox]:
    rows = Mailbox.objects.watched()
    return (rows.exclude(gap_since=None) | rows.exclude(failing_since=None)).order_by("pk")


SORTS: Sequence[Sort] = (
    Sort(
        "mailbox", gettext_lazy("Mailbox"), "emails.view_mailbox", _ailing, deeds.of_mailbox,
        lambda: links.rows(Mailbox),
    ),
    Sort(
        "sla", gettext_lazy("SLA"), "cases.view_case", _pressing, deeds.of_case,
        deeds.pressing_cases,
    ),
    Sort(
        "order", pgettext_lazy("business", "Order"), "orders.view_order",
        lambda _user: Order.objects.to_check().select_related("customer").order_by("pk"),
        deeds.of_order, lambda: links.rows(Order, state__exact=Order.State.CREATED),
    ),
    Sort(
        "letter", gettext_lazy("Letter"), "emails.view_outgoingemail", _letters, deeds.of_letter,
        lambda: links.rows(OutgoingEmail, state__in=",".join(OutgoingEmail.FOR_A_PERSON)),
    ),
    Sort(
        "quarantine", gettext_lazy("Quarantine"), "emails.view_email", _quarantined,
        deeds.of_mail, lambda: links.rows(Email, state__exact=Email.State.QUARANTINED),
    ),
    Sort(
        "task", gettext_lazy("Task"), "cases.view_task",
        lambda user: Task.objects.visible_to(user).open().select_related("case").order_by("pk"),
        deeds.of_task,
        lambda: links.rows(Task, status__in=f"{Task.Status.NEW},{Task.Status.IN_PROGRESS}"),
    ),
    Sort(
        "quotation", gettext_lazy("Quotation"), "orders.view_quotation",
        lambda _user: Quotation.objects.to_check().select_related("customer").order_by("pk"),
        deeds.of_quotation,
        lambda: links.rows(Quotation, state__exact=Quotation.State.REQUESTED),
    ),
    Sort(
        "invoice", gettext_lazy("Supplier's invoice"), "orders.view_document",
        lambda user: Document.objects.visible_to(user).to_check().order_by("pk"),
        deeds.of_document,
        lambda: links.rows(
            Document, kind__exact=Document.Kind.INVOICE, state__exact=Document.State.READ
        ),
    ),
    Sort(
        "payment", gettext_lazy("Payment"), "orders.view_bankentry",
        lambda _user: BankEntry.objects.to_match().order_by("pk"), deeds.of_payment,
        lambda: links.rows(BankEntry, match="open"),
    ),
    Sort(
        "reminder", gettext_lazy("Third reminder"), "orders.view_receivable",
        lambda _user: Receivable.objects.to_confirm(timezone.localdate())
        .select_related("invoice").order_by("due_on", "pk"),
        deeds.of_receivable, lambda: links.rows(Receivable, stand="confirm"),
    ),
    Sort(
        "printout", gettext_lazy("Printout"), "orders.view_printout",
        lambda _user: Printout.objects.for_a_person().order_by("pk"), deeds.of_printout,
        lambda: links.rows(Printout, state__exact=Printout.State.FAILED),
    ),
)  # fmt: skip
CODES = frozenset(sort.code for sort in SORTS)
