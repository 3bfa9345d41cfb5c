"""Header fields as text on one line."""

import re
import unicodedata
from collections.abc import Iterator
from email.message import Message

from emails.encoding import codec_of, decode
from emails.headers.words import decode_words

HEADER_BYTES = 16 * 1024

# The line separators of Unicode end a line for some readers: they would split a header too.
_BREAKS = re.compile(" *+[\x01-\x1f\x7f-\x9f\u2028\u2029][\x01-\x20\x7f-\x9f\u2028\u2029]*+")
_NO_BYTE = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")  # of the surrogates, these escape no byte
_UNSTORABLE = re.compile("[\0\ud800-\udfff\ufeff]")  # byte order marks are no text
_MEDIA_TYPE = re.compile(
    r"[\s\"']*+([\w!#$&^.+-]{1,40}/[\w!#$&^.+-]{1,79})(?=[\s;,\"'(]|$)", re.ASCII
)
_BARE_TYPE = re.compile(r"[\s\"']*+([a-z]{1,40})/?\s*(?:;|$)", re.IGNORECASE)
# What is written where a type and a subtype belong.
_MEANT_TYPES = {
    "multipart": "multipart/mixed",
    "html": "text/html",
    "text/htm": "text/html",
    "text/xhtml": "text/html",
    "plain/text": "text/plain",
    "text/text": "text/plain",
}


def safe_header(msg: Message, name: str) -> str:
    """Return the first header `name` decoded on one line; "" where there is none."""
    return next((one_line(decode_words(raw)) for raw in raw_values(msg, name)), "")


def has_header(msg: Message, name: str) -> bool:
    return any(True for _ in raw_values(msg, name))


def media_type(msg: Message, default: str = "text/plain") -> str:
    """Return the content type; `default` where none can be read (RFC 2045, 5.2)."""
    for raw in raw_values(msg, "Content-Type"):
        if match := _MEDIA_TYPE.match(raw):
            return _MEANT_TYPES.get(match[1].lower(), match[1].lower())
        if match := _BARE_TYPE.match(raw):
            return _MEANT_TYPES.get(match[1].lower(), default)
    return default


def first_word(msg: Message, name: str) -> str:
    """Return what stands before any parameter or comment, in lower case."""
    return safe_header(msg, name).partition(";")[0].partition("(")[0].strip(" \"'").lower()


def in_charset(msg: Message, charset: str) -> None:
    """Settle headers of raw bytes: where they are not UTF-8, they are in the charset of the text."""
    codec = codec_of(charset)
    if not codec or codec in ("ascii", "cp1252", "utf_8"):
        return
    settled = Message()
    for name, value in msg.raw_items():
        octets = str(value).encode("utf-8", "surrogateescape")
        settled.set_raw(name, value if octets.isascii() else decode(octets, charset))
    for name in set(msg.keys()):
        del msg[name]
    for name, value in settled.raw_items():
        msg.set_raw(name, value)


def raw_values(msg: Message, name: str) -> Iterator[str]:
    # raw_items() is the one way to a header that parses nothing.
    wanted = name.lower()
    for key, value in msg.raw_items():
        if key.lower() == wanted:
            text = _NO_BYTE.sub("", str(value)[:HEADER_BYTES])
            octets = text.encode("utf-8", "surrogateescape")
            yield _UNSTORABLE.sub(
                "", text if text.isascii() and "\x1b" not in text else decode(octets)
            )


def one_line(text: str) -> str:
    text = _BREAKS.sub(" ", _UNSTORABLE.sub("", text)).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)
