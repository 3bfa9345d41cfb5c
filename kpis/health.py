"""Is the house well? Read from the rows and the broker, with short limits, never from hope."""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count, Model
from kombu import Connection

from cases.models import Case
from emails.models import Email, Mailbox, OutgoingEmail
from orders.models import Order

SECONDS = 1
# The heartbeat rings every ten seconds; three missed ones are no coincidence.
HEARTBEAT_SECONDS = 30
# A mailbox whose server rests is asked less often, so a quiet one is not late before this.
POLL_SECONDS = 600
WAITING_SECONDS = 300
FREE_MEGABYTES = 200
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
    seconds = round(now.timestamp() - last, 1)
    return {"ok": seconds <= HEARTBEAT_SECONDS, "seconds_ago": seconds}


def disk() -> Check:
    free = shutil.disk_usage(settings.HBU_DATA_DIR).free // 1_000_000
    return {"ok": free >= FREE_MEGABYTES, "free_megabytes": free}


def _rows(now: datetime) -> dict[str, Any]:
    return {
        "mailboxes": [_mailbox(mailbox, now) for mailbox in Mailbox.objects.watched()],
        "oldest_waiting": oldest_waiting(now),
        "quarantine": Email.objects.quarantined().count(),
    }


def _mailbox(mailbox: Mailbox, now: datetime) -> Check:
    since = mailbox.failing_since
    polled = _seconds(now, mailbox.last_polled_at)
    return {
        "ok": since is None and (polled is None or polled <= POLL_SECONDS),
        "address": mailbox.address,
        "last_polled_seconds_ago": polled,
        "failing_since": since.isoformat() if since else None,
        "error": mailbox.last_error,
    }


def oldest_waiting(now: datetime) -> Check:
    email = Email.objects.waiting().values_list("received_at", flat=True).first()
    letters = OutgoingEmail.objects.due(now).order_by("next_attempt_at")
    seconds = {
        "email_seconds": _seconds(now, email) or 0,
        "outgoing_seconds": _seconds(now, letters.values_list("next_attempt_at", flat=True).first())
        or 0,
    }
    return {"ok": max(seconds.values()) <= WAITING_SECONDS, **seconds}


def _seconds(now: datetime, moment: datetime | None) -> float | None:
    return max(0.0, round((now - moment).total_seconds(), 1)) if moment else None


def stats(now: datetime) -> dict[str, Any]:
    recently = Email.objects.filter(received_at__gte=now - timedelta(minutes=RATE_MINUTES))
    waits = oldest_waiting(now)
    return {
        "emails": _by(Email, "state", Email.State.values),
        "orders": _by(Order, "state", Order.State.values),
        "outgoing": _by(OutgoingEmail, "state", OutgoingEmail.State.values),
        "cases": _by(Case, "status", Case.Status.values),
        "mails_per_minute": recently.count() / RATE_MINUTES,
        "oldest_waiting_seconds": max(waits["email_seconds"], waits["outgoing_seconds"]),
    }


def _by(model: type[Model], field: str, values: list[str]) -> dict[str, int]:
    """Return how many rows stand in each state, zeros too: a key never comes and goes."""
    rows = model._default_manager.order_by().values_list(field).annotate(Count("pk"))
    return dict.fromkeys(values, 0) | dict(rows)
