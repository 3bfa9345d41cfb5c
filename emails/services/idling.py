"""Waiting for mail: one thread a mailbox idles (RFC 2177) and fetches when the server speaks.

Servers without IDLE, and mail that a server forgets to announce, are left to beat.
"""

import logging
import threading

from django.db import close_old_connections, connections
from django.utils import timezone

from emails.models import Mailbox
from emails.services import intake, watching
from emails.sources.imap import ImapSource, SourceError

logger = logging.getLogger(__name__)

# RFC 2177 asks clients to begin anew before the server's 29 minutes are over; a short turn also
# notices when the mailbox was changed or switched off.
TURN_SECONDS = 120
LOOK_SECONDS = 5
BUSY_SECONDS = 0.5


def watch_all(stop: threading.Event) -> None:
    """Keep one watcher for each watched mailbox until told to stop."""
    threads: dict[int, threading.Thread] = {}
    while not stop.is_set():
        close_old_connections()
        for pk in Mailbox.objects.watched().values_list("pk", flat=True):
            if pk not in threads or not threads[pk].is_alive():
                threads[pk] = threading.Thread(target=_watch, args=(pk, stop), daemon=True)
                threads[pk].start()
        stop.wait(LOOK_SECONDS)


def _watch(pk: int, stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            mailbox = Mailbox.objects.watched().filter(pk=pk).first()
            if mailbox is None:
                return
            if _must_wait(mailbox):
                stop.wait(LOOK_SECONDS)
            else:
                _turn(mailbox, stop)
    finally:
        connections.close_all()


def _must_wait(mailbox: Mailbox) -> bool:
    """A mailbox that fails is left alone until its back-off is over."""
    return bool(
        mailbox.failing_since and mailbox.next_poll_at and mailbox.next_poll_at > timezone.now()
    )


def _turn(mailbox: Mailbox, stop: threading.Event) -> None:
    """Fetch, then idle until something comes; the idling session sees what the fetch missed."""
    try:
        with watching.connect(mailbox) as source:
            _fetch(mailbox, stop)
            if source.can_idle:
                _listen(source, mailbox, stop)
                return
    except SourceError as error:
        watching.note_failure(mailbox, error)
        return
    stop.wait(TURN_SECONDS)


def _listen(source: ImapSource, mailbox: Mailbox, stop: threading.Event) -> None:
    """Idle for a turn. Lines that wait are often cut; only the next login tells of a failure."""
    waited = 0
    try:
        while not stop.is_set() and waited < TURN_SECONDS:
            if source.wait_for_mail(LOOK_SECONDS):
                _fetch(mailbox, stop)
            waited += LOOK_SECONDS
    except SourceError as error:
        logger.info("Waiting for mail in %s ended: %s", mailbox, error.message)
        stop.wait(LOOK_SECONDS)


def _fetch(mailbox: Mailbox, stop: threading.Event) -> None:
    """Fetch; when somebody else is at it, do it after him, so that nothing waits for beat."""
    while not stop.is_set():
        if intake.fetch(mailbox) is not None:
            return
        stop.wait(BUSY_SECONDS)
