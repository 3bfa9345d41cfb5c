"""The shapes that mail takes on its way through the house. No Django here."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from hbu.lib.reasons import Reason


class Kind(StrEnum):
    """What a mail is about."""

    ORDER = "order"
    ORDER_CHANGE = "order_change"
    ORDER_STATUS = "order_status"
    QUOTATION_REQUEST = "quotation_request"
    INVOICE = "invoice"
    PAYMENT = "payment"
    COMPLAINT = "complaint"
    RETURN = "return"
    TECHNICAL = "technical"
    SUPPLIER = "supplier"
    FEEDBACK = "feedback"
    GENERAL = "general"
    SPAM = "spam"


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Sentiment(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Automatic(StrEnum):
    """Why a mail counts as written by a machine (RFC 3834, RFC 3464, RFC 2369)."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    FEEDBACK_REPORT = "feedback_report"
    BULK = "bulk"


class Trust(StrEnum):
    """Whether our own server vouches for the sender (promise D4)."""

    UNKNOWN = "unknown"
    """Nobody checked, or nobody of ours."""
    AUTHENTICATED = "authenticated"
    """The domain in From stands by this mail."""
    FAILED = "failed"
    """The domain in From says how its mail can be known, and this is none."""


class Joined(StrEnum):
    """How a mail found its conversation; a mail without any began one."""

    LETTER = "letter"
    """It is a letter of ours that came back."""
    PROOF = "proof"
    """It names a letter of ours by an id that only we can sign and only its reader knows."""
    REFERENCE = "reference"
    NUMBER = "number"
    """The case number in its subject."""
    SUBJECT = "subject"
    """A machine that names nothing, with the sender and subject of an earlier notice."""
    PERSON = "person"


def without_tag(address: str) -> str:
    """Return `reply@house.example` for `Reply+4711@house.example` (RFC 5233)."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment, decoded. `filename` is for people only; files are kept under their hash."""

    filename: str
    content_type: str
    payload: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.payload)

    @property
    def sha256(self) -> str:
        return sha256(self.payload).hexdigest()


def texts_by_name(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the texts of documents by file name; what several of one name say is one text."""
    texts: dict[str, str] = {}
    for name, text in files:
        texts[name] = "\n".join(filter(None, (texts.get(name), text)))
    return texts


class BounceReason(StrEnum):
    """Why a mail did not arrive, or was unwelcome."""

    USER_UNKNOWN = "user_unknown"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_DISABLED = "mailbox_disabled"
    HOST_UNKNOWN = "host_unknown"
    TOO_BIG = "too_big"
    CONTENT = "content"
    POLICY = "policy"
    RELAY_DENIED = "relay_denied"
    LOOP = "loop"
    EXPIRED = "expired"
    COMPLAINT = "complaint"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report on one of our mails says (RFC 3464, RFC 5965)."""

    final_recipients: tuple[str, ...]
    status: str
    """An enhanced status code (RFC 3463), as exact as the report tells."""
    original_message_id: str
    reason: BounceReason = BounceReason.OTHER
    permanent: bool = False
    """Nobody tries any longer to deliver it; the status tells whether a new mail may get through."""
    diagnostic: str = ""
    """What the server said, at most 200 characters."""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "final_recipients": list(self.final_recipients)}


@dataclass(frozen=True, slots=True)
class ParsedMail:
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    text: str
    html: str
    html_safe: str
    reply_text: str
    attachments: tuple[Part, ...]
    automatic: Automatic | None
    bounce: Bounce | None
    must_not_answer: str
    """Why this mail must never be answered by a machine; empty when it may be."""
    defects: tuple[str, ...] = ()
    signature: str = ""
    """What closes the writer's own words by itself: contact block, legal notice, device."""
    letter_reference: str = ""
    """What the header says that our letters carry; proves nothing unless we signed it."""
    trust: Trust = Trust.UNKNOWN


@dataclass(frozen=True, slots=True)
class Sender:
    """What our books know of the address a mail came from."""

    customer_id: int | None = None
    customer: str = ""
    oem: bool = False
    language: str = ""
    desk: str = ""
    """The address of the department that has this customer's mail, where it has one of its own."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that the writer set us, with the words that say so."""

    found: str
    due: date

    def as_json(self) -> dict[str, Any]:
        return {"found": self.found, "due": self.due.isoformat()}


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money with the words that say it; the currency as ISO 4217 has it."""

    found: str
    value: Decimal
    currency: str

    def as_json(self) -> dict[str, Any]:
        return {"found": self.found, "value": str(self.value), "currency": self.currency}


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    priority: Priority
    language: str
    customer: str
    oem: bool
    automatic: Automatic | None
    confidence: float
    """0 to 1: how far the winning kind is ahead of the next."""
    reasons: tuple[Reason, ...]
    sentiment: Sentiment = Sentiment.NEUTRAL
    deadlines: tuple[Deadline, ...] = ()
    amounts: tuple[Amount, ...] = ()
    desk: str = ""
    """Of the customer, as the sender's."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing rule as the decision sees it. Empty outcome fields say nothing."""

    id: int
    name: str
    version: int
    condition: Mapping[str, Any]
    department: str = ""
    sla: str = ""
    priority: str = ""
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    department: str
    address: str
    rule: str
    """Name of the rule that set the department."""
    sla: str
    priority: Priority
    trace: tuple[dict[str, Any], ...]
    """One entry a rule in order: rule, version, hit, checks, applied, overruled, reached."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One courtesy rule and what it gave or took."""

    rule: str
    ok: bool
    points: int
    excerpt: str = ""
    """The words of the letter that decided; empty where it was their absence."""
    hint: str = ""
    """What to do better; empty where nothing is to be done."""


@dataclass(frozen=True, slots=True)
class CourtesyScore:
    score: int
    """0 to 100; 60 is needed to leave the house unseen."""
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be written from a template."""

    cause: str
    """What it answers, for example `email:12`; the same cause is never answered twice."""
    template: str
    language: str
    variables: Mapping[str, Any]
    to_address: str
    to_name: str = ""
    from_name: str = ""
    from_address: str = ""
    mailbox_id: int | None = None
    answers_id: int | None = None
    thread_id: int | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    weight: str = "acknowledgement"
    policy: str = "at_most_once"
    withhold: str = ""
    """Why it must not leave by itself, for example because a machine wrote what it answers."""
    look_first: str = ""
    """Why a person reads it before it leaves."""
    enclosures: tuple[str, ...] = ()
    """Causes of the files that go with it; it leaves when all of them are made."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of ours that goes with a letter; its bytes lie in the blob store."""

    sha256: str
    filename: str
    media_type: str
    size: int
