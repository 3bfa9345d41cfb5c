"""A person sorts conversations: a mail is split off, a conversation goes into another one."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from emails.data import Joined
from emails.models import Email, OutgoingEmail, Reference, Thread
from emails.threading import normalised_subject
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_


@dataclass(frozen=True, slots=True)
class Split:
    """What left a conversation for one of its own."""

    source: Thread
    thread: Thread
    emails: tuple[Email, ...]


def split_off(email: Email, *, by: AbstractBaseUser) -> Split:
    """Move a mail, and what answers it, to a thread of its own; call in a transaction.

    Raises DomainError where nothing would stay behind, or somebody moved the mail meanwhile.
    """
    must_be_handled(email)
    source = _held(email)
    mails = list(source.emails.order_by("pk"))
    moved = _branch(email, mails)
    if len(moved) == len(mails):
        raise DomainError("thread.nothing_left", N_("It is the beginning of its conversation."))
    pks = [one.pk for one in moved]
    thread = Thread.objects.create(subject=normalised_subject(email.subject)[:300])
    letters = OutgoingEmail.objects.filter(thread=source, answers__in=pks)
    ids = {one.message_id for one in moved} | set(letters.values_list("message_id", flat=True))
    letters.update(thread=thread)
    Reference.objects.filter(thread=source, message_id__in=ids - {""}).update(thread=thread)
    Email.objects.filter(pk__in=pks).update(thread=thread)
    Email.objects.filter(pk=email.pk).update(
        joined_by=Joined.PERSON, new_topic=False, new_participant=False, possibly_of=source
    )
    record("email.split_off", email, actor=by, subject=email.subject)
    return Split(source, thread, tuple(moved))


def _branch(email: Email, mails: Collection[Email]) -> list[Email]:
    """Return the mail and, of those that came later, the ones that go back to it."""
    branch, ids = [email], {email.message_id} - {""}
    letters = OutgoingEmail.objects.filter(thread=email.thread_id, answers__isnull=False)
    answers: dict[int | None, set[str]] = {}
    for answered, message_id in letters.values_list("answers_id", "message_id"):
        answers.setdefault(answered, set()).add(message_id)
    ids |= answers.get(email.pk, set())
    for one in mails:
        if one.pk > email.pk and not ids.isdisjoint((one.in_reply_to, *one.references)):
            branch.append(one)
            ids |= ({one.message_id} - {""}) | answers.get(one.pk, set())
    return branch


def redirect(key: str, thread: Thread) -> None:
    """Let a Message-ID or a case number lead to another thread from now on."""
    Reference.objects.filter(message_id=key).update(thread=thread)


def merge(email: Email, target: Thread, *, by: AbstractBaseUser) -> Thread:
    """Put the whole thread of a mail into another one; return the one that is empty now.

    Later answers to either meet there. Call in a transaction. Raises DomainError for a thread and
    itself, or when somebody moved the mail meanwhile.
    """
    source = _held(email, target)
    _pour(source, target, by)
    return source


def merge_threads(source: Thread, target: Thread, *, by: AbstractBaseUser) -> None:
    """Put a whole thread into another one. Call in a transaction. Raises DomainError."""
    list(Thread.objects.select_for_update().filter(pk__in=[source.pk, target.pk]).order_by("pk"))
    _pour(source, target, by)


def _pour(source: Thread, target: Thread, by: AbstractBaseUser) -> None:
    if source.pk == target.pk:
        raise DomainError("thread.same", N_("It is in that conversation already."))
    Email.objects.filter(thread=source, joined_by="").update(joined_by=Joined.PERSON)
    for rows in (Email.objects, OutgoingEmail.objects, Reference.objects):
        rows.filter(thread=source).update(thread=target)
    # Whoever wanted to go to either of them has arrived.
    Email.objects.filter(thread=target, possibly_of__in=[source, target]).update(possibly_of=None)
    Email.objects.filter(possibly_of=source).update(possibly_of=target)
    record("thread.merged", source, actor=by, to=str(target))


def must_be_handled(email: Email) -> None:
    """Raise DomainError for a mail that is still on its way: it has no case yet."""
    if email.state != Email.State.HANDLED:
        raise DomainError("email.in_work", N_("This mail is still being worked on."))


def keep(email: Email, *, by: AbstractBaseUser) -> None:
    """A mail is right where it is: its questions are answered. Raises DomainError."""
    with transaction.atomic():
        asked = Email.objects.questionable().filter(pk=email.pk)
        if not asked.update(new_topic=False, possibly_of=None, new_participant=False):
            raise DomainError("email.unquestioned", N_("Nobody asks about this mail any more."))
        record("email.kept", email, actor=by)
    email.refresh_from_db()


def _held(email: Email, *others: Thread) -> Thread:
    """Lock the thread that a mail is in, and others; return it. Raises DomainError."""
    keys = [email.thread_id or 0, *(one.pk for one in others)]
    # In one order, so that two people who merge crosswise do not wait for each other.
    list(Thread.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    source = Thread.objects.filter(pk=keys[0], emails=email).first()
    if source is None:
        raise DomainError("email.moved", N_("Somebody moved this mail meanwhile."))
    return source
