"""Who keeps an eye on a case: followers, whoever put it off, whoever has it open just now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.models import Case, Presence
from hbu.journal import live
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

# A page says every ten seconds that it is open; three missed words mean that it is not.
HERE = timedelta(seconds=30)
TYPING = timedelta(seconds=20)
LONGEST = timedelta(days=366)


def follow(case: Case, *, by: AbstractBaseUser) -> None:
    """Hear of everything that happens in a case."""
    with transaction.atomic():
        if not case.followers.filter(pk=by.pk).exists():
            case.followers.add(by.pk)
            record("case.followed", case, actor=by, number=case.number)


def unfollow(case: Case, *, by: AbstractBaseUser) -> None:
    with transaction.atomic():
        if case.followers.filter(pk=by.pk).exists():
            case.followers.remove(by.pk)
            record("case.unfollowed", case, actor=by, number=case.number)


def snooze(case: Case, until: datetime, *, by: AbstractBaseUser | None) -> None:
    """Put a case off: it leaves the lists until then, or until something happens in it.

    Its clocks go on. Raises DomainError for a moment that is past or too far away, or a case that
    is done.
    """
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise DomainError("case.snooze_when", N_("Name a moment within the next year."), status=400)
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if held.status in Case.DONE:
            raise DomainError("case.done", N_("The case is done."))
        held.snoozed_until, held.updated_at = until, now
        held.snoozed_by_id = by.pk if by else None
        held.save(update_fields=["snoozed_until", "snoozed_by", "updated_at"])
        record("case.snoozed", held, actor=by, number=held.number, until=until.isoformat())
    case.refresh_from_db()


def wake(ids: Iterable[int], *, by: AbstractBaseUser | None = None) -> None:
    """Bring cases back that were put off; repeatable."""
    with transaction.atomic():
        rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=list(ids))
        asleep = list(rows.exclude(snoozed_until=None).order_by("pk"))
        facts = [(case, {"number": case.number, "for_user": case.snoozed_by_id}) for case in asleep]
        Case.objects.filter(pk__in=[case.pk for case in asleep]).update(
            snoozed_until=None, snoozed_by=None, updated_at=timezone.now()
        )
        record_many("case.woken", facts, actor=by)


def to_wake(now: datetime) -> list[int]:
    """Return cases whose time is over: the sweep's list."""
    return list(Case.objects.filter(snoozed_until__lte=now).values_list("pk", flat=True)[:500])


@dataclass(frozen=True, slots=True)
class Other:
    """A colleague who has the same case open."""

    name: str
    types: bool


def here(case: Case, *, by: AbstractBaseUser, typing: bool) -> list[Other]:
    """Note that somebody has the case open, and return who else has.

    The pages of the others hear at once when somebody comes or begins to type.
    """
    now = timezone.now()
    was = Presence.objects.filter(case=case, user_id=by.pk, seen_at__gte=now - HERE).first()
    defaults = {"seen_at": now, **({"typed_at": now} if typing else {})}
    Presence.objects.update_or_create(case=case, user_id=by.pk, defaults=defaults)
    others = _others(case, by, now)
    if was is None or (typing and not _types(was, now)):
        _tell(case, others)
    return [
        Other(row.user.get_full_name() or row.user.get_username(), _types(row, now))
        for row in others
    ]


def gone(case: Case, *, by: AbstractBaseUser) -> None:
    Presence.objects.filter(case=case, user_id=by.pk).delete()
    _tell(case, _others(case, by, timezone.now()))


def _others(case: Case, by: AbstractBaseUser, now: datetime) -> list[Presence]:
    rows = Presence.objects.filter(case=case, seen_at__gte=now - HERE).exclude(user_id=by.pk)
    return list(rows.select_related("user").order_by("pk"))


def _types(row: Presence, now: datetime) -> bool:
    return row.typed_at is not None and row.typed_at >= now - TYPING


def _tell(case: Case, others: Iterable[Presence]) -> None:
    live.whisper([row.user_id for row in others], "presence", case.pk)


def forget(now: datetime) -> None:
    """Remove what pages that were closed without a word left behind."""
    Presence.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
