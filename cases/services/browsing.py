"""The inbox: which cases a person looks at, in which order, and how many wait in each view."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser, AbstractUser, AnonymousUser
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseEmail, SavedView, Task
from cases.models.case import awake
from cases.services import searching
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.words import whole_number

PAGE = 50
EXCERPT = 180
OPEN = ~Q(status__in=Case.DONE)
NOT_ANSWERED = Q(customer_wrote_at__isnull=False) & (
    Q(answered_at=None) | Q(customer_wrote_at__gt=F("answered_at"))
)


@dataclass(frozen=True, slots=True)
class View:
    """A list that everybody has."""

    code: str
    label: Promise
    icon: str
    holds: Callable[[AbstractUser, datetime], Q]
    newest_first: bool = False


VIEWS: Sequence[View] = (
    View("mine", _("Mine"), "person",
         lambda user, now: OPEN & awake(now) & Q(assignee__user=user.pk)),
    View("unassigned", _("Unassigned"), "person_add",
         lambda _user, now: OPEN & awake(now) & Q(assignee=None)),
    View("answer", _("To be answered"), "mark_email_unread",
         lambda _user, now: OPEN & awake(now) & NOT_ANSWERED),
    View("risk", _("At risk"), "timer",
         lambda _user, _now: OPEN & Q(standing__in=Case.PRESSING)),
    View("open", _("All open"), "inbox", lambda _user, now: OPEN & awake(now)),
    View("waiting", _("Waiting for others"), "hourglass_top",
         lambda _user, now: Q(status__in=Case.THEIR_TURN) & awake(now)),
    View("followed", _("Followed"), "visibility",
         lambda user, _now: Q(pk__in=_followed(user)), newest_first=True),
    View("snoozed", _("Put off"), "snooze", lambda _user, now: Q(snoozed_until__gt=now)),
    View("done", _("Done"), "task_alt", lambda _user, _now: ~OPEN, newest_first=True),
    View("all", _("All cases"), "folder_open", lambda _user, _now: Q(), newest_first=True),
)  # fmt: skip
BY_CODE: Mapping[str, View] = {view.code: view for view in VIEWS}
# Lists that grow for ever are not counted each time somebody looks.
UNCOUNTED = {"done", "all"}
SORTS: Mapping[str, tuple[Any, ...]] = {
    "deadline": (F("next_deadline_at").asc(nulls_last=True), "-updated_at", "-pk"),
    "newest": ("-updated_at", "-pk"),
    "oldest": ("opened_at", "pk"),
}
SORT_LABELS = {
    "deadline": _("next deadline first"),
    "newest": _("last changed first"),
    "oldest": _("oldest first"),
}
CHOICES: Mapping[str, str] = {
    "department": "department__code",
    "status": "status",
    "priority": "priority",
    "kind": "kind",
    "tag": "tags__name",
    "assignee": "assignee_id",
    "customer": "customer_id",
    "standing": "standing",
}
NUMBERS = {"assignee", "customer"}


def _followed(user: AbstractUser) -> QuerySet[Any]:
    return Case.followers.through.objects.filter(user=user.pk).values("case")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked to see, from the address of the page; what makes no sense is left out."""

    view: str = "open"
    words: str = ""
    sort: str = ""
    page: int = 1
    filters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, asked: Mapping[str, Any], *, view: str = "open") -> "Wanted":
        chosen = str(asked.get("view", ""))
        page = str(asked.get("page", ""))
        return cls(
            view=chosen if chosen in BY_CODE else view,
            words=str(asked.get("q", "")).replace("\x00", "").strip()[:200],
            sort=str(asked.get("sort", "")) if asked.get("sort", "") in SORTS else "",
            page=min(max(1, int(page)), 100_000) if page.isdecimal() and len(page) < 7 else 1,
            filters={
                name: value
                for name in CHOICES
                if (value := str(asked.get(name, "")).replace("\x00", "")[:60])
                and (name not in NUMBERS or whole_number(value) is not None)
            },
        )

    @property
    def order(self) -> str:
        return self.sort or ("newest" if BY_CODE[self.view].newest_first else "deadline")

    @property
    def query(self) -> str:
        """The address that shows the same, from its first page."""
        said = {"view": self.view, "q": self.words, "sort": self.sort, **self.filters}
        return urlencode({name: value for name, value in said.items() if value})

    def at(self, page: int) -> str:
        return replace(self, page=page).query + (f"&page={page}" if page > 1 else "")


def matching(user: AbstractUser, wanted: Wanted, now: datetime) -> QuerySet[Case]:
    """Return the cases that were asked for, of those that the person may see."""
    rows = searching.cases(user, wanted.words) if wanted.words else Case.objects.visible_to(user)
    rows = rows.filter(BY_CODE[wanted.view].holds(user, now))
    for name, value in wanted.filters.items():
        rows = rows.filter(**{CHOICES[name]: value})
    return rows.filter(merged_into=None).order_by(*SORTS[wanted.order])


@dataclass(frozen=True, slots=True)
class Page:
    cases: list[Case]
    wanted: Wanted
    has_next: bool


def page(user: AbstractUser, wanted: Wanted, now: datetime) -> Page:
    """Return one page of cases; the number of queries does not depend on how many there are."""
    first = (wanted.page - 1) * PAGE
    rows = list(_told(matching(user, wanted, now))[first : first + PAGE + 1])
    return Page(rows[:PAGE], wanted, has_next=len(rows) > PAGE)


def _told(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With what a line of the list says of each."""
    last = CaseEmail.objects.filter(case=OuterRef("pk")).order_by("-email_id")
    return (
        rows.select_related("customer", "department", "assignee")
        .prefetch_related("tags")
        .annotate(
            excerpt=Subquery(last.values(said=Substr("email__reply_text", 1, EXCERPT))[:1]),
            writer=Subquery(last.values("email__from_name")[:1]),
            owed=Exists(Task.objects.open().filter(case=OuterRef("pk"))),
        )
    )


def neighbours(
    user: AbstractUser, wanted: Wanted, case: Case, now: datetime
) -> tuple[Case | None, Case | None]:
    """Return the cases before and after this one in the list that it was opened from."""
    first = (wanted.page - 1) * PAGE
    keys = list(matching(user, wanted, now).values_list("pk", flat=True)[first : first + PAGE])
    at = keys.index(case.pk) if case.pk in keys else -1
    around = [keys[at - 1] if at > 0 else None, keys[at + 1] if at + 1 < len(keys) else None]
    found = Case.objects.in_bulk([pk for pk in around if pk])
    before, after = (found.get(pk) if pk else None for pk in around)
    return before, after


def counts(user: AbstractUser, now: datetime) -> dict[str, int]:
    """Return how many cases stand in each view, with one query over the open ones."""
    asked = {
        view.code: Count("pk", filter=view.holds(user, now))
        for view in VIEWS
        if view.code not in UNCOUNTED
    }
    rows = Case.objects.visible_to(user).filter(OPEN, merged_into=None).order_by()
    return rows.aggregate(**asked)


def waiting(user: AbstractUser | AnonymousUser) -> int:
    """Return how many customers wait for an answer of ours, of those whose cases one sees."""
    now = timezone.now()
    rows = Case.objects.visible_to(user).filter(OPEN, NOT_ANSWERED, merged_into=None)
    return rows.awake(now).count()


def saved(user: AbstractBaseUser) -> list[SavedView]:
    return list(SavedView.objects.filter(Q(owner=None) | Q(owner=user.pk)))


def save(user: AbstractBaseUser, name: str, wanted: Wanted) -> SavedView:
    """Keep what is shown as a view of its own, over an earlier one of the same name. Raises
    DomainError for one without a name."""
    name = " ".join(name.split())[:60]
    if not name:
        raise DomainError("view.unnamed", N_("Give the view a name."), status=400)
    with transaction.atomic():
        view, _made = SavedView.objects.update_or_create(
            owner_id=user.pk, name=name, defaults={"query": wanted.query[:500]}
        )
    return view


def drop(user: AbstractBaseUser, pk: int) -> None:
    """Forget a view of one's own."""
    SavedView.objects.filter(owner=user.pk, pk=pk).delete()
