"""A letter as a person composes it, before it is in the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

from django.contrib.auth.models import AbstractUser

from cases.models import Case
from emails.data import File
from emails.models import Email
from hbu.company.models import Company

SPOKEN = ("de", "en")


class Mode(StrEnum):
    REPLY = "reply"
    REPLY_ALL = "reply_all"
    FORWARD = "forward"
    NEW = "new"

    @property
    def answers(self) -> bool:
        """Whether it answers the mail it is about, and the customer with it."""
        return self in (Mode.REPLY, Mode.REPLY_ALL)


@dataclass(frozen=True, slots=True)
class Composed:
    mode: str
    answers: Email | None
    """The mail that is answered or forwarded."""
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    quoted: str = ""
    files: tuple[File, ...] = ()
    language: str = "de"
    template: str = ""
    key: str = field(default_factory=lambda: uuid4().hex)
    """One for each letter: sent twice with the same key it leaves once."""
    invite_rating: bool = True
    """Ask how satisfied the reader is, where the letter resolves the case."""

    @property
    def readers(self) -> tuple[str, ...]:
        return (*self.to, *self.cc, *self.bcc)


def language_of(case: Case, email: Email | None = None) -> str:
    """Return the language in which we write: that of the mail, the last mail, the customer, ours."""
    email = email or last_mail(case)
    found = [
        email.language if email else "",
        case.customer.language if case.customer else "",
        Company.objects.values_list("language", flat=True).first() or "",
    ]
    return next((one for one in found if one in SPOKEN), "en")


def last_mail(case: Case) -> Email | None:
    """The mail that an answer answers: the last one that a person wrote, else the last one."""
    mails = case.emails.order_by("-received_at", "-pk")
    return mails.filter(automatic="", impostor=False).first() or mails.first()


def clerk(user: AbstractUser) -> str:
    return user.get_full_name() or user.get_username()


def unique(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))
