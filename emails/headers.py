"""Reading header fields that anybody may have written. Nothing in here raises.

The standard library's readers raise on, recurse into or blow up over hostile values (`<[>` as a
Message-ID, three thousand opening brackets, encoded words by the thousand). So values are cut
first and read by expressions that take linear time.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from emails.data import Address
from emails.encoding import decode, from_base64, from_quoted_printable

HEADER_BYTES = 16 * 1024
MESSAGE_IDS = 100
NAME_LENGTH = 200
ADDRESS_LENGTH = 254
"""A mailbox in an envelope has no more (RFC 5321, 4.5.3.1.3)."""

# RFC 2047, and what is sent in its name: blanks and question marks in the text, any length. The
# text ends at "?=" or where the next word starts, so that nothing is scanned twice.
_ENCODED_WORD = re.compile(
    r"=\?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?\?([bq])\?((?:[^?=]|\?(?!=)|=(?!\?[^=]))*+)\?=",
    re.IGNORECASE,
)
_FOLD = re.compile(r"\r?\n[ \t]*")
# The line separators of Unicode end a line for some readers: they would split a header too.
_BLANKS = re.compile("[\x01-\x20\x7f-\x9f\u2028\u2029]+")
_NO_BYTE = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")  # of the surrogates, these escape no byte
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[^<>]{1,253}>")
_BARE_ID = re.compile(r"[^\s<>@,;]{1,120}@[^\s<>@,;]{1,120}")
_ADDRESS_TOKEN = re.compile(
    r"""=\?[\w.:+*-]{1,60}\?[bq]\?[^?]{0,1000}\?=  # an encoded word; a comma in it separates nothing
    | "(?:[^"\\]|\\.)*+"?                          # a quoted string
    | \((?:[^()\\]|\\.)*+\)?                       # a comment
    | <[^<>]*+>?
    | \\. | [,;:] | [^"(),;:<\\=]+ | .""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ADDRESS = re.compile(r'(?:"[^"]{1,64}"|[^\s@"<>(),;:]{1,64})@[^\s@"<>(),;:]{1,255}')
_MEDIA_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,40}/[\w!#$&^.+-]{1,79})(?=[\s;,]|$)", re.ASCII)
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*("(?:[^"\\]|\\.)*+"?|[^;]*)', re.DOTALL)
_SECTION = re.compile(r"(?:\*([0-9]{1,3}))?(\*?)", re.ASCII)


def safe_header(msg: Message, name: str) -> str:
    """Return the first header `name` decoded on one line; "" where there is none."""
    return next((_one_line(_decode_words(raw)) for raw in _raw_values(msg, name)), "")


def has_header(msg: Message, name: str) -> bool:
    return any(True for _ in _raw_values(msg, name))


def addresses(msg: Message, name: str) -> tuple[Address, ...]:
    """Return the mailboxes that all headers `name` list, in order (RFC 5322, 3.4)."""
    listed = (_mailbox(tokens) for raw in _raw_values(msg, name) for tokens in _entries(raw))
    return tuple(address for address in listed if address)


def author(msg: Message) -> Address | None:
    """Return the one address in the one From header, None where that is ambiguous."""
    headers = list(_raw_values(msg, "From"))
    listed = [tokens for raw in headers for tokens in _entries(raw)]
    return _mailbox(listed[0]) if len(headers) == len(listed) == 1 else None


def message_ids(msg: Message, name: str) -> tuple[str, ...]:
    """Return the last hundred ids of header `name`, each in its angle brackets."""
    raw = next(_raw_values(msg, name), "")
    found = _MESSAGE_ID.findall(raw) or [f"<{bare}>" for bare in _BARE_ID.findall(raw)]
    return tuple(dict.fromkeys("".join(token.split()) for token in found))[-MESSAGE_IDS:]


def sent_at(msg: Message) -> datetime | None:
    """Return the Date header; None where it is none or of a year that cannot be meant."""
    try:
        date = parsedate_to_datetime(safe_header(msg, "Date")[:100])
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        year = date.astimezone(UTC).year
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None
    # RFC 822 is of 1982; years of two digits end with 2068.
    return date if 1982 <= year <= 2068 else None


def media_type(msg: Message) -> str:
    """Return the content type; text/plain where none can be read (RFC 2045, 5.2)."""
    match = _MEDIA_TYPE.match(next(_raw_values(msg, "Content-Type"), ""))
    return match[1].lower() if match else "text/plain"


def first_word(msg: Message, name: str) -> str:
    """Return what stands before any parameter or comment, in lower case."""
    return safe_header(msg, name).partition(";")[0].partition("(")[0].strip().lower()


def parameter(msg: Message, header: str, name: str) -> str:
    """Return a parameter such as `filename`, joined and decoded (RFC 2231, RFC 2047)."""
    plain, sections = "", dict[int, tuple[bool, str]]()
    for key, value in _PARAMETER.findall(next(_raw_values(msg, header), "")):
        section = _SECTION.fullmatch(key, len(name)) if key.lower().startswith(name) else None
        if section and section[0]:
            sections[int(section[1] or 0)] = (bool(section[2]), _unquoted(value.strip()))
        elif section:
            plain = plain or _unquoted(value.strip())
    return _one_line(_joined(sections) if sections else _decode_words(plain))


def _joined(sections: dict[int, tuple[bool, str]]) -> str:
    ordered = [sections[number] for number in sorted(sections)]
    charset = ""
    if ordered[0][0] and ordered[0][1].count("'") >= 2:
        charset, _, rest = ordered[0][1].split("'", 2)
        ordered[0] = (True, rest)
    octets = (unquote_to_bytes(value) if coded else value.encode() for coded, value in ordered)
    return decode(b"".join(octets), charset)


def _raw_values(msg: Message, name: str) -> Iterator[str]:
    # raw_items() is the one way to a header that parses nothing.
    wanted = name.lower()
    for key, value in msg.raw_items():
        if key.lower() == wanted:
            text = _NO_BYTE.sub("", str(value)[:HEADER_BYTES])
            yield _UNSTORABLE.sub("", decode(text.encode("utf-8", "surrogateescape")))


def _one_line(text: str) -> str:
    text = _BLANKS.sub(" ", _UNSTORABLE.sub("", text)).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _decode_words(raw: str) -> str:
    """Return `raw` unfolded, its encoded words decoded (RFC 2047)."""
    if "=?" not in raw:
        return raw
    pieces: list[tuple[str | None, bytes]] = []
    end = 0
    for match in _ENCODED_WORD.finditer(raw):
        gap, (charset, encoding, text) = raw[end : match.start()], match.groups()
        octets = _word_octets(encoding, text)
        end = match.end()
        if gap.strip() or not pieces:
            pieces.append((None, gap.encode()))
        elif pieces[-1][0] == charset.lower():
            # Senders cut between words in the middle of a character.
            octets = pieces.pop()[1] + octets
        pieces.append((charset.lower(), octets))
    pieces.append((None, raw[end:].encode()))
    return "".join(decode(octets, charset or "utf-8") for charset, octets in pieces)


def _word_octets(encoding: str, text: str) -> bytes:
    octets = _FOLD.sub("", text).encode()
    if encoding in "bB":
        return from_base64(octets)
    return from_quoted_printable(octets, header=True)


def _entries(raw: str) -> Iterator[list[str]]:
    """Yield the tokens of each entry of an address list; a group is its members."""
    entry: list[str] = []
    for piece in _ADDRESS_TOKEN.findall(raw):
        if piece == ":":
            entry.clear()
        elif piece in ",;":
            if entry:
                yield entry
            entry = []
        elif entry or not piece.isspace():
            entry.append(piece)
    if entry:
        yield entry


def _mailbox(tokens: list[str]) -> Address | None:
    angles = [token for token in tokens if token[0] == "<"]
    comments = [token.strip("() ") for token in tokens if token[0] == "("]
    words = "".join(
        _unquoted(token) if angles else token for token in tokens if token[0] not in "<("
    )
    if len(angles) > 1:
        return None
    # Obsolete routes (`<@relay:anna@example.org>`) and `mailto:` end with a colon.
    spec = "".join(angles[0].strip("<>").rpartition(":")[2] if angles else words).split()
    if len(spec) != 1 or not _ADDRESS.fullmatch(spec[0]) or len(spec[0]) > ADDRESS_LENGTH:
        return None
    local, _, domain = spec[0].rpartition("@")
    name = _one_line(_decode_words(words if angles else " ".join(comments)))
    return Address(name=name[:NAME_LENGTH], address=f"{local}@{domain.lower()}")


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value.removeprefix('"').removesuffix('"'), flags=re.DOTALL)
