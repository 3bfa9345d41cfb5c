"""A mail as those see it who decide whether a machine wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property

from emails.data import Address
from emails.headers import addresses, media_type, parameter, safe_header
from emails.mime import Leaf

OPENING = 6000
"""Characters in which a machine has said what it has to say."""


@dataclass(frozen=True)
class Incoming:
    head: Message = field(repr=False)
    leaves: Sequence[Leaf] = field(repr=False)
    subject: str
    sender: Address
    text: str
    own_words: str
    own_addresses: frozenset[str] = frozenset()
    """In small letters."""

    @cached_property
    def opening(self) -> str:
        """How the text begins, in small letters, on one line."""
        return _plain(self.text)

    @cached_property
    def said(self) -> str:
        """How the writer's own words begin, in small letters, on one line."""
        return _plain(self.own_words)

    @cached_property
    def has_null_path(self) -> bool:
        return safe_header(self.head, "Return-Path").replace(" ", "") == "<>"

    @cached_property
    def report_type(self) -> str | None:
        """What a multipart/report reports on (RFC 6522); None for any other mail."""
        if media_type(self.head) != "multipart/report":
            return None
        return parameter(self.head, "Content-Type", "report-type").lower()

    @cached_property
    def to(self) -> frozenset[str]:
        found = (*addresses(self.head, "To"), *addresses(self.head, "Cc"))
        return frozenset(one.address.lower() for one in found)


def _plain(text: str) -> str:
    return " ".join(text[:OPENING].lower().replace("’", "'").split())
