"""From the bytes of a mail to what the house knows of it."""

from collections.abc import Sequence
from email.message import Message

from emails.automatic import judge, must_not_answer
from emails.bodies import ENCRYPTED, Body, attachments, read_body
from emails.bounces import read_bounce, read_complaint
from emails.data import Address, Automatic, Bounce, ParsedMail
from emails.headers import (
    NAME_LENGTH,
    addresses,
    author,
    has_header,
    message_id,
    message_ids,
    parameter,
    safe_header,
    sent_at,
)
from emails.incoming import Incoming
from emails.mime import Leaf, TooComplex, take_apart
from emails.quoting import own_words
from emails.threading import LETTER_HEADER, is_answer
from emails.trust import Checker
from emails.trust import judge as judge_sender
from hbu.lib.reasons import N_

__all__ = ["AMBIGUOUS_SENDER", "TooComplex", "parse"]

AMBIGUOUS_SENDER = N_("ambiguous sender")
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}


def parse(
    raw: bytes,
    *,
    own_addresses: frozenset[str] = frozenset(),
    checker: Checker | None = None,
) -> ParsedMail:
    """Return what a mail says. Raises TooComplex beyond the bounds and nothing else.

    What could not be read is named in `defects`. `checker`: our server that checks senders.
    """
    anatomy = take_apart(raw)
    head, leaves = anatomy.head, anatomy.leaves
    own = frozenset(address.lower() for address in own_addresses)
    body = read_body(leaves)
    subject, sender, reply_to = (
        safe_header(head, "Subject"),
        _sender(head),
        addresses(head, "Reply-To"),
    )
    own_text = own_words(body.text, body.html, is_answer=is_answer(subject))
    incoming = Incoming(head, leaves, subject, sender, body.text, own_text.words, own)
    automatic, why_automatic = judge(incoming)
    date = sent_at(head)
    undated = has_header(head, "Date") and date is None
    return ParsedMail(
        message_id=message_id(head),
        in_reply_to=next(iter(message_ids(head, "In-Reply-To")), ""),
        references=message_ids(head, "References"),
        letter_reference=next(iter(message_ids(head, LETTER_HEADER)), ""),
        subject=subject,
        sender=sender,
        reply_to=reply_to,
        to=addresses(head, "To"),
        cc=addresses(head, "Cc"),
        date=date,
        text=body.text,
        html=body.html,
        html_safe=body.html_safe,
        reply_text=own_text.words,
        signature=own_text.signature,
        attachments=attachments(leaves, body),
        automatic=automatic,
        bounce=_report(incoming, automatic),
        trust=judge_sender(head, sender.address, checker),
        must_not_answer=must_not_answer(incoming, reply_to=reply_to, why_automatic=why_automatic),
        defects=tuple(
            dict.fromkeys(
                [*_defects(head, sender, leaves, body, undated=undated), *anatomy.defects]
            )
        ),
    )


def _report(incoming: Incoming, automatic: Automatic | None) -> Bounce | None:
    if automatic is Automatic.FEEDBACK_REPORT:
        return read_complaint(incoming)
    return read_bounce(incoming) if automatic is Automatic.BOUNCE else None


def _sender(head: Message) -> Address:
    """Return the author; without an address where several could be meant (RFC 5322, 3.6.2)."""
    return author(head) or Address(name=safe_header(head, "From")[:NAME_LENGTH], address="")


def _defects(
    head: Message, sender: Address, leaves: Sequence[Leaf], body: Body, *, undated: bool
) -> list[str]:
    found = {
        N_("The mail has no headers."): not head.keys(),
        AMBIGUOUS_SENDER: not sender.address,
        N_("The date cannot be read."): undated,
        ENCRYPTED: any(_is_sealed(leaf) and (leaf.number == 1 or not body.text) for leaf in leaves),
    }
    return [defect for defect, present in found.items() if present] + list(body.defects)


def _is_sealed(leaf: Leaf) -> bool:
    kind = parameter(leaf.head, "Content-Type", "smime-type").lower()
    return leaf.content_type in _SEALED and kind != "certs-only"
