"""Who may join which conversation: the pure part, before any look into the books.

The leads of a mail are asked in order: a letter of ours that came back, the Message-IDs it names,
the case number in its subject, the sender and subject of a machine that names nothing. A lead opens
a door only to those who belong there (`place`): anybody can copy a Message-ID or type a number.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from emails.data import Automatic, Joined, Kind, ParsedMail, without_tag
from emails.threading import (
    OWN_MARK,
    candidates,
    find_token,
    normalised_subject,
    same_topic,
    token_key,
)
from emails.vocabulary.freemail import FREEMAIL

NOTICES_BELONG_TOGETHER_DAYS = 14
# An order or a complaint that a machine sends is one of its own, whatever its subject says.
NOTICES = {Kind.GENERAL, Kind.SUPPLIER, Kind.FEEDBACK, Kind.TECHNICAL, Kind.ORDER_STATUS}

Lead = tuple[str, Joined]


@dataclass(frozen=True, slots=True)
class House:
    """Our own addresses: of mailboxes and departments, and the private ones of staff."""

    addresses: frozenset[str]
    domains: frozenset[str]

    @classmethod
    def of(cls, desks: Iterable[str], staff: Iterable[str] = ()) -> "House":
        ours = frozenset(address.lower() for address in desks if address)
        domains = frozenset(address.rpartition("@")[2] for address in ours)
        private = (address.lower() for address in staff if address)
        return cls(ours.union(private), domains - FREEMAIL)

    def claims(self, address: str) -> bool:
        """Return whether an address is, or would be, one of ours."""
        address = address.lower()
        domain = address.rpartition("@")[2]
        known = not self.addresses.isdisjoint((address, without_tag(address)))
        return known or domain in self.domains


@dataclass(frozen=True, slots=True)
class Author:
    address: str
    customer_id: int | None = None
    person: bool = True
    """Nothing says that a machine wrote the mail."""


@dataclass(slots=True)
class Circle:
    """A conversation as the decision sees it: who takes part, and the subjects it has had."""

    addresses: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    customers: set[int] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)

    def welcome(self, addresses: Iterable[str], customer_id: int | None, house: House) -> None:
        strangers = {one.lower() for one in addresses if one and not house.claims(one)}
        self.addresses |= strangers
        self.domains |= {one.rpartition("@")[2] for one in strangers} - FREEMAIL
        if customer_id:
            self.customers.add(customer_id)

    def holds(self, author: Author) -> bool:
        """Return whether the author takes part, or is of a company that does."""
        address = author.address.lower()
        return bool(address) and (
            address in self.addresses
            or address.rpartition("@")[2] in self.domains
            or author.customer_id in self.customers
        )


C = TypeVar("C", bound=Circle)
_NAMED = (Joined.PROOF, Joined.REFERENCE)
_SOLID = (Joined.PROOF, Joined.NUMBER)


@dataclass(frozen=True, slots=True)
class Place(Generic[C]):
    """Where a mail belongs: to `circle`, else to a conversation of its own."""

    circle: C | None = None
    how: Joined | None = None
    possibly: C | None = None
    """Where it says that it belongs, while its sender does not."""
    new_topic: bool = False
    new_participant: bool = False
    impostor: bool = False
    """It goes into a conversation under one of our own addresses, and we did not send it."""


@dataclass(frozen=True, slots=True)
class Books(Generic[C]):
    """What is known of the leads of some mails."""

    house: House
    known: dict[str, C]
    """The conversation behind a Message-ID, a case number or a notice."""
    seen: set[str]
    """Message-IDs of mails and letters that we have; others are only named by somebody."""


def place(mail: ParsedMail, leads: Iterable[Lead], author: Author, books: Books[C]) -> Place[C]:
    """Follow the first lead that the author may follow; name the first that is closed to him."""
    found = [(books.known[key], how, key) for key, how in leads if key in books.known]
    if returned := [circle for circle, how, _ in found if how is Joined.LETTER]:
        return Place(returned[0], Joined.LETTER)
    inside = books.house.claims(author.address)
    # What two strangers both name, such as a newsletter, says nothing about either.
    solid = [(circle, how) for circle, how, key in found if key in books.seen or how in _SOLID]
    if inside:
        named = (one for one in solid if one[1] in _NAMED)
        circle, how = next(named, (None, None))
        possibly = solid[0][0] if solid and circle is None else None
        return Place(circle, how, possibly, impostor=author.person and bool(solid))
    for circle, how, _ in found:
        if how is Joined.PROOF or circle.holds(author):
            return _joined(mail, circle, how, author)
    return Place(possibly=solid[0][0] if solid else None)


def _joined(mail: ParsedMail, circle: C, how: Joined, author: Author) -> Place[C]:
    answers = author.person and how in _NAMED
    return Place(
        circle,
        how,
        new_topic=answers and not same_topic(mail.subject, circle.topics),
        new_participant=author.person and not circle.holds(author),
    )


def leads_of(mail: ParsedMail, *, signed: Callable[[str], bool], alone: bool) -> Iterator[Lead]:
    """Yield what may lead a mail to its conversation, the surest first.

    `signed` tells whether we made a Message-ID; `alone` that no other mail has this one's, so that
    answers which came before it may lead it to them (anybody can borrow an id that is taken).
    """
    own = (mail.letter_reference, mail.message_id)
    yield from ((one, Joined.LETTER) for one in own if one and signed(one))
    reported = mail.bounce.original_message_id if mail.bounce else ""
    if reported and signed(reported):
        yield reported, Joined.PROOF
    for one in candidates(mail):
        yield one, Joined.PROOF if signed(one) else Joined.REFERENCE
    if alone and mail.message_id and not mail.message_id.startswith(f"<{OWN_MARK}"):
        yield mail.message_id, Joined.REFERENCE
    if token := find_token(mail.subject):
        yield token_key(token), Joined.NUMBER


def notice_key(mail: ParsedMail, kind: str) -> str:
    """Return what notices of one machine about one thing have in common; "" for other mail."""
    subject = normalised_subject(mail.subject)
    named = mail.references or mail.in_reply_to
    grouped = mail.automatic is Automatic.BULK and kind in NOTICES and not named
    return f"{mail.sender.address}\n{subject}" if grouped and subject else ""


def only_a_copy(mail: ParsedMail, house: House) -> bool:
    """Return whether others are addressed and we may read it, too."""
    ours = (house.claims(one.address) for one in mail.to)
    return bool(mail.to) and not any(ours) and any(house.claims(one.address) for one in mail.cc)
