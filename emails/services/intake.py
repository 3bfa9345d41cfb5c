"""From the server into our books: claim, fetch, store, commit, and only then tell the server.

The ledger is (mailbox, folder, UIDVALIDITY, UID). It is never a flag and never a date, so that
nobody's reading of the mailbox hides a mail from us (promises A1 to A12).
"""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from emails.models import Delivery, Email, Mailbox
from emails.services import watching
from emails.sources.imap import Fetched, ImapSource, SourceError
from hbu.journal.recording import record, record_many
from hbu.lib import blobs
from hbu.lib.rows import save_all

logger = logging.getLogger(__name__)

CLAIM_SECONDS = 60
MAX_ATTEMPTS = 3
# Mail that has waited longer than this is worked on but not answered by itself (promise A5).
ANSWER_WITHIN = timedelta(hours=48)
# Lines that differ between two copies of one mail, because transport adds them.
TRACE_HEADERS = re.compile(
    rb"(?im)^(?:return-path|received|delivered-to|x-original-to|envelope-to|x-received|"
    rb"authentication-results|x-spam[-a-z]*):.*(?:\r?\n[ \t].*)*\r?\n"
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

    A server that fails us is written down at the mailbox and tried again later; it never raises.
    """
    if not watching.lease(mailbox):
        return None
    try:
        with watching.connect(mailbox) as source:
            count = _fetch_all(mailbox, source)
        watching.note_health(mailbox)
    except SourceError as error:
        watching.note_failure(mailbox, error)
        return 0
    finally:
        watching.release(mailbox)
    return count


def _fetch_all(mailbox: Mailbox, source: ImapSource) -> int:
    _enter_epoch(mailbox, source)
    count = 0
    for uids in _batches(_unfinished(mailbox) + source.uids_after(mailbox.last_uid)):
        claim = _claim(mailbox, uids)
        count += _bring_in(mailbox, source, claim)
        _tell_server(mailbox, source)
        watching.prolong(mailbox)
    _tell_server(mailbox, source)
    return count


def _enter_epoch(mailbox: Mailbox, source: ImapSource) -> None:
    """Note the mailbox's UIDVALIDITY; a new one means that every UID starts afresh (promise A3)."""
    if mailbox.uidvalidity == source.uidvalidity:
        return
    first = mailbox.uidvalidity is None
    skip = first and mailbox.start == Mailbox.Start.NEW
    with transaction.atomic():
        if not first:
            record("mailbox.uidvalidity_changed", mailbox, address=mailbox.address)
        mailbox.uidvalidity = source.uidvalidity
        mailbox.last_uid = max(source.uidnext - 1, 0) if skip else 0
        mailbox.import_until_uid = (
            max(source.uidnext - 1, 0) if first and mailbox.start == Mailbox.Start.IMPORT else 0
        )
        mailbox.save(update_fields=["uidvalidity", "last_uid", "import_until_uid"])


def _unfinished(mailbox: Mailbox) -> list[int]:
    """UIDs that were claimed and never stored: a crash, or a mail the server would not give."""
    stale = timezone.now() - timedelta(seconds=CLAIM_SECONDS)
    rows = (
        Delivery.objects.of(mailbox)
        .unfinished()
        .filter(claimed_at__lt=stale, attempts__lt=MAX_ATTEMPTS)
    )
    return list(rows.order_by("uid").values_list("uid", flat=True))


def _batches(uids: Sequence[int]) -> Iterable[Sequence[int]]:
    size = settings.HBU_FETCH_BATCH
    return (uids[start : start + size] for start in range(0, len(uids), size))


def _claim(mailbox: Mailbox, uids: Sequence[int]) -> UUID:
    """Write the ledger rows before any work; rows another poller holds stay his (promise A2)."""
    claim, now = uuid4(), timezone.now()
    stale = now - timedelta(seconds=CLAIM_SECONDS)
    with transaction.atomic():
        ours = Delivery.objects.of(mailbox).filter(uid__in=uids)
        ours.unfinished().filter(claimed_at__lt=stale).update(
            claim=claim, claimed_at=now, state=Delivery.State.CLAIMED
        )
        Delivery.objects.bulk_create(
            (
                Delivery(
                    mailbox=mailbox,
                    folder=mailbox.folder,
                    uidvalidity=mailbox.epoch,
                    uid=uid,
                    claim=claim,
                    claimed_at=now,
                )
                for uid in uids
            ),
            ignore_conflicts=True,
        )
        ours.filter(claim=claim).update(attempts=F("attempts") + 1)
        mailbox.last_uid = max(mailbox.last_uid, *uids)
        mailbox.save(update_fields=["last_uid"])
    return claim


def _bring_in(mailbox: Mailbox, source: ImapSource, claim: UUID) -> int:
    deliveries = {row.uid: row for row in Delivery.objects.filter(mailbox=mailbox, claim=claim)}
    for uid, size in source.sizes(list(deliveries)).items():
        deliveries[uid].size = size
    count = 0
    for portion in _portions(list(deliveries.values())):
        arrivals = _arrivals(mailbox, source, portion)
        _note_missing([row for row in portion if row.uid not in arrivals])
        count += len(store(mailbox, arrivals, deliveries))
    return count


def _portions(deliveries: Sequence[Delivery]) -> Iterable[list[Delivery]]:
    """Cut the batch so that no portion holds more than a few large mails in memory."""
    portion: list[Delivery] = []
    size = 0
    for delivery in sorted(deliveries, key=lambda row: row.uid):
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
    large = [row for row in deliveries if row.size > settings.HBU_MAX_MAIL_BYTES]
    fetched = _fetch_patiently(source, [row.uid for row in deliveries if row not in large])
    arrivals = {uid: _arrival(mailbox, uid, one) for uid, one in fetched.items() if one.raw}
    headers = source.fetch_headers([row.uid for row in large])
    for row in large:
        row.state = Delivery.State.OVERSIZE
        note = f"too large: {row.size} bytes, the text stays on the server"
        arrivals[row.uid] = _arrival(mailbox, row.uid, headers[row.uid], note=note)
    return arrivals


def _fetch_patiently(source: ImapSource, uids: Sequence[int]) -> dict[int, Fetched]:
    """Fetch in one go; if the server stumbles over one mail, fetch the others singly."""
    try:
        return source.fetch(uids)
    except SourceError:
        if len(uids) == 1:
            raise
    fetched: dict[int, Fetched] = {}
    for uid in uids:
        try:
            fetched |= source.fetch([uid])
        except SourceError as error:
            logger.warning("UID %s could not be fetched: %s", uid, error.message)
    return fetched


def _arrival(mailbox: Mailbox, uid: int, fetched: Fetched, *, note: str = "") -> Arrival:
    now = timezone.now()
    # The Date header is the sender's claim; the server's clock, never ahead of ours, is the truth.
    received_at = min(fetched.received_at or now, now)
    fresh = now - received_at < ANSWER_WITHIN and uid > mailbox.import_until_uid
    return Arrival(fetched.raw, received_at, answerable=fresh, note=note)


def _note_missing(deliveries: Sequence[Delivery]) -> None:
    for delivery in deliveries:
        delivery.state = Delivery.State.FAILED
        delivery.error = "The server did not give this mail."
    save_all(deliveries, ["state", "error", "size"])


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
            _settle(deliveries, {key: stored[digest] for key, digest in prints.items()})
        record_many("email.received", ((row, {}) for row in new))
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


def _settle(deliveries: Mapping[int, Delivery], emails: Mapping[int, Email]) -> None:
    for key, email in emails.items():
        delivery = deliveries[key]
        delivery.email = email
        delivery.error = ""
        if delivery.state != Delivery.State.OVERSIZE:
            delivery.state = Delivery.State.STORED
    save_all([deliveries[key] for key in emails], ["email", "state", "size", "error"])


def fingerprint(raw: bytes) -> str:
    """Return the SHA-256 of a mail without the lines that transport adds.

    The same mail to info@ and sales@ differs in nothing else, and becomes one Email.
    """
    head, separator, body = raw.partition(b"\r\n\r\n")
    if not separator:
        head, separator, body = raw.partition(b"\n\n")
    head = TRACE_HEADERS.sub(b"", head[:262_144] + b"\r\n") + head[262_144:]
    return sha256(head.replace(b"\r\n", b"\n").strip() + b"\n\n" + body).hexdigest()


def _tell_server(mailbox: Mailbox, source: ImapSource) -> None:
    """Mark or move what is safely stored. A crash before this repeats it, and nothing else."""
    rows = Delivery.objects.of(mailbox).safe().filter(told_server=False)
    uids = list(rows.values_list("uid", flat=True))
    if not uids:
        return
    if mailbox.after_storing == Mailbox.AfterStoring.SEEN:
        source.mark_seen(uids)
    elif mailbox.after_storing == Mailbox.AfterStoring.MOVE:
        source.move(uids, mailbox.archive_folder)
    Delivery.objects.of(mailbox).filter(uid__in=uids).update(told_server=True)
