"""Letters that a person wrote: into the outbox as they are, and out a moment later."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from emails.data import File
from emails.models import OutgoingEmail
from emails.services import enclosing, joining
from emails.services.writing import new_message_id
from hbu.journal.recording import record

FORWARDED = "forwarded:"
"""How the cause of a letter begins that hands a mail on and answers nobody."""
UNDO_SECONDS = "undo_seconds"
"""What the event of such a letter says: for so long it may be taken back."""


def queue(letter: OutgoingEmail, files: Sequence[File], *, by: AbstractBaseUser) -> OutgoingEmail:
    """Write a letter that is not saved yet into the outbox. Call inside a transaction.

    Its cause is new: the database refuses a second letter for the same one.
    """
    seconds = settings.HBU_UNDO_SECONDS
    letter.state = OutgoingEmail.State.QUEUED
    letter.weight = OutgoingEmail.Weight.PERSONAL
    letter.message_id = new_message_id(letter.from_address)
    letter.created_by_id = by.pk
    letter.next_attempt_at = timezone.now() + timedelta(seconds=seconds)
    letter.save()
    enclosing.attach(letter, files)
    joining.remember([(letter.message_id, letter.thread_id)])
    said = {UNDO_SECONDS: seconds} if seconds else {}
    record("outgoing.queued", letter, actor=by, to=letter.to_address, **said)
    return letter
