"""How long staff stay signed in, and how all sessions of somebody end at once (promise F7)."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from agents.models import Session
from hbu.journal import live
from hbu.journal.recording import record

SINCE = "staff_since"
# An exact moment is worth no write for each request.
STEP = timedelta(minutes=1)


def begin(session: SessionBase, now: datetime) -> None:
    """Note that somebody of ours signed in there just now."""
    session[SINCE] = now.timestamp()
    if until := _until(now, now):
        session.set_expiry(until)


def prolong(session: SessionBase, now: datetime) -> None:
    """Who does something stays signed in for another while, but never beyond a day's work.

    A session that no member of staff signed in to is left alone.
    """
    if SINCE not in session:
        return
    until = _until(datetime.fromtimestamp(session[SINCE], UTC), now)
    if until and abs(until - session.get_expiry_date()) >= STEP:
        session.set_expiry(until)


def _until(since: datetime, now: datetime) -> datetime | None:
    """Return when it ends if nobody does anything from now on; None: when Django says."""
    hours, minutes = settings.HBU_STAFF_SESSION_HOURS, settings.HBU_STAFF_IDLE_MINUTES
    ends = [since + timedelta(hours=hours)] if hours else []
    ends += [now + timedelta(minutes=minutes)] if minutes else []
    return min(ends, default=None)


def end_all(user: AbstractBaseUser, *, by: AbstractBaseUser, but: str | None = None) -> int:
    """Sign somebody out in every browser, but for the session of the given key; return in how many.

    Open pages hear of it at once. Keys of programs go on working; each is revoked on its own page.
    """
    with transaction.atomic():
        rows = Session.objects.filter(user_key=user.pk).exclude(session_key=but or "")
        count, _ = rows.delete()
        record("login.ended_everywhere", user, actor=by, count=count)
        live.doubt([user.pk])
    return count
