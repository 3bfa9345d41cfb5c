"""What a person reads in the page: notifications, folded so that a busy case is one line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.db.models import Case as When_
from django.db.models import Count, F, Max, Q, QuerySet, Value, When
from django.utils import timezone

from agents.scope import departments_of
from cases.models import Case, Notice, Notification
from cases.services.notifying import FOR_WHOMEVER
from cases.services.telling_staff import Words, words
from hbu.journal import live

NEWEST = 20
KEPT = timedelta(days=90)
# Each of these says something else, however many there are in one case.
NEVER_FOLDED = (Notice.TASK, Notice.BOUNCED, Notice.MENTIONED)
TOGETHER = ("kind", "case_id", "apart", "read_at")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bell: the newest notification of those that belong together."""

    row: Notification
    count: int
    words: Words


def shown(user: AbstractUser) -> QuerySet[Notification]:
    """Return what a person may read in the page: never of a case that he sees no more."""
    return visible(Notification.objects.filter(in_page=True), user)


def visible(rows: QuerySet[Notification], user: AbstractUser) -> QuerySet[Notification]:
    rows = rows.filter(user=user.pk)
    if departments_of(user) is None:
        return rows
    seen = Q(case__in=Case.objects.visible_to(user).values("pk"))
    return rows.filter(Q(case=None) | Q(kind__in=FOR_WHOMEVER) | seen)


def folded(rows: QuerySet[Notification]) -> Any:
    """Return the lines of notifications, newest first: `newest` and how many it stands for.

    Unread ones of one kind in one case are one line; so are those that were read together.
    """
    alone = When(Q(case=None) | Q(kind__in=NEVER_FOLDED), then=F("cause"))
    apart = rows.annotate(apart=When_(alone, default=Value("")))
    lines = apart.order_by().values(*TOGETHER).annotate(newest=Max("pk"), count=Count("pk"))
    return lines.order_by("-newest")


def line_of(row: Notification) -> tuple[Any, ...]:
    """Return what notifications of one line have in common, as `folded` has it."""
    alone = row.case_id is None or row.kind in NEVER_FOLDED
    return row.kind, row.case_id, row.cause if alone else "", row.read_at


def unread(user: AbstractUser) -> int:
    return int(folded(shown(user).filter(read_at=None)).count())


def newest(user: AbstractUser) -> list[Line]:
    return lines(user, folded(shown(user))[:NEWEST])


def lines(user: AbstractUser, found: Iterable[dict[str, Any]]) -> list[Line]:
    """Return the lines with their words."""
    counts = {one["newest"]: one["count"] for one in found}
    rows = Notification.objects.select_related("case__department").in_bulk(counts)
    cases = {row.case_id for row in rows.values() if row.case_id is not None}
    sees = set(Case.objects.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True))
    return [
        Line(rows[pk], count, words(rows[pk], sees_case=rows[pk].case_id in sees))
        for pk, count in counts.items()
        if pk in rows
    ]


def read(user: AbstractUser, pks: Sequence[int]) -> None:
    """Mark lines as read, with all that each stands for."""
    now = timezone.now()
    unread = Notification.objects.filter(user=user.pk, read_at=None)
    for row in unread.filter(pk__in=pks, in_page=True):
        line = unread.filter(kind=row.kind, case=row.case_id, pk__lte=row.pk)
        if row.case_id is None or row.kind in NEVER_FOLDED:
            line = unread.filter(pk=row.pk)
        line.update(read_at=now)
    tell_bells(user)


def read_all(user: AbstractUser, *, up_to: int | None = None) -> None:
    """Mark everything as read, or what the person has seen: up to a notification."""
    rows = Notification.objects.filter(user=user.pk, read_at=None, in_page=True)
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    rows.update(read_at=timezone.now())
    tell_bells(user)


def read_about(user: AbstractUser, case: Case) -> None:
    """Whoever opens a case need not be told of it any more."""
    rows = Notification.objects.filter(user=user.pk, case=case, read_at=None, in_page=True)
    if rows.update(read_at=timezone.now()):
        tell_bells(user)


def tell_bells(user: AbstractBaseUser) -> None:
    """Other windows of the same person count anew."""
    live.whisper([user.pk], "notification", 0)


def forget(now: datetime) -> None:
    """Remove what was read long ago, and what was only mailed."""
    before = now - KEPT
    Notification.objects.filter(read_at__lt=before).delete()
    Notification.objects.filter(in_page=False, at__lt=before, mail_at=None).delete()
    Notification.objects.filter(in_page=False, at__lt=before, mailed_at__lt=before).delete()
