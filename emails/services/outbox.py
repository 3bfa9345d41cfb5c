"""Letters leave: claimed, marked as being sent, handed over, recorded. One at a time.

The state SENDING is committed before the server hears DATA, so that a crash leaves a visible mark
and never a silent second copy (promises C2 to C5).
"""

import logging
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from emails import smtp
from emails.models import Email, Enclosure, OutgoingEmail
from hbu.journal.recording import record
from hbu.lib import measuring, tracing
from hbu.lib.reasons import N_

logger = logging.getLogger(__name__)

State = OutgoingEmail.State
ON_ITS_WAY = (State.QUEUED, State.SENDING, State.RETRYING)
CLAIM_SECONDS = 30
# Longer than the server may take for all its answers (emails.smtp).
SENDING_SECONDS = 130
# One task sends no longer than this; the sweep rings for the rest.
SENDS_FOR_SECONDS = 100
# How often a commitment is sent again though the server may have taken it before.
COPIES = 3
BACK_OFF_MINUTES = (1, 2, 5, 10, 30, 60)
GIVE_UP_AFTER = timedelta(days=5)
# A copy that is put off holds up the news that the letter has left.
COPIES_WAIT = timedelta(hours=1)
NOT_EVERYBODY = N_("The server refused some of the readers; the others have it.")


def send(ids: Iterable[int]) -> int:
    """Send those of the letters that are due and that nobody else holds; return how many left."""
    letters = _claim(ids)
    if not letters:
        return 0
    try:
        with smtp.connect() as postman:
            return _send_all(postman, letters)
    except smtp.Unreachable as error:
        return _wait_all(letters, error)


def _send_all(postman: smtp.Postman, letters: Sequence[OutgoingEmail]) -> int:
    until, count = time.monotonic() + SENDS_FOR_SECONDS, 0
    for letter in letters:
        if time.monotonic() > until:
            break
        count += _send_one(postman, letter)
    return count


def _claim(ids: Iterable[int]) -> list[OutgoingEmail]:
    now, claim = timezone.now(), uuid4()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    OutgoingEmail.objects.due(now).filter(free, pk__in=list(ids)).order_by().update(
        claim=claim, claimed_until=now + timedelta(seconds=CLAIM_SECONDS)
    )
    # The mail it answers, or with which its conversation began: under that it is logged.
    first = Email.objects.filter(thread=OuterRef("thread")).order_by("pk").values("fingerprint")
    ours = OutgoingEmail.objects.filter(claim=claim).annotate(
        of_mail=Coalesce("answers__fingerprint", Subquery(first[:1]))
    )
    return list(ours.prefetch_related("enclosures").order_by("pk"))


def _send_one(postman: smtp.Postman, letter: OutgoingEmail) -> bool:
    if not _begin(letter):
        return False
    with tracing.about([getattr(letter, "of_mail", "") or ""]):
        with measuring.stage("send") as tally:
            has_left = _pack_and_send(postman, letter)
            tally.done, tally.failed = int(has_left), int(not has_left)
        facts = {"stage": "send", "letter": letter.pk, "seconds": tally.seconds}
        logger.info("Letter left." if has_left else "Letter did not leave.", extra=facts)
    return has_left


def _pack_and_send(postman: smtp.Postman, letter: OutgoingEmail) -> bool:
    try:
        packed = smtp.pack(letter)
    except smtp.NotEnclosed as error:
        _settle(letter, State.FAILED, "outgoing.failed", reason=str(error))
        return False
    except Exception as error:
        # A letter that cannot even be written (a forbidden character in a header) is this
        # letter's fault alone and never right at the second attempt.
        logger.exception("Outgoing mail %s could not be written.", letter.pk)
        _settle(letter, State.FAILED, "outgoing.failed", reason=f"{type(error).__name__}: {error}")
        return False
    return _hand_over(postman, letter, packed)


def _hand_over(postman: smtp.Postman, letter: OutgoingEmail, packed: smtp.Packed) -> bool:
    try:
        receipt = postman.deliver(packed)
    except smtp.Refused as error:
        return _refused(letter, error)
    except smtp.Broken as error:
        _broken(letter, str(error))
        raise smtp.Unreachable(str(error)) from None
    except smtp.Unreachable as error:
        _wait(letter, str(error), code=error.code)
        raise
    return _taken(letter, receipt)


def _taken(letter: OutgoingEmail, receipt: smtp.Receipt) -> bool:
    """The letter left, perhaps not to everybody: who was put off is tried again alone."""
    if len(receipt.receipts) == 1 and not letter.receipts:
        _settle(letter, State.SENT, "outgoing.sent", code=receipt.code, reply=receipt.reply)
        return True
    _note(letter, receipt.receipts)
    if _tries_again(letter):
        _wait(letter, _left_out(letter), code=receipt.code)
        return False
    _finish(letter, receipt.code, receipt.reply)
    return True


def _note(letter: OutgoingEmail, receipts: Mapping[str, str]) -> None:
    letter.receipts = {**letter.receipts, **receipts}
    OutgoingEmail.objects.filter(pk=letter.pk, claim=letter.claim).update(receipts=letter.receipts)


def _tries_again(letter: OutgoingEmail) -> bool:
    """Whether somebody was only put off; for a copy the letter stays unfinished no longer than an
    hour."""
    put_off = {one for one, said in letter.left_out.items() if said.startswith("4")}
    patience = GIVE_UP_AFTER if put_off - set(letter.cc) - set(letter.bcc) else COPIES_WAIT
    return bool(put_off) and timezone.now() - letter.created_at <= patience


def _left_out(letter: OutgoingEmail) -> str:
    return "; ".join(f"{address}: {said}" for address, said in letter.left_out.items())


def _finish(letter: OutgoingEmail, code: int, reply: str) -> None:
    """Everybody has an answer. Who did not get the letter is told to a person (promise C5)."""
    left_out = letter.left_out
    with transaction.atomic():
        _settle(
            letter,
            State.SENT,
            "outgoing.sent",
            code=code,
            reply=_left_out(letter) or reply,
            reason=NOT_EVERYBODY if left_out else "",
        )
        if left_out:
            record("outgoing.incomplete", letter, to=", ".join(left_out))


def _begin(letter: OutgoingEmail) -> bool:
    """Mark the letter as being sent; False when it has to wait or another has taken it."""
    ours = OutgoingEmail.objects.filter(
        pk=letter.pk, claim=letter.claim, state__in=[State.QUEUED, State.RETRYING]
    )
    begun = ours.exclude(Exists(_before(letter))).update(
        state=State.SENDING,
        attempts=letter.attempts + 1,
        claimed_until=timezone.now() + timedelta(seconds=SENDING_SECONDS),
    )
    if begun:
        letter.attempts += 1
    else:
        ours.update(claimed_until=None)
    return begun == 1


def _before(letter: OutgoingEmail) -> QuerySet[OutgoingEmail]:
    """What the same reader gets first in the same conversation (promise C4).

    A letter whose file could not be made, as its reason says, holds up no other.
    """
    before = OutgoingEmail.objects.filter(
        thread=letter.thread_id,
        to_address=letter.to_address,
        pk__lt=letter.pk,
        state__in=ON_ITS_WAY,
    )
    stuck = Enclosure.objects.missing().filter(letter=OuterRef("pk"))
    return before.exclude(~Q(reason="") & Exists(stuck))


def _settle(
    letter: OutgoingEmail,
    state: str,
    event: str,
    *,
    code: int = 0,
    reply: str = "",
    reason: str = "",
) -> None:
    with transaction.atomic():
        moved = OutgoingEmail.objects.filter(
            pk=letter.pk, claim=letter.claim, state__in=ON_ITS_WAY
        ).update(
            state=state,
            smtp_code=code or None,
            smtp_reply=reply[:200],
            reason=reason[:300],
            claimed_until=None,
            sent_at=timezone.now() if state == State.SENT else None,
        )
        if moved:
            record(event, letter, to=letter.to_address, template=letter.template, reason=reason)


def _refused(letter: OutgoingEmail, error: smtp.Refused) -> bool:
    """Return whether it left all the same: some readers had it before."""
    if len(letter.readers) > 1 and error.receipts:
        _note(letter, error.receipts)
    has_left = len(letter.left_out) < len(letter.receipts)
    if has_left and (error.permanent or not _tries_again(letter)):
        _finish(letter, error.code, error.reply)
        return True
    if error.permanent:
        reason = N_("The server refused this mail for good.")
        _settle(
            letter,
            State.FAILED,
            "outgoing.failed",
            code=error.code,
            reply=error.reply,
            reason=reason,
        )
    else:
        _wait(letter, error.reply, code=error.code)
    return False


def _broken(letter: OutgoingEmail, words: str) -> None:
    """The server may have taken the letter before the line broke."""
    again = letter.policy == OutgoingEmail.Policy.AT_LEAST_ONCE and letter.attempts < COPIES
    if again:
        _wait(letter, words)
    else:
        reason = N_("The line broke after the mail was handed over; it may have been sent.")
        _settle(letter, State.UNCERTAIN, "outgoing.failed", reply=words, reason=reason)


def _wait(letter: OutgoingEmail, words: str, *, code: int = 0) -> None:
    """Try again later, with some chance in it so that not all letters knock at once."""
    now = timezone.now()
    if now - letter.created_at > GIVE_UP_AFTER:
        reason = N_("The server could not be reached for days.")
        _settle(letter, State.FAILED, "outgoing.failed", code=code, reply=words, reason=reason)
        return
    minutes = BACK_OFF_MINUTES[min(letter.attempts, len(BACK_OFF_MINUTES)) - 1]
    seconds = minutes * 60 + secrets.randbelow(15)
    OutgoingEmail.objects.filter(pk=letter.pk, claim=letter.claim, state__in=ON_ITS_WAY).update(
        state=State.RETRYING,
        attempts=letter.attempts,
        next_attempt_at=now + timedelta(seconds=seconds),
        claimed_until=None,
        smtp_code=code or None,
        smtp_reply=words[:200],
    )


def _wait_all(letters: Sequence[OutgoingEmail], error: smtp.Unreachable) -> int:
    """The relay is away: what was not handed over waits. Return how many had left before."""
    ours = OutgoingEmail.objects.filter(claim=letters[0].claim)
    for letter in ours.filter(
        state__in=[State.QUEUED, State.RETRYING], claimed_until__isnull=False
    ):
        letter.attempts += 1
        _wait(letter, str(error), code=error.code)
    return ours.filter(state=State.SENT).count()


def recover(now: datetime) -> int:
    """Look at letters that were being sent when their worker died (promise C3)."""
    stuck = OutgoingEmail.objects.filter(state=State.SENDING, claimed_until__lt=now)
    count = 0
    for letter in stuck:
        _broken(letter, N_("The worker died while it was sending."))
        count += 1
    return count


def due(now: datetime) -> list[int]:
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return list(OutgoingEmail.objects.due(now).filter(free).values_list("pk", flat=True)[:500])
