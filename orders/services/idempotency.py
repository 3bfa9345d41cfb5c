"""A request does its work once, however often it is sent (promise O2).

As in the IETF draft "The Idempotency-Key HTTP Header Field": the same key with the same request
gets the same answer again, with another request it is refused. What was refused may be tried again.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import IdempotencyKey

MAX_KEY = 255
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]


def once(scope: str, key: str, request: Any, act: Callable[[], Answer]) -> Answer:
    """Do `act` in one transaction with its key, or return what it answered before.

    `request` is what was asked, as JSON. Whoever comes second waits for the first to commit.
    Raises DomainError for a bad key, for a key of another request, and whatever `act` raises.
    """
    _check(key)
    digest = _digest(request)
    with transaction.atomic():
        new = IdempotencyKey(scope=scope, key=key, request_hash=digest)
        # On conflict PostgreSQL waits here until the first has committed or given up.
        IdempotencyKey.objects.bulk_create([new], ignore_conflicts=True)
        row = IdempotencyKey.objects.select_for_update().get(scope=scope, key=key)
        if row.request_hash != digest:
            message = N_("This key was used for another request before.")
            raise DomainError("idempotency.other_request", message, status=422)
        if row.status is None:
            answer = act()
            row.status, row.response = answer.status, answer.body
            row.save(update_fields=["status", "response"])
        return Answer(row.status, row.response or {})


def forget_old() -> int:
    """Drop keys that nobody will send again; returns how many."""
    until = timezone.now() - timedelta(days=KEPT_DAYS)
    return IdempotencyKey.objects.filter(created_at__lt=until).delete()[0]


def _check(key: str) -> None:
    if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        message = N_("The key of the request is no text of 1 to 255 ASCII characters.")
        raise DomainError("idempotency.bad_key", message, status=400)


def _digest(request: Any) -> str:
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
