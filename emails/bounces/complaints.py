"""Feedback reports: a reader of our mail called it spam (RFC 5965), in the shapes of providers too."""

import re
from collections.abc import Iterator

from emails.bounces.evidence import RETURNED_TYPES
from emails.bounces.reading import REPORT_LENGTH
from emails.data import Bounce, BounceReason
from emails.encoding import clean, decode
from emails.headers import addresses, message_ids, safe_header
from emails.incoming import Incoming
from emails.mime import TooComplex, read_head

_REPORT_TYPE = "message/feedback-report"
_SENDERS = (
    "staff@hotmail.com",
    "scomp@aol.net",
    "feedback@arf.mail.yahoo.com",
    "abuse@earthlink.net",
)
_SUBJECTS = (
    "complaint about message from",
    "email feedback report for ip",
    "feedback report",
    "abuse report for ip",
    "spam complaint",
)
# Whom the mail reached: names of headers in the report and in what was returned.
_RECIPIENT_FIELDS = (
    "original-rcpt-to",
    "removal-recipient",
    "original-recipient",
    "x-hmxmroriginalrecipient",
)
_FIELD = re.compile(r"^([a-z-]{3,40})[ \t]*:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)


def is_complaint(mail: Incoming) -> bool:
    """Return whether a provider passes on that a reader called our mail spam."""
    if mail.report_type == "feedback-report":
        return True
    if any(leaf.content_type == _REPORT_TYPE for leaf in mail.leaves):
        return True
    known = mail.sender.address.lower() in _SENDERS
    if '"notificationtype":"complaint"' in mail.opening.replace(" ", ""):
        return True
    return known and mail.subject.lower().startswith(_SUBJECTS)


def read_complaint(mail: Incoming) -> Bounce:
    """Return whose complaint it is and about which mail; what is left out is empty."""
    recipients: list[str] = []
    message_id = ""
    for leaf in mail.leaves[:20]:
        if leaf.content_type in {_REPORT_TYPE, *RETURNED_TYPES}:
            payload = leaf.payload
            recipients += _recipients(clean(decode(payload[:REPORT_LENGTH])))
            if leaf.content_type in RETURNED_TYPES:
                found, readers = _returned(payload)
                message_id = message_id or found
                recipients += readers
    return Bounce(
        final_recipients=tuple(dict.fromkeys(recipients))[:1],
        status="5.7.1",
        original_message_id=message_id,
        reason=BounceReason.COMPLAINT,
        diagnostic=safe_header(mail.head, "Subject")[:200],
    )


def _recipients(text: str) -> Iterator[str]:
    for name, value in _FIELD.findall(text):
        if name.lower() in _RECIPIENT_FIELDS and "@" in value:
            yield value.rpartition(";")[2].strip(" <>\t")[:254]


def _returned(payload: bytes) -> tuple[str, list[str]]:
    try:
        head, _ = read_head(payload, 0, len(payload))
    except TooComplex:
        return "", []
    message_id = next(iter(message_ids(head, "Message-ID")), "")
    return message_id, [one.address for one in addresses(head, "To")]
