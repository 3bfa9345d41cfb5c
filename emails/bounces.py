"""Delivery reports: which of our mails did not arrive, for whom, and why."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from emails.data import Bounce
from emails.encoding import clean, decode
from emails.headers import addresses, media_type, message_ids, parameter, safe_header
from emails.mime import Leaf, TooComplex, read_head

REPORT_LENGTH = 64 * 1024
RECIPIENTS = 100

_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_RETURNED_TYPES = {
    "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers",
    "message/global-headers",
}  # fmt: skip
_DAEMON = re.compile(
    r"(?:mailer-?daemon|mail-daemon|postmaster|microsoftexchange[0-9a-f]*)(?:[-+_.][^@]*)?@",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|unzustellbar|nicht (?:zugestellt|zustellbar)|delivery status notification"
    r"|delivery (?:has )?(?:failed|failure|notification)|mail delivery (?:system|subsystem)"
    r"|mail system error|message not delivered|returned mail|returned to sender|failure notice"
    r"|zustell(?:ung fehlgeschlagen|fehler)|could not (?:send|be delivered)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^(final-recipient|action|status)[ \t]*:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_ADDRESS = re.compile(r"[\w.+=~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z][\w-]{1,62}", re.IGNORECASE)
# RFC 3463: class, subject 0 to 7, detail. Not the beginning of an IP address.
_STATUS = re.compile(r"(?<![\d.])[245]\.[0-7]\.\d{1,3}(?!\.?\d)")
_FAILED_STATUS = re.compile(r"(?<![\d.])[45]\.[0-7]\.\d{1,3}(?!\.?\d)")
_REPLY_CODE = re.compile(r"(?<![\w.])([45])[0-5]\d[ -](?=[a-z#<])", re.IGNORECASE)
_MESSAGE_ID = re.compile(
    r"^[> \t]{0,8}message-id:\s{0,4}(<[^<>\s]{1,253}>)", re.IGNORECASE | re.MULTILINE
)
_STATUS_OF_ACTION = {"failed": "5.0.0", "delayed": "4.0.0"}


def is_daemon(address: str) -> bool:
    """Return whether an address is that of a mail system itself."""
    return bool(_DAEMON.match(address))


def is_delivery_report(head: Message, *, sender: str, subject: str) -> bool:
    """Return whether a mail reports on another's delivery, by the standard or by its looks."""
    if media_type(head) == "multipart/report":
        return parameter(head, "Content-Type", "report-type").lower() == "delivery-status"
    from_machine = is_daemon(sender) or safe_header(head, "Return-Path") == "<>"
    return from_machine and bool(_SUBJECT.search(subject))


def read_bounce(
    head: Message, leaves: Sequence[Leaf], text: str, *, own_addresses: frozenset[str]
) -> Bounce:
    """Return what a delivery report says; what it leaves out is empty."""
    text = text[:REPORT_LENGTH]
    reported = [entry for leaf in leaves for entry in _reported(leaf)][:RECIPIENTS]
    if reported:
        recipients, status = _worst(reported)
    else:
        recipients, status = _named(head, text, own_addresses), _status_in(text)
    return Bounce(recipients, status, _original_message_id(head, leaves, text))


def _reported(leaf: Leaf) -> Iterator[tuple[str, str]]:
    """Yield status and address of each recipient in a machine's report (RFC 3464, 2.3)."""
    if leaf.content_type not in _STATUS_TYPES:
        return
    for block in _BLANK_LINE.split(clean(decode(leaf.payload[:REPORT_LENGTH]))):
        fields = {name.lower(): value for name, value in _FIELD.findall(block)}
        address = fields.get("final-recipient", "").rpartition(";")[2].strip(" <>\t")
        status = _STATUS.search(fields.get("status", ""))
        action = fields.get("action", "").strip().lower()
        if address:
            yield status[0] if status else _STATUS_OF_ACTION.get(action, ""), address


def _worst(reported: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], str]:
    # Of many recipients a few may have failed: the report is about these.
    worst = max(status[:1] for status, _ in reported)
    failed = [(status, address) for status, address in reported if status[:1] == worst]
    return tuple(dict.fromkeys(address for _, address in failed)), failed[0][0]


def _named(head: Message, text: str, own_addresses: frozenset[str]) -> tuple[str, ...]:
    """Return the addresses that Exim and Gmail put in a header, else the first one in the text."""
    listed = tuple(found.address for found in addresses(head, "X-Failed-Recipients"))
    others = (
        found[0]
        for found in _ADDRESS.finditer(text)
        if found[0].lower() not in own_addresses and not is_daemon(found[0])
    )
    return listed[:RECIPIENTS] or tuple(others)[:1]


def _status_in(text: str) -> str:
    if status := _FAILED_STATUS.search(text):
        return status[0]
    code = _REPLY_CODE.search(text)
    return f"{code[1]}.0.0" if code else ""


def _original_message_id(head: Message, leaves: Sequence[Leaf], text: str) -> str:
    for leaf in leaves:
        if leaf.content_type in _RETURNED_TYPES and (found := _message_id(leaf.payload)):
            return found
    if quoted := _MESSAGE_ID.search(text):
        return quoted[1]
    return next(iter(message_ids(head, "In-Reply-To") or message_ids(head, "References")), "")


def _message_id(returned: bytes) -> str:
    try:
        head, _ = read_head(returned, 0, len(returned))
    except TooComplex:
        return ""
    return next(iter(message_ids(head, "Message-ID")), "")
