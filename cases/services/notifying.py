"""Who is told what: rows that people read in the page or by mail.

Everything that happened is a row of its own, unique for the person and the cause, so that a bell
that rings twice tells nothing twice. What belongs together is folded where it is shown
(`cases.services.bell`) and mailed (`cases.services.notice_mail`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, User
from django.utils import timezone

from agents.models import Agent
from cases.models import Case, Notice, Notification
from cases.notices import NEVER, mail_moment
from cases.services import seeing, wishing
from cases.services.wishing import Wishes
from hbu.company.calendar import calendar
from hbu.journal import live

# Whoever owes a step sees the step, whatever he sees of its case.
FOR_WHOMEVER = (Notice.TASK,)


@dataclass(frozen=True, slots=True)
class Word:
    """Something that one person should know."""

    user: int
    kind: str
    cause: str
    case: Case | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def tell(
    users: Iterable[AbstractBaseUser],
    kind: str,
    *,
    cause: str,
    case: Case | None = None,
    but: int | None = None,
    **data: Any,
) -> None:
    """Tell people of something, each once for a cause. Call inside a transaction.

    `but`: the user who did it and need not be told. Left out are software agents, people who left,
    whoever does not see the case (promise F3) and whoever does not want to hear of the kind.
    """
    tell_all([Word(user.pk, kind, cause, case, data) for user in users if user.pk != but])


def tell_all(words: Sequence[Word]) -> None:
    """Tell many people of many things, always with the same few queries. Call inside a transaction."""
    words = _allowed(words)
    users = {word.user for word in words}
    wishes = wishing.of(users)
    words = [word for word in words if not wishes[word.user][word.kind].is_deaf]
    if not words:
        return
    now = timezone.now()
    moments = _mail_moments(words, wishes, now)
    Notification.objects.bulk_create(
        (
            Notification(
                user_id=word.user,
                kind=word.kind,
                cause=word.cause,
                case=word.case,
                data=dict(word.data),
                at=now,
                in_page=wishes[word.user][word.kind].in_page,
                mail_at=moments[word.user, word.kind],
            )
            for word in words
        ),
        ignore_conflicts=True,
    )
    if shown := {word.user for word in words if wishes[word.user][word.kind].in_page}:
        # The bells of these people, and of nobody else, look what is new.
        live.whisper(shown, "notification", 0)


def _allowed(words: Sequence[Word]) -> list[Word]:
    people = User.objects.filter(
        pk__in={word.user for word in words}, is_active=True, is_staff=True
    ).exclude(agent__kind=Agent.Kind.SOFTWARE)
    users = set(people.values_list("pk", flat=True)) if words else set()
    seen = seeing.pairs(users, {word.case.pk for word in words if word.case})
    return [
        word
        for word in words
        if word.user in users
        and (word.case is None or word.kind in FOR_WHOMEVER or (word.user, word.case.pk) in seen)
    ]


def _mail_moments(
    words: Sequence[Word], wishes: Mapping[int, Wishes], now: datetime
) -> dict[tuple[int, str], datetime | None]:
    wanted = {(word.user, word.kind): wishes[word.user][word.kind].mail for word in words}
    mailed = {user for (user, _), mail in wanted.items() if mail != NEVER}
    if not mailed:
        return dict.fromkeys(wanted)
    quiet, house = wishing.quiet_of(mailed), calendar()
    return {
        (user, kind): mail_moment(now, mail, wishing.rest(quiet[user]), house)
        if user in mailed
        else None
        for (user, kind), mail in wanted.items()
    }
