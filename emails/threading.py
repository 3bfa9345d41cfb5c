"""Which conversation a mail belongs to: the pure part, before any look into the books."""

import hmac
import re
from hashlib import sha256

from emails.data import ParsedMail

PREFIX = re.compile(
    r"\s*(?:re|aw|wg|antw|antwort|fw|fwd|tr|sv|vs)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:\s*",
    re.IGNORECASE,
)
TOKEN = re.compile(r"\[\s{0,2}(C-[0-9]{4}-[0-9]{4,10})\s{0,2}\]", re.IGNORECASE)
REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
MAX_SUBJECT = 1000
MAX_CANDIDATES = 50
HEX_DIGITS_OF_128_BITS = 32


def normalised_subject(subject: str) -> str:
    """Return the subject without its "Re:", "AW:", "WG:", "Re[5]:" and in single spaces."""
    bare = " ".join(subject[:MAX_SUBJECT].split())
    while prefix := PREFIX.match(bare):
        bare = bare[prefix.end() :]
    return bare


def candidates(mail: ParsedMail) -> tuple[str, ...]:
    """Return the Message-IDs to look up, nearest first (RFC 5322, 3.6.4)."""
    ids = (mail.in_reply_to, *reversed(mail.references))
    return tuple(dict.fromkeys(filter(None, ids)))[:MAX_CANDIDATES]


def signed_message_id(key: bytes, reference: str, domain: str) -> str:
    """Return a Message-ID that only we can make, so that an answer to it proves itself."""
    if not REFERENCE.fullmatch(reference):
        raise ValueError(f"not a reference: {reference!r}")
    return f"<hb.{reference}.{_signature(key, reference, domain)}@{domain.lower()}>"


def is_own(message_id: str, key: bytes, domain: str) -> bool:
    """Return whether we made this Message-ID; a forged one never counts."""
    left, _, right = message_id.strip().strip("<>").rpartition("@")
    mark, _, rest = left.partition(".")
    reference, _, signature = rest.rpartition(".")
    if mark != "hb" or right.lower() != domain.lower() or not REFERENCE.fullmatch(reference):
        return False
    expected = _signature(key, reference, domain)
    return hmac.compare_digest(signature.encode(), expected.encode())


def _signature(key: bytes, reference: str, domain: str) -> str:
    signed = f"{reference}@{domain.lower()}".encode()
    return hmac.new(key, signed, sha256).hexdigest()[:HEX_DIGITS_OF_128_BITS]


def find_token(subject: str) -> str:
    """Return the case number in a subject, or nothing. A hint only: anybody can type one."""
    found = TOKEN.search(subject[:MAX_SUBJECT])
    return found[1].upper() if found else ""
