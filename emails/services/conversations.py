"""The conversations that the leads of some mails may open, read with a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone

from emails.belonging import (
    NOTICES_BELONG_TOGETHER_DAYS,
    Author,
    Books,
    Circle,
    House,
    Lead,
    leads_of,
    notice_key,
)
from emails.data import Joined, ParsedMail
from emails.models import Email, OutgoingEmail, Reference, Thread
from emails.threading import candidates, is_own, normalised_subject, topic


@dataclass(slots=True)
class Conversation(Circle):
    """A thread with what the decision needs to know of it."""

    thread: Thread = field(default_factory=Thread)


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail that looks for its conversation."""

    email: Email
    mail: ParsedMail
    notice: str

    @classmethod
    def of(cls, email: Email, mail: ParsedMail) -> "Entry":
        return cls(email, mail, notice_key(mail, email.kind))

    @property
    def ids(self) -> tuple[str, ...]:
        """All Message-IDs that lead to it from now on: its own, and all that it names."""
        ids = (self.mail.message_id, *candidates(self.mail))
        return tuple(dict.fromkeys(one for one in ids if one))

    @property
    def author(self) -> Author:
        person = not self.mail.automatic
        return Author(self.mail.sender.address, self.email.customer_id, person)

    def leads(self, seen: Collection[str]) -> list[Lead]:
        alone = self.mail.message_id not in seen
        leads = list(leads_of(self.mail, signed=is_our_letter, alone=alone))
        return [*leads, (self.notice, Joined.SUBJECT)] if self.notice else leads


def is_our_letter(message_id: str) -> bool:
    """Return whether the Message-ID is one that this house signed."""
    domain = message_id.strip("<>").rpartition("@")[2]
    return is_own(message_id, settings.HBU_MESSAGE_ID_KEY.encode(), domain)


def read(entries: Sequence[Entry], own: Iterable[str]) -> Books[Conversation]:
    """Look up the leads of the mails, and who takes part in the conversations behind them."""
    house = our_house(own)
    seen = _seen(entries)
    leads = (key for entry in entries for key, _ in entry.leads(seen))
    ids = (one for entry in entries for one in entry.ids)
    threads = _referred({*leads, *ids}) | _noticed(entries)
    conversations = {row.pk: Conversation(thread=row) for row in threads.values()}
    _welcome(conversations, house)
    known = {key: conversations[row.pk] for key, row in threads.items()}
    return Books(house, known, seen)


def our_house(own: Iterable[str]) -> House:
    """Return what is ours: the addresses of mailboxes and departments, and those of staff."""
    staff = get_user_model().objects.filter(is_staff=True).exclude(email="")
    return House.of(own, staff.values_list("email", flat=True))


def _seen(entries: Sequence[Entry]) -> set[str]:
    """Those of the ids under which a mail came before."""
    others = Email.objects.exclude(pk__in=[entry.email.pk for entry in entries])
    ids = {one for entry in entries for one in entry.ids}
    return set(others.filter(message_id__in=ids).values_list("message_id", flat=True))


def _referred(keys: Collection[str]) -> dict[str, Thread]:
    rows = Reference.objects.filter(message_id__in=keys).select_related("thread")
    return {row.message_id: row.thread for row in rows}


def _noticed(entries: Sequence[Entry]) -> dict[str, Thread]:
    """The threads of notices whose machines sent the like before, begun not long ago."""
    notices = {entry.notice: entry.mail for entry in entries if entry.notice}
    if not notices:
        return {}
    since = timezone.now() - timedelta(days=NOTICES_BELONG_TOGETHER_DAYS)
    rows = Thread.objects.filter(
        emails__from_address__in={mail.sender.address for mail in notices.values()},
        emails__received_at__gte=since,
        started_at__gte=since,
        subject__in={_title(mail) for mail in notices.values()},
    ).annotate(sender=F("emails__from_address"))
    found = {(vars(row)["sender"], row.subject): row for row in rows.order_by("pk").distinct()}
    wanted = ((key, (mail.sender.address, _title(mail))) for key, mail in notices.items())
    return {key: found[what] for key, what in wanted if what in found}


def _welcome(conversations: Mapping[int, Conversation], house: House) -> None:
    """Let those take part who wrote, who were written to and who got a copy."""
    mails = Email.objects.filter(thread__in=conversations, impostor=False).values_list(
        "thread_id", "from_address", "reply_to", "to", "cc", "customer_id", "subject"
    )
    for thread, sender, reply_to, to, cc, customer, subject in mails.order_by().distinct():
        addresses = (sender, reply_to, *(one["address"] for one in (*to, *cc)))
        conversations[thread].welcome(addresses, customer, house)
        conversations[thread].topics.add(topic(subject))
    letters = OutgoingEmail.objects.filter(thread__in=conversations)
    written = letters.values_list("thread_id", "to_address", "subject").order_by().distinct()
    for thread, address, subject in written:
        conversations[thread].welcome([address], None, house)
        conversations[thread].topics.add(topic(subject))


def begin(mail: ParsedMail) -> Conversation:
    return Conversation(thread=Thread(subject=_title(mail)))


def _title(mail: ParsedMail) -> str:
    return normalised_subject(mail.subject)[:300]


def enter(entry: Entry, conversation: Conversation, books: Books[Conversation]) -> None:
    """Let the mails that follow in the same chunk find this one."""
    mail = entry.mail
    known = dict.fromkeys((*entry.ids, entry.notice), conversation)
    books.known.update((key, one) for key, one in known.items() if key and key not in books.known)
    if mail.message_id:
        books.seen.add(mail.message_id)
    if not entry.email.impostor:
        addresses = (one.address for one in (mail.sender, *mail.reply_to, *mail.to, *mail.cc))
        conversation.welcome(addresses, entry.email.customer_id, books.house)
        conversation.topics.add(topic(mail.subject))
