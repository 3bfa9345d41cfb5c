"""The ledger is counted against the server: server = stored = decided, for each mailbox.

The server is asked at most once a minute, during a fetch, while nobody else takes up its mails.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from emails import ledger_check
from emails.ledger_check import Standing
from emails.models import Delivery, Email, Mailbox
from emails.models.mailbox import DeliveryQuerySet
from emails.services import ledger, watching
from emails.sources.imap import ImapSource
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

COUNT_EVERY = timedelta(seconds=55)
# A mail that was taken up this long ago, and is not stored or decided yet, is no longer on its way.
PATIENCE = timedelta(minutes=10)
COUNTED = ["counted_at", "counted_until_uid", "held_count", "gone_count", "missing_uids"]


def count(mailbox: Mailbox, source: ImapSource) -> None:
    """Note what the server holds, and raise or end the alarm; nothing when that was just done."""
    now = timezone.now()
    if mailbox.counted_at and mailbox.counted_at > now - COUNT_EVERY:
        return
    held = source.uids_after(mailbox.after_uid)
    rows = Delivery.objects.of(mailbox).filter(uid__gt=mailbox.after_uid)
    known = {uid: email is not None for uid, email in rows.values_list("uid", "email_id")}
    found = ledger_check.count(held, known, mailbox.last_uid)
    mailbox.counted_at, mailbox.counted_until_uid = now, found.until
    mailbox.held_count, mailbox.gone_count = found.held, found.gone
    mailbox.missing_uids = found.missing
    mailbox.save(update_fields=COUNTED)
    _raise_or_end(mailbox, now)


def standings(mailboxes: Collection[Mailbox], now: datetime) -> dict[int, Standing]:
    """Return how the ledgers of those stand that were counted; three queries."""
    counted = [mailbox for mailbox in mailboxes if mailbox.counted_at]
    rows = in_the_ledger().filter(mailbox__in=counted).order_by()
    recent = Q(claimed_at__gt=now - PATIENCE)
    trying = recent & (Q(state=Delivery.State.CLAIMED) | Q(attempts__lt=ledger.MAX_ATTEMPTS))
    # All rows are counted in one index; those that are not done are few, and have their own.
    everything = dict(rows.values_list("mailbox").annotate(Count("pk")))
    bare = _counted(rows.filter(email=None), trying)
    undecided = _counted(rows.filter(email__state=Email.State.RECEIVED), recent)
    return {
        one.pk: _standing(
            one, everything.get(one.pk, 0), bare.get(one.pk, (0, 0)), undecided.get(one.pk, (0, 0))
        )
        for one in counted
    }


def _counted(rows: DeliveryQuerySet, on_its_way: Q) -> dict[int, tuple[int, int]]:
    counts = rows.values("mailbox").annotate(all=Count("pk"), some=Count("pk", filter=on_its_way))
    return {row["mailbox"]: (row["all"], row["some"]) for row in counts}


def _standing(
    mailbox: Mailbox, rows: int, bare: tuple[int, int], undecided: tuple[int, int]
) -> Standing:
    server, stored = mailbox.held_count + mailbox.gone_count, rows - bare[0]
    return Standing(
        server=server,
        stored=stored,
        decided=stored - undecided[0],
        fetching=min(bare[1], max(0, server - stored)),
        deciding=undecided[1],
    )


def in_the_ledger() -> DeliveryQuerySet:
    """Rows of every mailbox as its server numbers them now, up to the last count."""
    return Delivery.objects.filter(
        folder=F("mailbox__folder"),
        uidvalidity=F("mailbox__uidvalidity"),
        uid__gt=F("mailbox__after_uid"),
        uid__lte=F("mailbox__counted_until_uid"),
    )


def _raise_or_end(mailbox: Mailbox, now: datetime) -> None:
    """Tell of a gap once, and once that it is closed."""
    standing = standings([mailbox], now)[mailbox.pk]
    if bool(standing.gap) == bool(mailbox.gap_since):
        return
    mailbox.gap_since = now if standing.gap else None
    with transaction.atomic():
        mailbox.save(update_fields=["gap_since"])
        record(
            "mailbox.gap" if standing.gap else "mailbox.gap_closed",
            mailbox,
            address=mailbox.address,
            server=standing.server,
            stored=standing.stored,
            decided=standing.decided,
        )


def fetch_again(mailbox: Mailbox, *, by: AbstractBaseUser) -> int:
    """Claim what is missing, and what was given up, for the next fetch, which is now.

    Return how many mails. Raises DomainError when nothing is missing.
    """
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        due = timezone.now() - ledger.CLAIM
        failed = Delivery.objects.of(mailbox).filter(state=Delivery.State.FAILED)
        again = failed.update(state=Delivery.State.CLAIMED, attempts=0, error="", claimed_at=due)
        missing = mailbox.missing_uids
        if not (again or missing):
            raise DomainError("mailbox.no_gap", N_("No mail of this mailbox is missing."))
        ledger.enter(mailbox, missing, at=due)
        # Counted anew right after that fetch.
        mailbox.missing_uids, mailbox.counted_at = [], timezone.now() - COUNT_EVERY
        mailbox.save(update_fields=["missing_uids", "counted_at"])
        record(
            "mailbox.refetched", mailbox, actor=by, uids=missing[:20], mails=again + len(missing)
        )
        watching.try_now(mailbox)
    return again + len(missing)
