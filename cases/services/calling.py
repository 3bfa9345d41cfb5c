"""Programs outside are told of a case: a row first, then a signed POST, tried again until it is taken.

The body carries ids and nothing else; whoever is told fetches what it may see through our API. The
signature is an HMAC over the moment and the body, so that nobody can forge a call or send an old
one again; its key is made of the house's own secret and the address, and shown to whoever may edit
rules.
"""

import hmac
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from cases.models import Case, WebhookCall
from hbu.journal.recording import record
from hbu.lib import http
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

State = WebhookCall.State
CLAIM = timedelta(seconds=60)
BACK_OFF_MINUTES = (1, 5, 30, 120, 480)
NOT_TAKEN = N_("the program did not take it")


def enter(case: Case, url: str, *, cause: str, by: str) -> WebhookCall | None:
    """Write down that a program is to be told; None where this cause was before. Call inside a
    transaction. Raises DomainError for an address that is never called."""
    try:
        http.vet(url, any_port=bool(settings.HBU_WEBHOOK_NETWORKS))
    except http.Refused as refused:
        raise DomainError("webhook.refused", str(refused), status=400) from refused
    call, is_new = WebhookCall.objects.get_or_create(
        cause=cause, defaults={"case": case, "url": url, "by": by[:120]}
    )
    if not is_new:
        return None
    record("case.webhook", case, number=case.number, call=call.pk, address=host_of(url))
    return call


def key_of(url: str) -> str:
    """Return the key by which the receiver at an address checks our signature, as hex digits."""
    return hmac.new(settings.FIELD_KEY.encode(), f"webhook {url}".encode(), sha256).hexdigest()


def host_of(url: str) -> str:
    """Return what of an address may stand in the journal: the rest may hold a password."""
    return urlsplit(url).hostname or ""


def signature(url: str, moment: int, body: bytes) -> str:
    return hmac.new(key_of(url).encode(), f"{moment}.".encode() + body, sha256).hexdigest()


def due(now: datetime) -> list[int]:
    """Return calls whose time has come: the sweep's list."""
    rows = WebhookCall.objects.filter(state=State.WAITS, next_attempt_at__lte=now)
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:100])


def deliver(ids: Iterable[int]) -> None:
    """Make those of the calls that are due and that nobody else makes.

    An address that does not answer is waited for once a minute, not once for each call (promise
    C9): what else it should hear meanwhile fails with that.
    """
    for pk in ids:
        now = timezone.now()
        mine = WebhookCall.objects.filter(pk=pk, state=State.WAITS, next_attempt_at__lte=now)
        # Claimed until the claim is over: a worker that dies leaves it to the sweep.
        if mine.update(next_attempt_at=now + CLAIM):
            call = WebhookCall.objects.select_related("case").get(pk=pk)
            if silent := cache.get(_silence(call)):
                _fail(call, silent)
            else:
                _deliver(call, now)


def _silence(call: WebhookCall) -> str:
    return f"silent:{sha256(call.url.encode()).hexdigest()}"


def _deliver(call: WebhookCall, now: datetime) -> None:
    body = json.dumps({"call": call.pk, "cause": call.cause, "case": call.case.number}).encode()
    moment = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "HappyButtons-Webhook",
        "X-HBU-Call": str(call.pk),
        "X-HBU-Timestamp": str(moment),
        "X-HBU-Signature": f"sha256={signature(call.url, moment, body)}",
    }
    try:
        reply = http.post(call.url, body, headers, inside=settings.HBU_WEBHOOK_NETWORKS)
    except http.Refused as refused:
        _fail(call, str(refused), gives_up=True)
    except http.Unreachable as error:
        cache.set(_silence(call), str(error), CLAIM.total_seconds())
        _fail(call, str(error))
    else:
        call.status_code = reply.status
        if 200 <= reply.status < 300:
            _delivered(call)
        else:
            _fail(call, f"{NOT_TAKEN}: {reply.status}")


def _delivered(call: WebhookCall) -> None:
    call.state, call.delivered_at, call.error = State.DELIVERED, timezone.now(), ""
    call.attempts += 1
    call.save(update_fields=["state", "delivered_at", "error", "attempts", "status_code"])


def _fail(call: WebhookCall, error: str, *, gives_up: bool = False) -> None:
    call.attempts += 1
    call.error = error[:300]
    if gives_up or call.attempts > len(BACK_OFF_MINUTES):
        call.state = State.FAILED
    else:
        waits = timedelta(minutes=BACK_OFF_MINUTES[call.attempts - 1])
        call.next_attempt_at = timezone.now() + waits
    fields = ["state", "attempts", "error", "next_attempt_at", "status_code"]
    with transaction.atomic():
        call.save(update_fields=fields)
        if call.state == State.FAILED:
            record(
                "webhook.failed",
                call,
                number=call.case.number,
                address=host_of(call.url),
                error=error,
            )


def again(call: WebhookCall, *, by: AbstractBaseUser) -> None:
    """Try a call that failed once more, from the beginning. Raises DomainError for any other."""
    with transaction.atomic():
        failed = WebhookCall.objects.filter(pk=call.pk, state=State.FAILED)
        if not failed.update(state=State.WAITS, attempts=0, next_attempt_at=timezone.now()):
            raise DomainError("webhook.not_failed", N_("Only a call that failed is made again."))
        record(
            "webhook.retried", call, actor=by, number=call.case.number, address=host_of(call.url)
        )
    call.refresh_from_db()
