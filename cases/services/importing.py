"""Mails from files: the same pipeline as mails from a server, or a trial run that writes nothing."""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from cases.models import Case
from cases.services import describing, flow
from emails.models import Email, Mailbox
from emails.parsing import parse
from emails.services import deciding, intake
from emails.sources.files import Found

PORTION = 25
# How long to wait for mails that a running worker took out of our hands.
PATIENCE_SECONDS = 60


def trial(found: Iterable[Found], mailbox: Mailbox | None) -> Iterator[dict[str, Any]]:
    """Decide on mails and describe what would become of them; nothing is written anywhere."""
    books = deciding.open_books()
    address = mailbox.address if mailbox else ""
    for one in found:
        yield describing.unreadable(one) if one.error else _decided(one, address, books)


def take(found: Iterable[Found], mailbox: Mailbox | None) -> Iterator[dict[str, Any]]:
    """Take mails in and carry them through the pipeline; describe what became of each."""
    found = iter(found)
    while portion := list(islice(found, PORTION)):
        yield from _take(portion, mailbox)


def _take(portion: Sequence[Found], mailbox: Mailbox | None) -> Iterator[dict[str, Any]]:
    prints = {one.path: intake.fingerprint(one.raw) for one in portion if not one.error}
    intake.store(mailbox, {n: _arrival(one) for n, one in enumerate(portion) if one.path in prints})
    _carry_through([email.pk for email in intake.known(prints.values()).values()])
    emails = intake.known(prints.values())
    books = deciding.open_books()
    for one in portion:
        yield (
            _taken(one, emails[prints[one.path]], books)
            if one.path in prints
            else {
                **describing.unreadable(one),
                **describing.NO_WORK,
            }
        )


def _arrival(found: Found) -> intake.Arrival:
    """A file came now, but a letter that is old by its own date is not answered any more."""
    now = timezone.now()
    try:
        written = parse(found.raw).date
    except ValueError:
        written = None
    fresh = written is None or abs(now - written) < intake.ANSWER_WITHIN + timedelta(hours=1)
    return intake.Arrival(found.raw, now, answerable=fresh)


def _carry_through(ids: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    flow.carry_through(ids)
    while Email.objects.waiting().filter(pk__in=ids).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
        flow.carry_through(ids)


def _decided(found: Found, address: str, books: deciding.Books) -> dict[str, Any]:
    try:
        decision = deciding.decide([found.raw], [address], books)[0]
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return describing.quarantined(found, reason, books.own)
    return describing.decided(found, decision)


def _taken(found: Found, email: Email, books: deciding.Books) -> dict[str, Any]:
    if email.state == Email.State.QUARANTINED:
        described = describing.quarantined(found, email.error, books.own)
    else:
        described = describing.stored(found, email, books.own)
    case = Case.objects.filter(emails=email).first()
    return {**described, **describing.work(email, case)}
