"""Message-IDs (RFC 5322, 3.6.4)."""

import re
from email.message import Message

from emails.headers.fields import raw_values
from emails.headers.words import decode_words

MESSAGE_IDS = 100

_MESSAGE_ID = re.compile(r"<[^<>]{1,253}>")
_BARE_ID = re.compile(r"[^\s<>@,;]{1,120}@[^\s<>@,;]{1,120}")
_TOKEN = re.compile(r"\s*<?([^\s<>]{1,253})>?\s*")
_COMMENT = re.compile(r"\([^()]{0,100}\)")


def message_id(msg: Message) -> str:
    """Return the id a mail has itself, in angle brackets, even where it is only a word."""
    if found := message_ids(msg, "Message-ID"):
        return found[0]
    word = _TOKEN.fullmatch(next(raw_values(msg, "Message-ID"), ""))
    return f"<{word[1]}>" if word else ""


def message_ids(msg: Message, name: str) -> tuple[str, ...]:
    """Return the last hundred ids of header `name`, each in its angle brackets."""
    # Some programs fold a long id into encoded words, against RFC 2047, section 5.
    raw = decode_words(next(raw_values(msg, name), ""))
    found = _MESSAGE_ID.findall(raw) or [f"<{bare}>" for bare in _BARE_ID.findall(raw)]
    return tuple(dict.fromkeys(map(_compact, found)))[-MESSAGE_IDS:]


def _compact(token: str) -> str:
    words = token.split()
    # Comments came with blanks, in mails before 2001 (RFC 5322, 4.5.4).
    return words[0] if len(words) == 1 else _COMMENT.sub("", "".join(words))
