"""Who may look into a mailbox now, and how the mailbox is doing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from emails.models import Mailbox
from emails.sources import imap
from emails.sources.imap import ImapSource, SourceError
from hbu.journal.recording import record

LEASE_SECONDS = 60
POLL_SECONDS = 60
# Minutes to wait after the first, second ... failure in a row (promise A8).
BACK_OFF_MINUTES = (1, 2, 5, 15)
# A refused password is not hammered: after so many refusals we knock once an hour.
REFUSALS_BEFORE_PATIENCE = 4


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
    until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    Mailbox.objects.filter(pk=mailbox.pk).update(lease_until=until)


def release(mailbox: Mailbox) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(lease_until=None)


@contextmanager
def connect(mailbox: Mailbox) -> Iterator[ImapSource]:
    with imap.connect(account(mailbox)) as source:
        yield source


def account(mailbox: Mailbox) -> imap.Account:
    """Return where to log in. Raises SourceError when the password is missing."""
    if not mailbox.host:
        return _hub_account(mailbox)
    if not mailbox.password:
        raise SourceError("No password is stored for this mailbox.", refused=True)
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
    with transaction.atomic():
        Mailbox.objects.filter(pk=mailbox.pk).update(
            last_polled_at=now,
            next_poll_at=now + timedelta(seconds=POLL_SECONDS),
            failing_since=None,
            failures=0,
            last_error="",
        )
        if was_failing:
            record("mailbox.healthy", mailbox, address=mailbox.address)


def note_failure(mailbox: Mailbox, error: SourceError) -> None:
    """Write down what the server said and when to try again; the alarm is raised once."""
    now = timezone.now()
    failures = mailbox.failures + 1
    minutes = BACK_OFF_MINUTES[min(failures, len(BACK_OFF_MINUTES)) - 1]
    if error.refused and failures > REFUSALS_BEFORE_PATIENCE:
        minutes = 60
    with transaction.atomic():
        Mailbox.objects.filter(pk=mailbox.pk).update(
            failing_since=mailbox.failing_since or now,
            failures=failures,
            last_error=error.message,
            next_poll_at=now + timedelta(minutes=minutes),
        )
        if mailbox.failing_since is None:
            record("mailbox.failing", mailbox, address=mailbox.address, error=error.message)


def try_now(mailbox: Mailbox) -> None:
    """Forget the back-off, for example after the password was corrected."""
    Mailbox.objects.filter(pk=mailbox.pk).update(next_poll_at=None, failures=0)
