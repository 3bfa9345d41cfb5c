"""What a delivery report says: for whom, how, why, and of which mail."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from emails.bounces.causes import cause_of
from emails.bounces.evidence import RETURNED_TYPES, STATUS_TYPES, is_daemon
from emails.bounces.phrases import STILL_TRYING
from emails.data import Bounce, BounceReason
from emails.encoding import clean, decode
from emails.headers import addresses, message_ids
from emails.incoming import Incoming
from emails.mime import Leaf, TooComplex, read_head

REPORT_LENGTH = 64 * 1024
RECIPIENTS = 100
DIAGNOSTIC_LENGTH = 200

_FIELD = re.compile(r"^([a-z][a-z-]{2,40})[ \t]*:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_FOLD = re.compile(r"\n[ \t]+(?=\S)")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_MAILBOX = r"[\w.+=~/&'*!#$%-]{1,64}@(?:[\w-]{1,63}\.){0,8}[a-z][\w-]{1,62}"
_ADDRESS = re.compile(_MAILBOX, re.IGNORECASE)
_INTRODUCED = (
    r"(?:to|an|recipient(?: address)?|failed (?:address|recipient)|empfänger|(?:unknown )?user|rcpt to|final-recipient"
    r"|could not be delivered to|unable to deliver message to|undeliverable to)[ \t]?:[ \t]{0,8}(?:rfc822;[ ]?)?"
)
_FOLLOWED = r"[ \t]*(?:$|[:;,.(\[<-]|on |host |delivery )|[ \t]+[^\n@]{0,200}$"
# An address at the beginning of a line, perhaps introduced, with no other one behind it.
_LISTED = re.compile(
    rf"^[ \t>\"'|*-]{{0,12}}(?:{_INTRODUCED})?[\"'<(\[]{{0,3}}(?:mailto:)?({_MAILBOX})(?![\w-]|\.\w)[>)\]\"']{{0,3}}(?={_FOLLOWED})",
    re.IGNORECASE | re.MULTILINE,
)
_RCPT = re.compile(r"rcpt to:? ?<?([^\s<>]{1,64}@[^\s<>]{1,100})>?", re.IGNORECASE)
# Behind these the mail that came back begins.
_RETURNED_TEXT = re.compile(
    r"^[ \t>|*-]{0,40}(?:below (?:this line|is a copy)|this is a copy of|original message(?: (?:headers|follows))?\b|original mail|message headers follow|headers follow"
    r"|message header|returned message|unsent message|message text follows|return-path:|received: ?from|the (?:body|headers) of|copy of|ursprüngliche nachricht|ursprüngliche nachrichtenkopf"
    r"|----- original message|start of returned)",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"(?<![\d.])[245]\.[0-7]\.\d{1,3}(?!\.?\d)")
_MESSAGE_ID = re.compile(
    r"(?:^[> \t|]{0,8}(?:x-)?(?:original-)?message-?id\s?:\s{0,4}|\"messageid\"\s?:\s?\")(<[^<>\s]{1,253}>)",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS_OF_ACTION = {
    "failed": "5.0.0",
    "delayed": "4.0.0",
    "delivered": "2.0.0",
    "relayed": "2.0.0",
    "expanded": "2.0.0",
}
_CODE_LINE = re.compile(
    r"^[^\n]{0,160}?(?:(?<![\w.])[45][0-5]\d[ -]|(?<![\d.])[45]\.[0-7]\.\d{1,3}(?!\.?\d))[^\n]{0,300}",
    re.MULTILINE,
)
_ARRIVED = re.compile(
    r"(?:has been|was|have been|were|been) (?:successfully )?(?:delivered|relayed) to (?:the following|the destination|your)"
    r"|successfully delivered|erfolgreich (?:zugestellt|ausgeliefert|übermittelt)|wurde den folgenden empfängern zugestellt"
    r"|remis avec succès|entregado correctamente|consegnato correttamente"
)
_BELOW = 400
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Reported:
    address: str
    status: str
    action: str
    diagnostic: str


def read_bounce(mail: Incoming) -> Bounce:
    """Return what a delivery report says; what it leaves out is empty."""
    text = mail.text[:REPORT_LENGTH]
    reported = _reported(mail, text)
    original = _original_message_id(mail, text)
    above = _above_returned(text)
    if reported:
        return _by_report(reported, above, original)
    delayed = _still_trying(mail.subject, above)
    status, reason = cause_of(f"{above}\n{_code_below(text)}", delayed=delayed)
    if not status:
        status = "4.0.0" if delayed else "5.0.0"
    return Bounce(
        final_recipients=_named(mail, above, text),
        status=status,
        original_message_id=original,
        reason=reason,
        permanent=not delayed,
        diagnostic=_diagnostic(above),
    )


def tells_of_success(mail: Incoming) -> bool:
    """Return whether a report says that everybody got the mail: nothing came back."""
    text = mail.text[:REPORT_LENGTH]
    if reported := _reported(mail, text):
        return all(entry.status.startswith("2") for entry in reported)
    return bool(_ARRIVED.search(mail.opening)) and not _CODE_LINE.search(_above_returned(text))


def _reported(mail: Incoming, text: str) -> list[_Reported]:
    listed = [entry for leaf in mail.leaves for entry in _of_leaf(leaf)]
    return (listed or list(_fields_of(text)))[:RECIPIENTS]


def _by_report(reported: Sequence[_Reported], above: str, original: str) -> Bounce:
    # Of many recipients a few may have failed: the report is about these.
    worst = max(entry.status[:1] for entry in reported)
    failed = [entry for entry in reported if entry.status[:1] == worst]
    first = failed[0]
    status, reason = first.status, BounceReason.OTHER
    if not status.startswith("2"):
        said = first.diagnostic or above
        status, reason = cause_of(said, first.status, delayed=first.action == "delayed")
    return Bounce(
        final_recipients=tuple(dict.fromkeys(entry.address for entry in failed)),
        status=status,
        original_message_id=original,
        reason=reason,
        permanent=any(entry.action == "failed" for entry in failed)
        or (status.startswith("5") and first.action != "delayed"),
        diagnostic=(first.diagnostic or _diagnostic(above))[:DIAGNOSTIC_LENGTH],
    )


def _of_leaf(leaf: Leaf) -> Iterator[_Reported]:
    if leaf.content_type in {*STATUS_TYPES, "message/disposition-notification"}:
        yield from _fields_of(clean(decode(leaf.payload[:REPORT_LENGTH])))


def _fields_of(text: str) -> Iterator[_Reported]:
    """Yield what a machine's report says of each recipient (RFC 3464, 2.3)."""
    if "-recipient" not in text.lower():
        return
    for block in _BLANK_LINE.split(_FOLD.sub(" ", text)):
        fields: dict[str, str] = {}
        for name, value in _FIELD.findall(block):
            fields.setdefault(name.lower(), value.strip())
        address = _recipient(fields)
        status = _STATUS.search(fields.get("status", ""))
        action = fields.get("action", "").lower().split(" ")[0].strip("();")
        if address:
            diagnostic = fields.get("diagnostic-code", "")
            said = status[0] if status else _STATUS_OF_ACTION.get(action, "")
            yield _Reported(address, said, action, _BLANKS.sub(" ", diagnostic))


def _recipient(fields: dict[str, str]) -> str:
    named = (
        fields.get(name, "")
        for name in ("final-recipient", "original-recipient", "x-actual-recipient")
    )
    found = [value.rpartition(";")[2].strip(" <>\t\"'") for value in named]
    return next((one for one in found if "@" in one), next(filter(None, found), ""))[:254]


def _still_trying(subject: str, above: str) -> bool:
    said = f"{subject.lower()} {' '.join(above[:6000].lower().split())}"
    return any(phrase in said for phrase in STILL_TRYING) or "(delay)" in said


def _above_returned(text: str) -> str:
    found = _RETURNED_TEXT.search(text)
    # Some begin with the mail itself.
    return text[: found.start()] if found and text[: found.start()].strip() else text


def _code_below(text: str) -> str:
    """Return a server's answer right behind the divider, where some put it."""
    divider = _RETURNED_TEXT.search(text)
    below = text[divider.end() : divider.end() + _BELOW].split("\n") if divider else []
    said = [line for line in below[1:] if line.strip()][:1]
    return said[0] if said and _CODE_LINE.match(said[0]) and not _FIELD.match(said[0]) else ""


def _named(mail: Incoming, above: str, text: str) -> tuple[str, ...]:
    """Return the addresses that a header names, else those that stand at the beginning of lines."""
    listed = [one.address for one in addresses(mail.head, "X-Failed-Recipients")]
    if not listed:
        found = [match[1] for match in _LISTED.finditer(above)] or _RCPT.findall(above)
        found = found or _ADDRESS.findall(above)[:RECIPIENTS]
        if all(_is_ours(mail, one) for one in found):
            found += _RCPT.findall(text) + [match[1] for match in _LISTED.finditer(text)]
            found += _ADDRESS.findall(mail.subject)
        listed = [one for one in found if not _is_ours(mail, one)] or [
            one for one in found if not is_daemon(one)
        ]
        listed = listed if _LISTED.search(above) else listed[:1]
    return tuple(dict.fromkeys(one.strip("'") for one in listed))[:RECIPIENTS]


def _is_ours(mail: Incoming, address: str) -> bool:
    lower = address.lower()
    return (
        is_daemon(address)
        or lower in mail.own_addresses
        or lower in mail.to
        or lower == mail.sender.address.lower()
    )


def _diagnostic(text: str) -> str:
    found = _CODE_LINE.search(text)
    return _BLANKS.sub(" ", found[0]).strip()[:DIAGNOSTIC_LENGTH] if found else ""


def _original_message_id(mail: Incoming, text: str) -> str:
    for leaf in mail.leaves:
        if leaf.content_type in RETURNED_TYPES and (found := _message_id(leaf.payload)):
            return found
    for shown in (text, *_others(mail.leaves)):
        if quoted := _MESSAGE_ID.search(shown):
            return quoted[1]
    answered = message_ids(mail.head, "In-Reply-To") or message_ids(mail.head, "References")[-1:]
    return next(iter(answered), "")


def _others(leaves: Sequence[Leaf]) -> Iterator[str]:
    """Yield the texts of parts in which reports hide what came back."""
    for leaf in leaves[:20]:
        if leaf.content_type in STATUS_TYPES or leaf.content_type in (
            "text/plain",
            "application/octet-stream",
        ):
            yield clean(decode(leaf.payload[:REPORT_LENGTH]))


def _message_id(returned: bytes) -> str:
    try:
        head, _ = read_head(returned, 0, len(returned))
    except TooComplex:
        return ""
    return next(iter(message_ids(head, "Message-ID")), "")
