"""What a person does about a mail that could not be worked on: try again, or let it be."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from emails.models import Email
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_


def retry(email: Email, *, by: AbstractBaseUser) -> None:
    """Put the mail back to where it failed; the sweep finds it there. Raises DomainError."""
    state = email.failed_in or Email.State.RECEIVED
    _leave(email, "email.retried", by, state=state, stage=state, error=email.error)


def dismiss(email: Email, *, by: AbstractBaseUser, reason: str) -> None:
    """Nobody needs to look at this mail again. Raises DomainError."""
    if not reason.strip():
        raise DomainError("email.no_reason", N_("Say why the mail is dismissed."), status=400)
    _leave(
        email,
        "email.dismissed",
        by,
        state=Email.State.DISMISSED,
        reason=reason.strip(),
        error=email.error,
    )


def _leave(email: Email, kind: str, by: AbstractBaseUser, *, state: str, **told: str) -> None:
    with transaction.atomic():
        moved = (
            Email.objects.quarantined()
            .filter(pk=email.pk)
            .update(state=state, attempts=0, failed_in="", error="", claim=None, claimed_until=None)
        )
        if not moved:
            raise DomainError("email.not_quarantined", N_("This mail is no longer in quarantine."))
        record(kind, email, actor=by, **told)
    email.refresh_from_db()
