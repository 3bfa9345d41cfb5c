"""From the bytes of a mail to what the house knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

from emails.automatic import automatic_kind, must_not_answer
from emails.bounces import read_bounce
from emails.data import Address, Automatic, ParsedMail, Part
from emails.encoding import clean, decode_guessing
from emails.headers import (
    NAME_LENGTH,
    addresses,
    author,
    has_header,
    message_ids,
    parameter,
    safe_header,
    sent_at,
)
from emails.html import HTML_BYTES, sanitise, text_of
from emails.mime import Leaf, TooComplex, take_apart
from emails.quoting import reply_text, unwrap
from hbu.lib.reasons import N_

__all__ = ["AMBIGUOUS_SENDER", "TooComplex", "parse"]

AMBIGUOUS_SENDER = N_("ambiguous sender")
TEXT_LENGTH = 1_000_000
BODY_PARTS = 50
"""Text in more parts than these is kept as attachments."""

_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}


@dataclass(frozen=True, slots=True)
class _Body:
    text: str
    html: str
    html_safe: str
    defects: tuple[str, ...]


def parse(raw: bytes, *, own_addresses: frozenset[str] = frozenset()) -> ParsedMail:
    """Return what a mail says. Raises TooComplex beyond the bounds and nothing else.

    What could not be read is named in `defects`.
    """
    anatomy = take_apart(raw)
    head, leaves = anatomy.head, anatomy.leaves
    own = frozenset(address.lower() for address in own_addresses)
    body_leaves = [leaf for leaf in leaves if _is_body(leaf)][:BODY_PARTS]
    body = _read_body(body_leaves)
    subject, sender, reply_to = (
        safe_header(head, "Subject"),
        _sender(head),
        addresses(head, "Reply-To"),
    )
    automatic = automatic_kind(head, sender=sender.address, subject=subject)
    return ParsedMail(
        message_id=next(iter(message_ids(head, "Message-ID")), ""),
        in_reply_to=next(iter(message_ids(head, "In-Reply-To")), ""),
        references=message_ids(head, "References"),
        subject=subject,
        sender=sender,
        reply_to=reply_to,
        to=addresses(head, "To"),
        cc=addresses(head, "Cc"),
        date=sent_at(head),
        text=body.text,
        html=body.html,
        html_safe=body.html_safe,
        reply_text=reply_text(body.text),
        attachments=_attachments(leaves, body_leaves, body.html),
        automatic=automatic,
        bounce=(
            read_bounce(head, leaves, body.text, own_addresses=own)
            if automatic is Automatic.BOUNCE
            else None
        ),
        must_not_answer=must_not_answer(
            head, sender=sender, reply_to=reply_to, automatic=automatic, own_addresses=own
        ),
        defects=tuple(dict.fromkeys([*_defects(head, leaves, body), *anatomy.defects])),
    )


def _sender(head: Message) -> Address:
    """Return the author; without an address where several could be meant (RFC 5322, 3.6.2)."""
    return author(head) or Address(name=safe_header(head, "From")[:NAME_LENGTH], address="")


def _is_body(leaf: Leaf) -> bool:
    if leaf.content_type not in ("text/plain", "text/html") or leaf.disposition == "attachment":
        return False
    # A text with a name is a file, but some programs name even the letter.
    return leaf.number == 1 or not leaf.given_name


def _read_body(leaves: Sequence[Leaf]) -> _Body:
    plain = [(leaf, _plain_text(leaf)) for leaf in leaves if leaf.content_type == "text/plain"]
    written = [(leaf, text) for leaf, text in plain if text.strip()]
    markup = [(leaf, _content(leaf)) for leaf in leaves if leaf.content_type == "text/html"]
    html = "\n".join(content for _, content in markup)
    html_safe, defect = sanitise(html) if html else ("", "")
    # A list's footer in plain text is no version of the letter in HTML before it.
    versions = {leaf.alternative for leaf, _ in written if leaf.alternative}
    only_html = [(leaf, content) for leaf, content in markup if leaf.alternative not in versions]
    text = _joined(written, only_html)
    defects = [
        defect,
        N_("The text is cut after a million characters.") * (len(text) > TEXT_LENGTH),
    ]
    return _Body(
        text=text[:TEXT_LENGTH],
        html=html if len(html) <= HTML_BYTES else "",
        html_safe=html_safe,
        defects=tuple(filter(None, defects)),
    )


def _joined(written: Sequence[tuple[Leaf, str]], only_html: Sequence[tuple[Leaf, str]]) -> str:
    """Return the text of a mail: what is plain, and what is said in HTML alone, in their order."""
    plain = "\n".join(text for _, text in written)
    if not only_html:
        return plain
    laid_out = text_of("\n".join(content for _, content in only_html))
    if not written or _squeezed(laid_out) in _squeezed(plain):
        return plain or laid_out
    html_first = only_html[0][0].number < written[0][0].number
    return f"{laid_out}\n\n{plain}" if html_first else f"{plain}\n\n{laid_out}"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _plain_text(leaf: Leaf) -> str:
    text = _content(leaf)
    if parameter(leaf.head, "Content-Type", "format").lower() != "flowed":
        return text
    delete_space = parameter(leaf.head, "Content-Type", "delsp").lower() == "yes"
    return unwrap(text, delete_space=delete_space)


def _content(leaf: Leaf) -> str:
    return clean(decode_guessing(leaf.payload, leaf.charset))


def _attachments(
    leaves: Sequence[Leaf], body_leaves: Sequence[Leaf], html: str
) -> tuple[Part, ...]:
    in_body = {leaf.number for leaf in body_leaves}
    return tuple(
        Part(
            filename=leaf.filename,
            content_type=leaf.content_type,
            payload=leaf.payload,
            content_id=leaf.content_id,
            # Apple Mail calls any attachment inline; a picture of the letter is one it shows.
            inline=bool(leaf.content_id) and f"cid:{leaf.content_id}" in html,
        )
        for leaf in leaves
        if leaf.number not in in_body
    )


def _defects(head: Message, leaves: Sequence[Leaf], body: _Body) -> list[str]:
    found = {
        N_("The mail has no headers."): not head.keys(),
        AMBIGUOUS_SENDER: author(head) is None,
        N_("The date cannot be read."): has_header(head, "Date") and sent_at(head) is None,
        N_("The text is encrypted or sealed in its signature."): not body.text
        and any(leaf.content_type in _SEALED for leaf in leaves),
    }
    return [defect for defect, present in found.items() if present] + list(body.defects)
