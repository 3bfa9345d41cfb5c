"""Documents of ours: wanted with the change they tell of, made as files afterwards.

What cannot be made stops nothing else: it is FAILED with its reason and waits for a person, who
lets it be made again (promise O4).
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from hbu.journal.recording import record, record_many
from hbu.lib import blobs
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import Check
from orders.models import Printout
from orders.models.printout import PrintoutQuerySet
from orders.services.composing import making
from orders.services.composing.making import File, NotFit

logger = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=30)
MOST_ATTEMPTS = 5
"""Whoever makes a printout may die of it; after so many deaths a person looks."""
_DIED = N_("The document could not be made: its maker stopped each time.")
_RELATED = (
    "order__customer", "shipment__order__customer", "invoice__order", "invoice__customer",
    "reminder__invoice__order", "quotation__customer",
)  # fmt: skip


def want(printouts: Iterable[Printout]) -> list[Printout]:
    """Ask for documents, in the transaction of their cause; what was asked for before stays as it is.

    The listener of "printout.wanted" rings whoever makes them; a sweep finds what it missed.
    """
    wanted = {one.cause: one for one in printouts}
    known = set(Printout.objects.filter(cause__in=wanted).values_list("cause", flat=True))
    rows = Printout.objects.bulk_create(one for one in wanted.values() if one.cause not in known)
    record_many("printout.wanted", ((row, {"kind": row.kind}) for row in rows))
    return rows


def make(ids: Sequence[int]) -> None:
    """Make the files that are still wanted; who comes second with one finds nothing to do."""
    for pk in ids:
        printout = _claimed(pk)
        if printout is not None:
            _make(printout)


def overdue(now: datetime) -> list[int]:
    """Printouts whose bell was lost, or whose maker died."""
    wanted = Printout.objects.filter(
        state=Printout.State.WANTED, created_at__lt=now - OVERDUE
    ).order_by("created_at")
    return list(wanted.values_list("pk", flat=True)[: settings.HBU_CHUNK])


def make_again(printout: Printout, *, by: AbstractBaseUser | None = None) -> None:
    """Let a failed document be made once more, for example after its cause was put right."""
    with transaction.atomic():
        failed = Printout.objects.filter(pk=printout.pk, state=Printout.State.FAILED)
        if not failed.update(state=Printout.State.WANTED, error="", attempts=0, checks=[]):
            raise DomainError("printout.not_failed", N_("This document is made or about to be."))
        printout.refresh_from_db()
        record("printout.wanted", printout, actor=by, kind=printout.kind)


def content(printout: Printout) -> bytes:
    """The file. Raises DomainError while it is not made, blobs.Missing when it is gone from disk."""
    if printout.state != Printout.State.MADE:
        raise DomainError("printout.not_made", N_("This document is not made yet."), status=404)
    return blobs.get(settings.BLOBS_DIR, printout.sha256)


def _claimed(pk: int) -> Printout | None:
    """The row, if it is wanted and nobody else has just taken it; an attempt is its claim."""
    wanted = Printout.objects.filter(pk=pk, state=Printout.State.WANTED)
    printout = wanted.select_related(*_RELATED).first()
    if printout is None:
        return None
    if printout.attempts >= MOST_ATTEMPTS:
        _fail(printout, _DIED)
        return None
    if not wanted.filter(attempts=printout.attempts).update(attempts=F("attempts") + 1):
        return None
    printout.attempts += 1
    return printout


def _make(printout: Printout) -> None:
    """Outside any transaction: drawing takes its time, and other rows need not wait for it."""
    try:
        with override(printout.language):
            file = making.file(printout)
        digest = blobs.put(settings.BLOBS_DIR, file.data)
    except NotFit as error:
        _fail(printout, error.message, error.checks)
    except DomainError as error:
        _fail(printout, error.message)
    except Exception as error:
        logger.exception("%s cannot be made.", printout.cause)
        _fail(printout, f"{type(error).__name__}: {error}")
    else:
        _made(printout, file, digest)


def _made(printout: Printout, file: File, digest: str) -> None:
    """Of two who made it at once the first is taken; a failure counts for the latest alone."""
    with transaction.atomic():
        first = _wanted(printout).update(
            state=Printout.State.MADE,
            filename=file.filename,
            media_type=file.media_type,
            sha256=digest,
            size=len(file.data),
            checks=[asdict(check) for check in file.checks],
            error="",
            made_at=timezone.now(),
        )
        if first:
            record("printout.made", printout, kind=printout.kind, name=file.filename)


def _fail(printout: Printout, error: str, checks: Sequence[Check] = ()) -> None:
    with transaction.atomic():
        state = Printout.State.FAILED
        stored = [asdict(check) for check in checks]
        mine = _wanted(printout).filter(attempts=printout.attempts)
        if mine.update(state=state, error=error[:300], checks=stored):
            record("printout.failed", printout, kind=printout.kind, error=error[:300])


def _wanted(printout: Printout) -> PrintoutQuerySet:
    return Printout.objects.filter(pk=printout.pk, state=Printout.State.WANTED)
