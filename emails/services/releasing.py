"""What people decide about letters: let go, stopped, taken back."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.services import remembering
from emails.models import OutgoingEmail
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

State = OutgoingEmail.State


def release(letter: OutgoingEmail, *, by: AbstractBaseUser) -> None:
    """A person lets a letter go that waited, failed or was withheld. Raises DomainError."""
    allowed = OutgoingEmail.RELEASABLE
    with transaction.atomic():
        moved = OutgoingEmail.objects.filter(pk=letter.pk, state__in=allowed).update(
            state=State.QUEUED,
            approved_by=by,
            attempts=0,
            next_attempt_at=timezone.now(),
            claimed_until=None,
            created_at=timezone.now(),
        )
        if not moved:
            raise DomainError("outgoing.not_waiting", N_("This mail no longer waits for anybody."))
        record("outgoing.queued", letter, actor=by, to=letter.to_address, released=True)
        if letter.answers is not None and _is_an_agents(letter):
            remembering.confirmed(letter.answers.pk, letter.answers.from_address)


def take_back(letter: OutgoingEmail, *, by: AbstractBaseUser) -> None:
    """Whoever wrote a letter thinks again, before anybody holds it. Raises DomainError."""
    with transaction.atomic():
        free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
        ours = OutgoingEmail.objects.filter(
            free, pk=letter.pk, state=State.QUEUED, attempts=0, created_by_id=by.pk
        )
        if not ours.update(state=State.ABORTED, claimed_until=None):
            raise DomainError("outgoing.too_late", N_("It is on its way already."))
        record("outgoing.aborted", letter, actor=by, to=letter.to_address)
    letter.refresh_from_db()


def abort(letter: OutgoingEmail, *, by: AbstractBaseUser) -> None:
    """A person decides that a letter shall not leave. Raises DomainError when it is too late."""
    allowed = OutgoingEmail.ABORTABLE
    with transaction.atomic():
        if not OutgoingEmail.objects.filter(pk=letter.pk, state__in=allowed).update(
            state=State.ABORTED, approved_by=by, claimed_until=None
        ):
            raise DomainError("outgoing.too_late", N_("This mail is on its way already."))
        record("outgoing.aborted", letter, actor=by, to=letter.to_address)
        if letter.answers is not None and _is_an_agents(letter):
            remembering.corrected(letter.answers.pk, letter.answers.from_address)


def _is_an_agents(letter: OutgoingEmail) -> bool:
    """What tells of orders and parcels is written by the books."""
    return letter.created_by_id is None and letter.cause == f"email:{letter.answers_id}"
