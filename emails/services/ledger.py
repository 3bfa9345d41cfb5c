"""The ledger: a row for each mail that a server ever showed us, claimed before any work.

It is kept by (mailbox, folder, UIDVALIDITY, UID), never by a flag and never by a date, so that
nobody's reading of the mailbox hides a mail from us (promises A1 to A4).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from emails.models import Delivery, Email, Mailbox
from emails.models.mailbox import DeliveryQuerySet
from emails.services import watching
from emails.sources.imap import ImapSource
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

CLAIM = timedelta(seconds=60)
MAX_ATTEMPTS = 3

State = Delivery.State


def enter_epoch(mailbox: Mailbox, source: ImapSource) -> None:
    """Note the mailbox's UIDVALIDITY; a new one means that every UID starts afresh (promise A3).

    What is there already is not all ours to answer, see `came_before`, unless that was asked for.
    """
    if mailbox.uidvalidity == source.uidvalidity:
        return
    first = mailbox.uidvalidity is None
    present = max(source.uidnext - 1, 0)
    with transaction.atomic():
        if not first:
            record("mailbox.uidvalidity_changed", mailbox, address=mailbox.address)
        mailbox.uidvalidity = source.uidvalidity
        mailbox.last_uid = present if first and mailbox.start == Mailbox.Start.NEW else 0
        mailbox.after_uid, mailbox.counted_at = mailbox.last_uid, None
        mailbox.import_until_uid = 0 if mailbox.start == Mailbox.Start.ALL else present
        mailbox.save(
            update_fields=["uidvalidity", "last_uid", "after_uid", "counted_at", "import_until_uid"]
        )


def came_before(mailbox: Mailbox, uid: int, received_at: datetime) -> bool:
    """Tell whether a mail was there before our time: at the first look, or at an earlier one.

    The second is a mail that a rebuilt mailbox shows us again, and that we left alone back then.
    """
    looked_at = mailbox.last_polled_at
    return uid <= mailbox.import_until_uid and (looked_at is None or received_at < looked_at)


def batches(mailbox: Mailbox, source: ImapSource) -> Iterable[Sequence[int]]:
    """Return the UIDs to bring in: new ones together, oldest first, then each unfinished one alone.

    A mail over which a server hangs or a worker dies takes nothing else with it.
    """
    new, size = source.uids_after(mailbox.last_uid), settings.HBU_FETCH_BATCH
    together = [new[start : start + size] for start in range(0, len(new), size)]
    return [*together, *([uid] for uid in _unfinished(mailbox))]


def _unfinished(mailbox: Mailbox) -> list[int]:
    """UIDs that were claimed and never stored: a crash, or a mail the server would not give."""
    rows = _stale(mailbox).order_by("attempts", "uid").values_list("uid", "attempts")
    found = list(rows)
    _give_up([uid for uid, attempts in found if attempts >= MAX_ATTEMPTS], mailbox)
    return [uid for uid, attempts in found if attempts < MAX_ATTEMPTS]


def _stale(mailbox: Mailbox) -> DeliveryQuerySet:
    ended = timezone.now() - CLAIM
    rows = Delivery.objects.of(mailbox).unfinished().filter(claimed_at__lt=ended)
    return rows.exclude(state=State.FAILED, attempts__gte=MAX_ATTEMPTS)


def _give_up(uids: Sequence[int], mailbox: Mailbox) -> None:
    """Leave to a person what killed its worker, or cut the line, each time."""
    rows = list(Delivery.objects.of(mailbox).filter(uid__in=uids).select_related("mailbox"))
    for row in rows:
        row.error = N_("Bringing in this mail was cut off three times.")
    _fail(rows)


def enter(
    mailbox: Mailbox, uids: Iterable[int], *, at: datetime, claim: UUID | None = None
) -> None:
    """Write a claimed row for each mail that has none yet, under the numbers the server has now."""
    Delivery.objects.bulk_create(
        (
            Delivery(
                mailbox=mailbox,
                folder=mailbox.folder,
                uidvalidity=mailbox.epoch,
                uid=uid,
                claim=claim,
                claimed_at=at,
            )
            for uid in uids
        ),
        ignore_conflicts=True,
    )


def claim(mailbox: Mailbox, uids: Sequence[int]) -> dict[int, Delivery]:
    """Write the rows before any work; rows that another poller holds stay his (promise A2)."""
    claim, now = uuid4(), timezone.now()
    with transaction.atomic():
        _stale(mailbox).filter(uid__in=uids).update(claim=claim, claimed_at=now)
        enter(mailbox, uids, at=now, claim=claim)
        ours = Delivery.objects.filter(mailbox=mailbox, claim=claim)
        ours.update(attempts=F("attempts") + 1, state=State.CLAIMED)
        mailbox.last_uid = max(mailbox.last_uid, *uids)
        mailbox.save(update_fields=["last_uid"])
        return {row.uid: row for row in ours.select_related("mailbox")}


def give_back(deliveries: Iterable[Delivery]) -> None:
    """Undo the claim on what is not stored: the fault was ours, not the mail's (promise A13)."""
    for claim in {row.claim for row in deliveries}:
        Delivery.objects.filter(claim=claim, state=State.CLAIMED).update(
            attempts=F("attempts") - 1, claimed_at=timezone.now() - CLAIM
        )


def settle(deliveries: Mapping[int, Delivery], emails: Mapping[int, Email]) -> None:
    """Tie the rows to the mails that are stored now."""
    for key, email in emails.items():
        row = deliveries[key]
        row.email, row.error = email, ""
        if row.state != State.OVERSIZE:
            row.state = State.STORED
    Delivery.objects.bulk_update(
        [deliveries[key] for key in emails], ["email", "state", "size", "error"]
    )


def note_missing(deliveries: Sequence[Delivery]) -> None:
    for row in deliveries:
        row.error = N_("The server did not give this mail.")
    _fail(deliveries)


def _fail(deliveries: Sequence[Delivery]) -> None:
    if not deliveries:
        return
    for row in deliveries:
        row.state = State.FAILED
    with transaction.atomic():
        Delivery.objects.bulk_update(deliveries, ["state", "error", "size"])
        record_many(
            "delivery.failed",
            (
                (row, {"mailbox": str(row.mailbox), "uid": row.uid, "error": row.error})
                for row in deliveries
                if row.attempts >= MAX_ATTEMPTS
            ),
        )


def retry(delivery: Delivery, *, by: AbstractBaseUser) -> None:
    """A person has a mail fetched again that was given up. Raises DomainError."""
    with transaction.atomic():
        moved = (
            Delivery.objects.of(delivery.mailbox)
            .filter(pk=delivery.pk, state=State.FAILED)
            .update(state=State.CLAIMED, attempts=0, error="", claimed_at=timezone.now() - CLAIM)
        )
        if not moved:
            raise DomainError("delivery.not_failed", N_("This mail cannot be fetched again."))
        record("delivery.retried", delivery, actor=by, uid=delivery.uid)
        watching.try_now(delivery.mailbox)


def tell_server(mailbox: Mailbox, source: ImapSource) -> None:
    """Mark or move what is safely stored. A crash before this repeats it, and nothing else."""
    untold = Delivery.objects.of(mailbox).safe().filter(told_server=False)
    uids, size = list(untold.order_by("uid").values_list("uid", flat=True)), 200
    for start in range(0, len(uids), size):
        portion = uids[start : start + size]
        if mailbox.after_storing == Mailbox.AfterStoring.SEEN:
            source.mark_seen(portion)
        elif mailbox.after_storing == Mailbox.AfterStoring.MOVE:
            source.move(portion, mailbox.archive_folder)
        Delivery.objects.of(mailbox).filter(uid__in=portion).update(told_server=True)
