"""Whom a letter goes to: addresses as people type them, checked and without doubles."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agents.models import Department
from emails.models import Email, Mailbox
from hbu.company.models import Company
from hbu.lib.addresses import address_key, without_tag
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MOST_READERS = 20
LONGEST = 254
QUOTED_NAME = re.compile(r'"[^"]*"')
SEPARATOR = re.compile(r"[,;\r\n]+")
IN_BRACKETS = re.compile(r"<([^<>]*)>")
NO_ADDRESS = N_("This is no mail address")


def typed(text: str) -> tuple[str, ...]:
    """Return the addresses in a field, unchecked: `Anna <a@x.de>, b@y.de; c@z.de`."""
    pieces = (piece.strip() for piece in SEPARATOR.split(QUOTED_NAME.sub("", text)))
    bare = (_bare(piece) for piece in pieces if piece)
    return tuple(dict.fromkeys(one for one in bare if one))


def _bare(piece: str) -> str:
    found = IN_BRACKETS.search(piece)
    return (found[1] if found else piece).strip()


def checked(to: Iterable[str], cc: Iterable[str], bcc: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the three lists as they are written on the envelope: each reader once, in the first
    place where he or she stands. Raises DomainError."""
    known: set[str] = set()
    lists = []
    for several in (to, cc, bcc):
        fresh = []
        for one in several:
            address = _checked(one)
            if address_key(address) not in known:
                known.add(address_key(address))
                fresh.append(address)
        lists.append(tuple(fresh))
    if not known:
        raise DomainError("letter.nobody", N_("Say whom the letter goes to."), status=400)
    if len(known) > MOST_READERS:
        raise DomainError("letter.too_many", N_("A letter has twenty readers at most."), status=400)
    return lists


def _checked(address: str) -> str:
    """Raises DomainError; what holds a line break is no address (promise C7)."""
    local, _, domain = address.strip().rpartition("@")
    found = f"{local}@{domain.lower()}"
    try:
        validate_email(found)
    except ValidationError:
        found = ""
    # Letters outside ASCII before the @ need servers that speak SMTPUTF8.
    if not found or len(found) > LONGEST or not local.isascii():
        told = " ".join(address.split())[:80]
        raise DomainError("letter.address", f"{NO_ADDRESS}: {told}", status=400)
    return found


def everybody_else(email: Email, answered: Iterable[str]) -> tuple[str, ...]:
    """Who else got the mail: without ourselves, and without whom we answer anyway."""
    left_out = ours() | {_key(one) for one in answered}
    found: dict[str, str] = {}
    for entry in (*email.to, *email.cc):
        address = str(entry.get("address", ""))
        if "@" in address and _key(address) not in left_out:
            found.setdefault(_key(address), address)
    return tuple(found.values())


def ours() -> set[str]:
    """The addresses under which we read mail, in the form in which they are compared."""
    addresses = {
        *Mailbox.objects.values_list("address", flat=True),
        *Department.objects.values_list("address", flat=True),
        *Company.objects.values_list("email", flat=True),
    }
    return {_key(one) for one in addresses if one}


def is_ours(address: str) -> bool:
    return _key(address) in ours()


def _key(address: str) -> str:
    return without_tag(address_key(address))
