"""How a stage works off its mails: claimed, in chunks, and singly when a chunk fails.

A stage takes the mails that wait in one state and moves them to the next. Claims end by themselves,
so that a worker that died keeps nothing; a mail that kills its worker three times, takes all its
time as often, or fails alone goes to quarantine with its reason and never holds up the others
(promises A9, I3). When the disk or the database fails, no mail is at fault: all wait until it is back
(promise A13).
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from emails.encoding import clean
from emails.models import Email
from hbu.journal.recording import record
from hbu.lib import blobs, measuring, tracing
from hbu.lib.reasons import N_

logger = logging.getLogger(__name__)

CLAIM_SECONDS = 30
MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    waits_in: str
    work: Callable[[Sequence[Email]], None]
    """Decides outside any transaction and writes all its mails in one."""
    admit: Callable[[Sequence[int]], Sequence[int]] = list
    """Which of the mails may be claimed now; asked in the transaction of the claim."""

    @property
    def code(self) -> str:
        """Its name among the measures."""
        return self.name.replace(" ", "_")


def run(stage: Stage, ids: Iterable[int]) -> int:
    """Work off those of the mails that wait for this stage and that nobody else holds."""
    count = 0
    for portion in _portions(_waiting(stage, ids)):
        # Claimed only now: the claims of mails behind slow ones would end before their turn.
        if emails := _claim(stage, portion):
            _work(stage, emails)
            count += len(emails)
    return count


def _waiting(stage: Stage, ids: Iterable[int]) -> list[Email]:
    """Those tried longest ago first, so that one that fails again and again comes last."""
    rows = Email.objects.filter(pk__in=list(ids), state=stage.waits_in).unclaimed(timezone.now())
    longest_ago = F("claimed_until").asc(nulls_first=True)
    return list(rows.only("attempts", "size").order_by(longest_ago, "pk"))


def _portions(emails: Iterable[Email]) -> Iterator[list[int]]:
    """Fresh mails together, within bounds; one that was not finished before is worked on alone."""
    portion: list[int] = []
    size = 0
    for email in emails:
        full = len(portion) == settings.HBU_CHUNK or size + email.size > settings.HBU_MAX_MAIL_BYTES
        if portion and (full or email.attempts):
            yield portion
            portion, size = [], 0
        portion.append(email.pk)
        size += settings.HBU_MAX_MAIL_BYTES if email.attempts else email.size
    if portion:
        yield portion


def _claim(stage: Stage, ids: Sequence[int]) -> list[Email]:
    now, claim = timezone.now(), uuid4()
    with transaction.atomic():
        rows = Email.objects.filter(pk__in=stage.admit(ids), state=stage.waits_in).unclaimed(now)
        if not rows.update(
            claim=claim,
            claimed_until=now + timedelta(seconds=CLAIM_SECONDS),
            attempts=F("attempts") + 1,
        ):
            return []
    return list(Email.objects.filter(claim=claim, state=stage.waits_in).order_by("pk"))


def _work(stage: Stage, emails: Sequence[Email]) -> None:
    with tracing.about([email.fingerprint for email in emails]):
        with measuring.stage(stage.code) as tally:
            _try(stage, emails, tally)
        _tell(stage, emails, tally)
    if len(emails) > 1 and not tally.done:
        for email in emails:
            _work(stage, [email])


def _try(stage: Stage, emails: Sequence[Email], tally: measuring.Tally) -> None:
    try:
        if emails[0].attempts > MAX_ATTEMPTS:
            raise RuntimeError(N_("The worker died over this mail more than once."))
        stage.work(emails)
        tally.done = len(emails)
    except Exception as error:
        if is_ours(error):
            # A mail that was alone when the time was over may be the reason, so the attempt counts.
            suspect = isinstance(error, SoftTimeLimitExceeded) and len(emails) == 1
            _let_go(emails, attempts=emails[0].attempts if suspect else 1)
            raise
        if len(emails) == 1:
            _quarantine(stage, emails[0], error)
            tally.failed = 1


def _tell(stage: Stage, emails: Sequence[Email], tally: measuring.Tally) -> None:
    if tally.done:
        facts = {"stage": stage.code, "count": tally.done, "seconds": tally.seconds}
        ids = [email.pk for email in emails]
        logger.info("Mails went through: %s.", stage.name, extra={**facts, "ids": ids})


def is_ours(error: Exception) -> bool:
    """Return whether the house failed, not the mail: its database, its disk or its time."""
    ours = isinstance(error, OperationalError | OSError | SoftTimeLimitExceeded)
    return ours and not isinstance(error, blobs.Missing)


def _let_go(emails: Sequence[Email], *, attempts: int) -> None:
    """End the claim; each is worked on alone when the sweep rings again."""
    try:
        Email.objects.filter(pk__in=[email.pk for email in emails]).update(
            claimed_until=timezone.now(), attempts=attempts
        )
    except DatabaseError:
        logger.warning("The database is away; the claims end by themselves.")


def _quarantine(stage: Stage, email: Email, error: Exception) -> None:
    logger.warning("Mail %s goes to quarantine in %s: %s", email.pk, stage.name, type(error))
    reason = clean(f"{type(error).__name__}: {error}")[:500]
    with transaction.atomic():
        moved = Email.objects.filter(pk=email.pk, state=stage.waits_in).update(
            state=Email.State.QUARANTINED,
            failed_in=stage.waits_in,
            error=reason,
            claimed_until=None,
        )
        if moved:
            record("email.quarantined", email, stage=stage.name, error=reason)


def held(emails: Sequence[Email], stage_state: str) -> set[int]:
    """Lock the rows inside the writing transaction; return those that still wait in the state.

    A second worker that took over after our claim ended may have been faster.
    """
    rows = Email.objects.select_for_update().filter(
        pk__in=[email.pk for email in emails], state=stage_state
    )
    return set(rows.values_list("pk", flat=True))


def overdue(now: datetime, state: str) -> list[int]:
    """Return mails that wait in a state with nobody at them, oldest first: the sweep's list."""
    rows = Email.objects.filter(state=state).unclaimed(now).order_by("pk")
    return list(rows.values_list("pk", flat=True)[: settings.HBU_CHUNK * 20])
