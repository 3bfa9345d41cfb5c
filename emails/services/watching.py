"""Who may look into a mailbox now, and how the mailbox is doing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from emails.models import Delivery, Mailbox
from emails.sources import imap
from emails.sources.imap import ImapSource, SourceError
from hbu.journal.recording import record
from hbu.lib.reasons import N_

LEASE_SECONDS = 60
POLL_SECONDS = 60
# Minutes to wait after the first, second ... failure in a row (promise A8).
BACK_OFF_MINUTES = (1, 2, 5, 15)
# A refused password is not hammered: after so many refusals we knock once an hour.
REFUSALS_BEFORE_PATIENCE = 4
# A UIDVALIDITY has 32 bits (RFC 9051, 9); above it lie the rows of servers that we left.
EPOCHS = 2**32


def lease(mailbox: Mailbox) -> bool:
    """Take the mailbox for a minute; False when somebody else has it."""
    now = timezone.now()
    won = (
        Mailbox.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=mailbox.pk).update(
            lease_until=now + timedelta(seconds=LEASE_SECONDS)
        )
        == 1
    )
    if won:
        # The cursor may have moved since the caller read the row.
        mailbox.refresh_from_db()
    return won


def prolong(mailbox: Mailbox) -> None:
    _lease_until(mailbox, timezone.now() + timedelta(seconds=LEASE_SECONDS))


def release(mailbox: Mailbox) -> None:
    _lease_until(mailbox, None)


def _lease_until(mailbox: Mailbox, until: datetime | None) -> None:
    """Change the lease if it is still ours; one that ended may be somebody else's by now."""
    ours = Mailbox.objects.filter(pk=mailbox.pk, lease_until=mailbox.lease_until)
    if ours.update(lease_until=until):
        mailbox.lease_until = until


@contextmanager
def connect(mailbox: Mailbox) -> Iterator[ImapSource]:
    with imap.connect(account(mailbox)) as source:
        yield source


def account(mailbox: Mailbox) -> imap.Account:
    """Return where to log in. Raises SourceError when the password is missing."""
    if not mailbox.host:
        return _hub_account(mailbox)
    if not mailbox.password:
        raise SourceError(N_("No password is stored for this mailbox."), refused=True)
    return imap.Account(
        host=mailbox.host,
        port=mailbox.port,
        security=mailbox.security,
        verify_certificate=mailbox.verify_certificate,
        username=mailbox.username or mailbox.address,
        password=mailbox.password,
        folder=mailbox.folder,
        timeout=settings.HBU_MAIL_TIMEOUT_SECONDS,
        ca_file=settings.HBU_CA_FILE,
    )


def _hub_account(mailbox: Mailbox) -> imap.Account:
    """The embedded hub: its port may be another at the next start, so it is never stored."""
    return imap.Account(
        host=settings.HBU_IMAP_HOST,
        port=settings.HBU_IMAP_PORT,
        security="starttls",
        verify_certificate=True,
        username=mailbox.address,
        password=settings.HBU_HUB_PASSWORD,
        folder=mailbox.folder,
        timeout=settings.HBU_MAIL_TIMEOUT_SECONDS,
        ca_file=settings.HBU_CA_FILE,
    )


def note_health(mailbox: Mailbox) -> None:
    now = timezone.now()
    was_failing = mailbox.failing_since is not None
    mailbox.last_polled_at, mailbox.next_poll_at = now, now + timedelta(seconds=POLL_SECONDS)
    mailbox.failing_since, mailbox.failures, mailbox.last_error = None, 0, ""
    with transaction.atomic():
        _save_health(mailbox)
        if was_failing:
            record("mailbox.healthy", mailbox, address=mailbox.address)


def note_failure(mailbox: Mailbox, error: SourceError) -> None:
    """Write down what the server said and when to try again; the alarm is raised once."""
    mailbox.refresh_from_db(fields=["failing_since", "failures"])
    now, was_failing = timezone.now(), mailbox.failing_since is not None
    mailbox.failing_since = mailbox.failing_since or now
    mailbox.failures += 1
    mailbox.last_error = error.message
    mailbox.next_poll_at = now + _back_off(mailbox.failures, refused=error.refused)
    with transaction.atomic():
        _save_health(mailbox)
        if not was_failing:
            record("mailbox.failing", mailbox, address=mailbox.address, error=error.message)


def _back_off(failures: int, *, refused: bool) -> timedelta:
    if refused and failures > REFUSALS_BEFORE_PATIENCE:
        return timedelta(hours=1)
    return timedelta(minutes=BACK_OFF_MINUTES[min(failures, len(BACK_OFF_MINUTES)) - 1])


def _save_health(mailbox: Mailbox) -> None:
    mailbox.save(
        update_fields=["last_polled_at", "next_poll_at", "failing_since", "failures", "last_error"]
    )


def try_now(mailbox: Mailbox) -> None:
    """Forget the back-off, for example after the password was corrected."""
    Mailbox.objects.filter(pk=mailbox.pk).update(next_poll_at=None, failures=0)


def place(mailbox: Mailbox) -> tuple[str, str, str]:
    """What makes a mailbox another one when it changes, whatever its address is here."""
    return mailbox.host, mailbox.username or mailbox.address, mailbox.folder


def begin_anew(mailbox: Mailbox) -> None:
    """Forget the cursor: the next look is the first one at another place."""
    rows = Delivery.objects.filter(mailbox=mailbox)
    with transaction.atomic():
        # Its UIDs may be those of the old place; old rows under them would hide new mails.
        latest = rows.aggregate(latest=Max("uidvalidity", default=0))["latest"]
        left = (latest // EPOCHS + 1) * EPOCHS
        rows.filter(uidvalidity__lt=EPOCHS).update(uidvalidity=F("uidvalidity") + left)
        Mailbox.objects.filter(pk=mailbox.pk).update(
            uidvalidity=None,
            last_uid=0,
            after_uid=0,
            import_until_uid=0,
            last_polled_at=None,
            counted_at=None,
        )
    try_now(mailbox)
