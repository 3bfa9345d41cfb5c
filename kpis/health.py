"""Is the house well? Read from the rows and the broker, with short limits, never from hope."""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count, Max, Model
from kombu import Connection

from cases.models import Case
from cases.services import queueing
from emails.models import Email, Mailbox, OutgoingEmail
from emails.services import counting
from hbu.journal import sealing
from kpis.models import Alert, Snapshot
from orders.models import Order

SECONDS = 1
# The heartbeat rings every ten seconds; three missed ones are no coincidence.
HEARTBEAT_SECONDS = 30
# A mailbox whose server rests is asked less often, so a quiet one is not late before this.
POLL_SECONDS = 600
WAITING_SECONDS = 300
FREE_MEGABYTES = 200
# A sealer comes every ten seconds.
SEALING_SECONDS = 120
# Figures are rolled up at least once a day.
SNAPSHOT_HOURS = 26
RATE_MINUTES = 5

Check = dict[str, Any]


def report(now: datetime) -> dict[str, Any]:
    """Return the status, ok, degraded or failing, and what it was concluded from."""
    checks: dict[str, Any] = {"database": database(), "broker": broker(), "disk": disk()}
    checks["beat"] = beat(now) if checks["broker"]["ok"] else {"ok": False}
    if checks["database"]["ok"]:
        checks |= _rows(now)
    return {"status": _status(checks), "checks": checks}


def ready() -> bool:
    return bool(database()["ok"] and broker()["ok"])


def _status(checks: Mapping[str, Any]) -> str:
    if not (checks["database"]["ok"] and checks["broker"]["ok"]):
        return "failing"
    parts = [check for check in checks.values() if isinstance(check, dict)]
    fine = all(check.get("ok", True) for check in [*parts, *checks["mailboxes"]])
    return "ok" if fine else "degraded"


def database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True}


def broker() -> Check:
    """Shake hands with the broker. It may be gone or, worse, hold the line and say nothing."""
    limits = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    try:
        with Connection(
            settings.CELERY_BROKER_URL, connect_timeout=SECONDS, transport_options=limits
        ) as line:
            # Not connect(), which tries again and again.
            line.transport.close_connection(line.transport.establish_connection())
    except Exception as error:  # Each transport has errors of its own.
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True}


def beat(now: datetime) -> Check:
    """Beat rang and a worker came: when was that last so?"""
    try:
        last = cache.get("heartbeat")
    except Exception as error:  # So has each cache.
        return {"ok": False, "error": type(error).__name__}
    if last is None:
        return {"ok": False, "seconds_ago": None}
    seconds = max(0.0, round(now.timestamp() - last, 1))
    return {"ok": seconds <= HEARTBEAT_SECONDS, "seconds_ago": seconds}


def disk() -> Check:
    # Mails may lie on a disk of their own.
    folders = [one for one in (settings.HBU_DATA_DIR, settings.BLOBS_DIR) if one.exists()]
    free = min(shutil.disk_usage(one).free for one in folders) // 1_000_000
    return {"ok": free >= FREE_MEGABYTES, "free_megabytes": free}


def _rows(now: datetime) -> dict[str, Any]:
    mailboxes = list(Mailbox.objects.watched())
    return {
        "mailboxes": [_mailbox(mailbox, now) for mailbox in mailboxes],
        "ledger": _ledger(mailboxes, now),
        "oldest_waiting": oldest_waiting(now),
        "sealing": sealing_lag(now),
        "snapshots": snapshots(now),
        "quarantine": Email.objects.quarantined().count(),
        "alerts": Alert.objects.open().count(),
    }


def _mailbox(mailbox: Mailbox, now: datetime) -> Check:
    since = mailbox.failing_since
    polled = seconds_since(now, mailbox.last_polled_at)
    return {
        "ok": since is None and (polled is None or polled <= POLL_SECONDS),
        "address": mailbox.address,
        "last_polled_seconds_ago": polled,
        "failing_since": since.isoformat() if since else None,
        "error": mailbox.last_error,
    }


def _ledger(mailboxes: list[Mailbox], now: datetime) -> Check:
    """Mails that a server showed us and that are not stored and decided, beyond those on their way."""
    gap = sum(one.gap for one in counting.standings(mailboxes, now).values())
    return {"ok": gap == 0, "gap": gap}


def oldest_waiting(now: datetime) -> Check:
    # What waits for a paused agent waits because somebody wants it so.
    paused, held = queueing.held_back()
    moving = Email.objects.waiting().exclude(pk__in=held.order_by().values("pk"))
    email = moving.values_list("received_at", flat=True).first()
    letters = OutgoingEmail.objects.due(now).order_by("next_attempt_at")
    letter = letters.values_list("next_attempt_at", flat=True).first()
    seconds = {
        "email_seconds": seconds_since(now, email) or 0,
        "outgoing_seconds": seconds_since(now, letter) or 0,
    }
    fine = max(seconds.values()) <= WAITING_SECONDS
    return {"ok": fine, **seconds, "for_paused_agents": held.count(), "paused_agents": paused}


def sealing_lag(now: datetime) -> Check:
    """How long the oldest event waits for its seal."""
    lag = seconds_since(now, sealing.unsealed().values_list("at", flat=True).first()) or 0
    return {"ok": lag <= SEALING_SECONDS, "seconds": lag}


def snapshots(now: datetime) -> Check:
    """When figures were last rolled up; a house that never did so is young, not ill."""
    made = Snapshot.objects.aggregate(at=Max("made_at"))["at"]
    ago = seconds_since(now, made)
    return {"ok": ago is None or ago <= SNAPSHOT_HOURS * 3600, "seconds_ago": ago}


def seconds_since(now: datetime, moment: datetime | None) -> float | None:
    return max(0.0, round((now - moment).total_seconds(), 1)) if moment else None


def stats(now: datetime) -> dict[str, Any]:
    recently = Email.objects.filter(received_at__gte=now - timedelta(minutes=RATE_MINUTES))
    waits = oldest_waiting(now)
    return {
        "emails": by(Email, "state", Email.State.values),
        "orders": by(Order, "state", Order.State.values),
        "outgoing": by(OutgoingEmail, "state", OutgoingEmail.State.values),
        "cases": by(Case, "status", Case.Status.values),
        "mails_per_minute": recently.count() / RATE_MINUTES,
        "oldest_waiting_seconds": max(waits["email_seconds"], waits["outgoing_seconds"]),
    }


def by(model: type[Model], field: str, values: list[str]) -> dict[str, int]:
    """Return how many rows stand in each state, zeros too: a key never comes and goes."""
    rows = model._default_manager.order_by().values_list(field).annotate(Count("pk"))
    return dict.fromkeys(values, 0) | dict(rows)
