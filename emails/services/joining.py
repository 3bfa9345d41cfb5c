"""Which thread a mail belongs to, for a chunk of mails at once."""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings

from emails.data import ParsedMail
from emails.models import Email, Reference, Thread
from emails.threading import candidates, is_own, normalised_subject
from hbu.lib.reasons import N_

TWIN = N_("Another mail has the same Message-ID.")


def join(pairs: Sequence[tuple[Email, ParsedMail]]) -> None:
    """Set each mail's thread: the one its references lead to, or a new one.

    All references are remembered, also of mails we never saw, so that later answers which share
    an ancestor meet here (zammad issue 5716). Call inside the transaction that saves the mails.
    """
    ids = {email.pk: _ids(mail) for email, mail in pairs}
    known = _known(one for own in ids.values() for one in own)
    fresh: list[Thread] = []
    for email, mail in pairs:
        thread = next((known[one] for one in _leads(mail) if one in known), None)
        if thread is None:
            thread = Thread(subject=normalised_subject(mail.subject)[:300])
            fresh.append(thread)
        for message_id in ids[email.pk]:
            known.setdefault(message_id, thread)
        email.thread = thread
    Thread.objects.bulk_create(fresh)
    for email, _ in pairs:
        # The key of a new thread exists only now; assigning again copies it to the mail.
        email.thread = email.thread
    remember((one, email.thread_id) for email, _ in pairs for one in ids[email.pk])
    _follow_the_faster(pairs, ids)
    _note_twins([email for email, _ in pairs])


def _follow_the_faster(
    pairs: Sequence[tuple[Email, ParsedMail]], ids: Mapping[int, Sequence[str]]
) -> None:
    """Move to the thread of a worker who committed the same references before us.

    Where writers do not wait for each other from the start (PostgreSQL), both may have opened a
    thread; only one of them could keep the reference.
    """
    known = _known(one for own in ids.values() for one in own)
    for email, mail in pairs:
        thread = next((known[one] for one in _leads(mail) if one in known), None)
        if thread is not None and thread.pk != email.thread_id:
            ours = Reference.objects.filter(message_id__in=ids[email.pk], thread=email.thread_id)
            ours.update(thread=thread)
            email.thread = thread


def _note_twins(emails: Sequence[Email]) -> None:
    """Name in its defects a mail whose Message-ID another one has (promise A10)."""
    others = Email.objects.exclude(pk__in=[email.pk for email in emails])
    ids = {email.message_id for email in emails if email.message_id}
    taken = set(others.filter(message_id__in=ids).values_list("message_id", flat=True))
    for email in emails:
        if email.message_id in taken and TWIN not in email.defects:
            email.defects = [*email.defects, TWIN]
        if email.message_id:
            taken.add(email.message_id)


def remember(message_ids: Iterable[tuple[str, int | None]]) -> None:
    """Make Message-IDs lead to their threads; those that lead somewhere already stay."""
    Reference.objects.bulk_create(
        (Reference(message_id=one, thread_id=thread) for one, thread in message_ids if thread),
        ignore_conflicts=True,
    )


def _known(ids: Iterable[str]) -> dict[str, Thread]:
    rows = Reference.objects.filter(message_id__in=set(ids)).select_related("thread")
    return {row.message_id: row.thread for row in rows}


def _leads(mail: ParsedMail) -> tuple[str, ...]:
    """The ids that may lead to a thread; a mail's own id only when it is a letter of ours.

    Anybody can write a Message-ID of somebody else on a mail, but only we can sign one.
    """
    own = mail.message_id if is_our_letter(mail.message_id) else ""
    return tuple(one for one in (own, *candidates(mail)) if one)


def _ids(mail: ParsedMail) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in (mail.message_id, *candidates(mail)) if one))


def is_our_letter(message_id: str) -> bool:
    """Return whether the Message-ID is one that this house signed."""
    domain = message_id.strip("<>").rpartition("@")[2]
    return is_own(message_id, settings.HBU_MESSAGE_ID_KEY.encode(), domain)
