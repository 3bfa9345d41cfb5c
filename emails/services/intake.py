"""From the server into our books: claim, fetch, store, commit, and only then tell the server."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from emails.models import Delivery, Email, Mailbox
from emails.services import counting, ledger, watching
from emails.sources.imap import Fetched, ImapSource, SourceError
from hbu.journal.recording import record_many
from hbu.lib import blobs, measuring, tracing
from hbu.lib.reasons import N_

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Mail that has waited longer than this is worked on but not answered by itself (promise A5).
ANSWER_WITHIN = timedelta(hours=48)
# Lines that differ between two copies of one mail, because transport adds them.
TRACE_HEADERS = re.compile(
    rb"(?im)^(?:return-path|received|received-spf|delivered-to|x-original-to|envelope-to|"
    rb"x-envelope-to|x-received|x-gm-[-a-z]*|authentication-results[-a-z]*|arc-[-a-z]*|"
    rb"x-spam[-a-z]*|x-rspamd[-a-z]*|x-virus[-a-z]*|x-ms-exchange-[-a-z]*|x-forefront-[-a-z]*|"
    rb"x-microsoft-antispam[-a-z]*)[ \t]*:[^\r\n]*+(?:\n[ \t][^\r\n]*+)*+\n"
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail on the doorstep: its bytes, when it came, and whether we may answer it."""

    raw: bytes
    received_at: datetime
    answerable: bool
    note: str = ""


def fetch(mailbox: Mailbox) -> int | None:
    """Bring in what is new; return how many mails, or None when somebody else is at it.

    A server that fails us, or a disk that is full, is written down at the mailbox and tried again
    later; it never raises.
    """
    if not watching.lease(mailbox):
        return None
    with measuring.stage("fetch") as tally:
        try:
            with watching.connect(mailbox) as source:
                tally.done = _fetch_all(mailbox, source)
            watching.note_health(mailbox)
        except SourceError as error:
            tally.failed = 1
            watching.note_failure(mailbox, error)
        except OSError as error:
            tally.failed = 1
            logger.exception("Mail of %s could not be kept.", mailbox)
            words = f"{N_('The mail could not be kept')}: {error.strerror or type(error).__name__}"
            watching.note_failure(mailbox, SourceError(words))
        finally:
            watching.release(mailbox)
    return tally.done


def _fetch_all(mailbox: Mailbox, source: ImapSource) -> int:
    ledger.enter_epoch(mailbox, source)
    count = 0
    for uids in ledger.batches(mailbox, source):
        deliveries = ledger.claim(mailbox, uids)
        try:
            count += _bring_in(mailbox, source, deliveries)
        except (OSError, DatabaseError):
            ledger.give_back(deliveries.values())
            raise
    counting.count(mailbox, source)
    # Last, so that a server that refuses flags holds up no mail.
    ledger.tell_server(mailbox, source)
    return count


def _bring_in(mailbox: Mailbox, source: ImapSource, deliveries: Mapping[int, Delivery]) -> int:
    sizes = _patiently(source.sizes, list(deliveries))
    for uid, size in sizes.items():
        deliveries[uid].size = size
    ledger.note_missing([row for uid, row in deliveries.items() if uid not in sizes])
    count = 0
    for portion in _portions([deliveries[uid] for uid in sorted(sizes)]):
        arrivals = _arrivals(mailbox, source, portion)
        ledger.note_missing([row for row in portion if row.uid not in arrivals])
        count += len(store(mailbox, arrivals, deliveries))
        watching.prolong(mailbox)
    return count


def _portions(deliveries: Sequence[Delivery]) -> Iterable[list[Delivery]]:
    """Cut the batch so that no portion holds more than a few large mails in memory."""
    portion: list[Delivery] = []
    size = 0
    for delivery in deliveries:
        if portion and size + delivery.size > settings.HBU_MAX_MAIL_BYTES:
            yield portion
            portion, size = [], 0
        portion.append(delivery)
        size += delivery.size
    if portion:
        yield portion


def _arrivals(
    mailbox: Mailbox, source: ImapSource, deliveries: Sequence[Delivery]
) -> dict[int, Arrival]:
    rows = {row.uid: row for row in deliveries}
    large = [row.uid for row in deliveries if row.size > settings.HBU_MAX_MAIL_BYTES]
    whole = _patiently(source.fetch, [uid for uid in rows if uid not in large])
    # Nothing where there should be something is a server that stumbled, not an empty mail.
    given = {uid: one for uid, one in whole.items() if one.raw or not rows[uid].size}
    arrivals = {uid: _arrival(mailbox, uid, one) for uid, one in given.items()}
    for uid, head in _patiently(source.fetch_headers, large).items():
        rows[uid].state = Delivery.State.OVERSIZE
        note = f"{N_('The text stays on the server, it is too large')}: {rows[uid].size}"
        arrivals[uid] = _arrival(mailbox, uid, head, note=note)
    return arrivals


def _patiently(ask: Callable[[Sequence[int]], dict[int, T]], uids: Sequence[int]) -> dict[int, T]:
    """Ask about all at once; if the server stumbles over one mail, about each alone."""
    try:
        return ask(uids)
    except SourceError as error:
        if error.broken:
            raise
        logger.warning("The server failed over UIDs %s: %s", uids, error.message)
    if len(uids) == 1:
        return {}
    return {uid: one for alone in uids for uid, one in _patiently(ask, [alone]).items()}


def _arrival(mailbox: Mailbox, uid: int, fetched: Fetched, *, note: str = "") -> Arrival:
    now = timezone.now()
    # The Date header is the sender's claim; the server's clock, never ahead of ours, is the truth.
    received_at = min(fetched.received_at or now, now)
    fresh = now - received_at < ANSWER_WITHIN
    answerable = fresh and not ledger.came_before(mailbox, uid, received_at)
    return Arrival(fetched.raw, received_at, answerable=answerable, note=note)


def store(
    mailbox: Mailbox | None,
    arrivals: Mapping[int, Arrival],
    deliveries: Mapping[int, Delivery] | None = None,
) -> list[Email]:
    """Keep the raw mails and make a row for each one that we did not have; return the new ones.

    `arrivals` are known by any number; `deliveries` ties the same numbers to the ledger.
    """
    prints = {key: fingerprint(arrival.raw) for key, arrival in arrivals.items()}
    had = known(prints.values())
    # Files first, outside the transaction: a file without a row is cleared away later, a row
    # without a file would be a lost mail (promise A14).
    rows = {
        digest: _row(mailbox, arrivals[key], digest)
        for key, digest in prints.items()
        if digest not in had
    }
    with transaction.atomic():
        Email.objects.bulk_create(rows.values(), ignore_conflicts=True)
        stored = known(prints.values())
        new = [stored[digest] for digest in rows]
        if deliveries:
            ledger.settle(deliveries, {key: stored[digest] for key, digest in prints.items()})
        record_many("email.received", ((row, {}) for row in new))
    if new:
        with tracing.about([row.fingerprint for row in new]):
            facts = {"stage": "fetch", "count": len(new), "ids": [row.pk for row in new]}
            logger.info("Mails were stored.", extra=facts)
    return new


def known(digests: Iterable[str]) -> dict[str, Email]:
    return {row.fingerprint: row for row in Email.objects.filter(fingerprint__in=set(digests))}


def _row(mailbox: Mailbox | None, arrival: Arrival, digest: str) -> Email:
    return Email(
        fingerprint=digest,
        raw_sha256=blobs.put(settings.BLOBS_DIR, arrival.raw),
        size=len(arrival.raw),
        mailbox=mailbox,
        received_at=arrival.received_at,
        answerable=arrival.answerable,
        defects=[arrival.note] if arrival.note else [],
    )


def fingerprint(raw: bytes) -> str:
    """Return the SHA-256 of a mail without the lines that transport adds and its line ends.

    The same mail to info@ and sales@ differs in nothing else, and becomes one Email.
    """
    raw = raw.replace(b"\r\n", b"\n")
    head, _, body = raw.partition(b"\n\n")
    head = TRACE_HEADERS.sub(b"", head[:262_144] + b"\n") + head[262_144:]
    return sha256(head.strip() + b"\n\n" + body.rstrip(b"\n")).hexdigest()
