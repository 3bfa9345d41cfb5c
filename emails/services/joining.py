"""Which thread a mail belongs to, for a chunk of mails at once."""

from collections.abc import Iterable, Sequence

from emails.belonging import Books, House, Place, only_a_copy, place
from emails.data import Joined, ParsedMail
from emails.models import Email, OutgoingEmail, Reference, Thread
from emails.services import conversations
from emails.services.conversations import Conversation, Entry, is_our_letter
from emails.threading import candidates
from hbu.journal.recording import record_many
from hbu.lib.reasons import N_

__all__ = [
    "FIELDS",
    "SILENCES",
    "TO_A_NOTICE",
    "TWIN",
    "is_our_letter",
    "join",
    "remember",
    "silence",
]

TWIN = N_("Another mail has the same Message-ID.")
INSIDE = N_("It comes from our own house, or says so.")
COPY = N_("It is addressed to somebody else, and we got a copy.")
TO_A_NOTICE = N_("A colleague answers a notice of the house: it belongs into the case itself.")
SILENCES = (INSIDE, COPY, TO_A_NOTICE)
FIELDS = ("thread", "joined_by", "possibly_of", "new_topic", "new_participant", "impostor")


def join(pairs: Sequence[tuple[Email, ParsedMail]], *, own: Iterable[str]) -> None:
    """Set each mail's thread: the one its leads open to its sender, or a new one.

    All references are remembered, also of mails we never saw, so that later answers which share
    an ancestor meet here (zammad issue 5716). `own`: the addresses of our mailboxes and
    departments. Call inside the transaction that saves the mails.
    """
    entries = [Entry.of(email, mail) for email, mail in pairs]
    books = conversations.read(entries, own)
    known_before = set(books.known)
    places = [(entry, _find(entry, books)) for entry in entries]
    _set_apart(entries, books)
    _open(places)
    remember((one, entry.email.thread_id) for entry in entries for one in entry.ids)
    _follow_the_faster(entries, known_before, own)
    _tell(entries)


def _find(entry: Entry, books: Books[Conversation]) -> Conversation:
    """Decide on one mail, in the light of those before it in the chunk."""
    email, mail = entry.email, entry.mail
    found = place(mail, entry.leads(books.seen), entry.author, books)
    conversation = found.circle or conversations.begin(mail)
    _note(entry, found)
    if email.message_id in books.seen and TWIN not in email.defects:
        # Promise A10: named, never suppressed.
        email.defects = [*email.defects, TWIN]
    email.must_not_answer = email.must_not_answer or silence(mail, books.house)
    conversations.enter(entry, conversation, books)
    return conversation


def _set_apart(entries: Sequence[Entry], books: Books[Conversation]) -> None:
    """Mark what staff answer to notices of ours: mail never acts in their name (promise D3)."""
    inside = [entry for entry in entries if books.house.claims(entry.mail.sender.address)]
    named = {one for entry in inside for one in candidates(entry.mail) if is_our_letter(one)}
    if not named:
        return
    rows = OutgoingEmail.objects.filter(message_id__in=named, weight=OutgoingEmail.Weight.NOTICE)
    notices = set(rows.values_list("message_id", flat=True))
    for entry in inside:
        if not notices.isdisjoint(candidates(entry.mail)):
            entry.email.must_not_answer = TO_A_NOTICE


def _note(entry: Entry, found: Place[Conversation]) -> None:
    email = entry.email
    ours = is_our_letter(entry.mail.letter_reference) or is_our_letter(email.message_id)
    email.joined_by = Joined.LETTER if ours else found.how or ""
    email.possibly_of = found.possibly.thread if found.possibly and entry.author.person else None
    email.new_topic, email.new_participant = found.new_topic, found.new_participant
    email.impostor = found.impostor and not ours


def silence(mail: ParsedMail, house: House) -> str:
    """Return why no machine may answer a mail, from what the house knows of its addresses."""
    if house.claims(mail.sender.address):
        return INSIDE
    return COPY if only_a_copy(mail, house) else ""


def _open(places: Sequence[tuple[Entry, Conversation]]) -> None:
    """Give the conversations that begin here their rows, and the mails their keys."""
    threads = {id(one.thread): one.thread for _, one in places}
    Thread.objects.bulk_create(thread for thread in threads.values() if thread.pk is None)
    for entry, conversation in places:
        entry.email.thread = conversation.thread
        # The key of a new thread exists only now; assigning again copies it to the mail.
        entry.email.possibly_of = entry.email.possibly_of


def _follow_the_faster(
    entries: Sequence[Entry], known_before: set[str], own: Iterable[str]
) -> None:
    """Move to the thread of a worker who committed the same references before us.

    Where writers do not wait for each other from the start (PostgreSQL), both may have opened a
    thread; only one of them could keep the reference.
    """
    threads = {entry.email.thread_id for entry in entries}
    new = {one for entry in entries for one in entry.ids} - known_before
    lost = Reference.objects.filter(message_id__in=new).exclude(thread__in=threads)
    taken = set(lost.values_list("message_id", flat=True))
    late = [entry for entry in entries if not taken.isdisjoint(entry.ids)]
    if not late:
        return
    books = conversations.read(late, own)
    for entry in late:
        found = place(entry.mail, entry.leads(books.seen), entry.author, books)
        if found.circle is not None and found.circle.thread.pk != entry.email.thread_id:
            ours = Reference.objects.filter(message_id__in=entry.ids, thread=entry.email.thread_id)
            ours.update(thread=found.circle.thread)
            entry.email.thread = found.circle.thread
            _note(entry, found)


def _tell(entries: Sequence[Entry]) -> None:
    record_many(
        "email.spoof_suspected",
        (
            (entry.email, {"address": entry.email.from_address})
            for entry in entries
            if entry.email.impostor
        ),
    )


def remember(keys: Iterable[tuple[str, int | None]]) -> None:
    """Make Message-IDs and case numbers lead to their threads; those that lead somewhere stay."""
    Reference.objects.bulk_create(
        (Reference(message_id=one, thread_id=thread) for one, thread in keys if thread),
        ignore_conflicts=True,
    )
