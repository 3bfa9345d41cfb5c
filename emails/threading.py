"""How the mails of a conversation know each other: by Message-IDs, subjects and case numbers."""

import hmac
import re
from collections.abc import Iterable
from hashlib import sha256

from emails.data import ParsedMail

LETTER_HEADER = "X-HBU-Letter"
"""Carries the signed Message-ID of our letters, because some relays write a Message-ID of their own."""
OWN_MARK = "hb."

# What mail programs put before the subject of an answer or a forward, by language: English, German,
# French, Nordic, Italian, Spanish and Portuguese, Polish, Turkish, Dutch, Chinese.
PREFIX = re.compile(
    r"\s*(?:re|fwd?|aw|wg|antw(?:ort)?|tr|rép|sv|vs|vb|vl|rif|res|enc|rv|odp|pd|ynt|ilt|doorst"
    r"|回复|答复|转发)\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|[\^*]\d{1,3})?\s?[:：]\s*",
    re.IGNORECASE,
)
# Of these, what programs put before the subject of an answer.
ANSWER = re.compile(
    r"\s*(?:re|aw|antw(?:ort)?|rép|sv|vs|rif|res|odp|ynt|回复|答复|返信|답장|ответ)\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|[\^*]\d{1,3})?\s?[:：]",
    re.IGNORECASE,
)
# Marks of gateways and lists. One with a digit may be a number of the sender's, and stays.
TAG = re.compile(r"\s*(?:\[[^\[\]\d]{1,30}\]|\*{3}[^*\d]{1,20}\*{3}|\{spam\??\})\s*", re.IGNORECASE)
TOKEN = re.compile(r"\[\s{0,2}(C-[0-9]{4}-[0-9]{4,10})\s{0,2}\]", re.IGNORECASE)
REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
WORD = re.compile(r"\w+")
ADDRESS_IN_NAME = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
MAX_SUBJECT = 1000
MAX_CANDIDATES = 50
HEX_DIGITS_OF_128_BITS = 32


def normalised_subject(subject: str) -> str:
    """Return the subject without "Re:", "AW:", "Re[5]:", "[EXTERN]" and in single spaces."""
    bare = " ".join(subject[:MAX_SUBJECT].split())
    while (match := PREFIX.match(bare)) or ((match := TAG.match(bare)) and match.end() < len(bare)):
        bare = bare[match.end() :]
    return bare


def is_answer(subject: str) -> bool:
    """Return whether a program called a mail the answer to another."""
    tagged = TAG.match(subject[:MAX_SUBJECT])
    return bool(ANSWER.match(subject[tagged.end() if tagged else 0 :]))


def topic(subject: str) -> str:
    """Return the words of a subject, for comparison."""
    return " ".join(WORD.findall(TOKEN.sub(" ", normalised_subject(subject)).casefold()))


def same_topic(subject: str, topics: Iterable[str]) -> bool:
    """Return whether a subject goes on with one of the topics: all of its words, or more, or fewer.

    Programs cut long subjects, people add to them; a mail without a subject says nothing new.
    """
    new = topic(subject)
    return not new or any(old and (old in new or new in old) for old in topics) or not any(topics)


def other_address_in(name: str, address: str) -> str:
    """Return the mail address that a display name shows and that is not the sender's (promise D5)."""
    shown = (found[0] for found in ADDRESS_IN_NAME.finditer(name[:MAX_SUBJECT]))
    return next((one for one in shown if one.lower() != address.lower()), "")


def candidates(mail: ParsedMail) -> tuple[str, ...]:
    """Return the Message-IDs to look up, nearest first (RFC 5322, 3.6.4)."""
    ids = (mail.in_reply_to, *reversed(mail.references))
    return tuple(dict.fromkeys(filter(None, ids)))[:MAX_CANDIDATES]


def signed_message_id(key: bytes, reference: str, domain: str) -> str:
    """Return a Message-ID that only we can make, so that an answer to it proves itself."""
    if not REFERENCE.fullmatch(reference):
        raise ValueError(f"not a reference: {reference!r}")
    return f"<{OWN_MARK}{reference}.{_signature(key, reference, domain)}@{domain.lower()}>"


def is_own(message_id: str, key: bytes, domain: str) -> bool:
    """Return whether we made this Message-ID; a forged one never counts."""
    left, _, right = message_id.strip().strip("<>").rpartition("@")
    mark, _, rest = left.partition(".")
    reference, _, signature = rest.rpartition(".")
    if f"{mark}." != OWN_MARK or right.lower() != domain.lower():
        return False
    expected = _signature(key, reference, domain) if REFERENCE.fullmatch(reference) else ""
    return bool(expected) and hmac.compare_digest(signature.encode(), expected.encode())


def _signature(key: bytes, reference: str, domain: str) -> str:
    signed = f"{reference}@{domain.lower()}".encode()
    return hmac.new(key, signed, sha256).hexdigest()[:HEX_DIGITS_OF_128_BITS]


def find_token(subject: str) -> str:
    """Return the case number in a subject, or nothing. A hint only: anybody can type one."""
    found = TOKEN.search(subject[:MAX_SUBJECT])
    return found[1].upper() if found else ""


def token_key(number: str) -> str:
    """Return what stands for a case number among the Message-IDs, which have other brackets."""
    return f"[{number}]"


def with_token(subject: str, number: str) -> str:
    """Return the subject with the case number in it, once."""
    there = not number or number.upper() in subject.upper()
    return subject if there else f"{subject} [{number}]"
