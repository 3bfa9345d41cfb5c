"""Taking a mail apart into its leaves, within bounds, without recursion (RFC 2045, RFC 2046).

The standard parser recurses and keeps every line as an object; a mail of 35 MB made for that takes
it gigabytes. Here delimiters are searched in the bytes, and the bounds hold while searching.
"""

import re
from dataclasses import dataclass, field
from email.message import Message

from emails.headers import has_header, in_charset, media_type, parameter
from emails.mime.heads import HEAD_BYTES, TooComplex, read_head
from emails.mime.leaves import Leaf, decoded, synthetic_head
from emails.unpacking import cms, tnef
from hbu.lib.reasons import N_

RAW_BYTES = 35 * 1024 * 1024
PARTS = 1000
WRAPPINGS = 5
"""So many of Outlook's own wrappings are opened; mails have one."""
DEPTH = 50
BOUNDARY_LENGTH = 200

_BEFORE_HEAD = re.compile(rb"(?:\xef\xbb\xbf|\s++|>?From [^\n]*+\n|\+OK[^\n:]*+\n)*+")
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_END_OF_HEAD = re.compile(rb"\n\r?\n|\r\r")
_LIKELY_BOUNDARY = re.compile(rb"\n--([^\s][^\r\n]{0,199})\r?\n(?=Content-)", re.IGNORECASE)
_HTML = re.compile(rb"\s{0,100}(?:<!doctype html|<html[\s>])", re.IGNORECASE)

_SIGNED_TYPES = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}


@dataclass(frozen=True, slots=True)
class _Span:
    """An entity within bytes: its head and its body."""

    raw: bytes = field(repr=False)
    start: int
    end: int
    depth: int = 0
    alternative: int = 0
    version: bool = False
    default_type: str = "text/plain"


@dataclass(slots=True)
class Anatomy:
    """A mail taken apart."""

    head: Message = field(default_factory=Message)
    leaves: list[Leaf] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    parts: int = 1
    wrappings: int = 0


def take_apart(raw: bytes) -> Anatomy:
    """Return the leaves of a mail in their order; raise TooComplex beyond the bounds."""
    if len(raw) > RAW_BYTES:
        raise TooComplex(N_("The mail is larger than 35 MB."))
    anatomy = Anatomy()
    spans = [_whole(raw)]
    while spans:
        spans += reversed(_examine(spans.pop(), anatomy))
    charset = next((leaf.charset for leaf in anatomy.leaves if leaf.is_text and leaf.charset), "")
    for head in [anatomy.head, *(leaf.head for leaf in anatomy.leaves)]:
        in_charset(head, charset)
    return anatomy


def _whole(raw: bytes, depth: int = 0) -> _Span:
    """Return a mail with line ends that can be searched, from its first header on."""
    bare = raw.count(b"\r") - raw.count(b"\r\n")
    if bare:
        feeds = raw.count(b"\n")
        if raw.count(b"\r\r\n") * 2 > feeds:
            raw = raw.replace(b"\r\r\n", b"\n")
        elif bare > feeds:
            raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        else:
            raw = _with_line_feeds_in_head(raw)
    before = _BEFORE_HEAD.match(raw)
    return _Span(raw, before.end() if before else 0, len(raw), depth)


def _with_line_feeds_in_head(raw: bytes) -> bytes:
    end = _END_OF_HEAD.search(raw, 0, HEAD_BYTES)
    if not end or b"\r" not in raw[: end.start()].replace(b"\r\n", b"\n"):
        return raw
    return _BARE_RETURN.sub(b"\n", raw[: end.end()]) + raw[end.end() :]


def _examine(span: _Span, anatomy: Anatomy) -> list[_Span]:
    """Return the spans inside an entity that holds others; add anything else to the leaves."""
    head, start = read_head(span.raw, span.start, span.end)
    if span.depth == 0:
        anatomy.head = head
    content_type = media_type(head, span.default_type)
    if content_type.startswith("multipart/"):
        if span.depth >= DEPTH:
            raise TooComplex(N_("The parts of the mail are nested more than 50 deep."))
        if inside := _inside(span, start, head, content_type, anatomy):
            return inside
        anatomy.defects.append(N_("A boundary between parts is missing."))
        content_type = _sniffed(span.raw, start, span.end)
    elif content_type == "text/plain" and not has_header(head, "Content-Type"):
        content_type = _sniffed(span.raw, start, span.end)
    octets = span.raw[start : span.end]
    number = len(anatomy.leaves) + 1
    leaf = Leaf(head, octets, number, span.alternative, content_type, version=span.version)
    return _opened(leaf, span.depth, anatomy)


def _sniffed(raw: bytes, start: int, end: int) -> str:
    """Return which text it is that nothing tells the type of."""
    return "text/html" if _HTML.match(raw, start, end) else "text/plain"


def _inside(
    span: _Span, start: int, head: Message, content_type: str, anatomy: Anatomy
) -> list[_Span]:
    raw, end = span.raw, span.end
    sections = _sections(raw, start, end, head, anatomy)
    if not sections and (octets := decoded(head, raw[start:end])) and octets != raw[start:end]:
        # Against RFC 2045, 6.4: some senders encode the whole of it.
        raw, start, end = b"\n" + octets, 1, len(octets) + 1
        sections = _sections(raw, start, end, head, anatomy)
    version = content_type == "multipart/alternative"
    return [
        _Span(
            raw,
            *section,
            span.depth + 1,
            alternative=span.alternative or anatomy.parts * version,
            version=version,
            default_type="message/rfc822" if content_type == "multipart/digest" else "text/plain",
        )
        for section in sections
    ]


def _opened(leaf: Leaf, depth: int, anatomy: Anatomy) -> list[_Span]:
    """Return the mail in a leaf that only wraps one; keep any other leaf, or what it wraps."""
    if leaf.content_type in _SIGNED_TYPES and (content := cms.signed_content(leaf.payload)):
        if depth >= DEPTH:
            raise TooComplex(N_("The parts of the mail are nested more than 50 deep."))
        return [_whole(content, depth + 1)]
    wrapping = None
    if anatomy.wrappings < WRAPPINGS and _is_tnef(leaf):
        anatomy.wrappings += 1
        wrapping = tnef.unwrap(leaf.payload)
    if not wrapping or not (wrapping.files or wrapping.text or wrapping.html):
        anatomy.leaves.append(leaf)
        return []
    bodies = [("text/plain", wrapping.text), ("text/html", wrapping.html)]
    letter_is_read = any(other.is_text for other in anatomy.leaves)
    for content_type, body in bodies:
        if body and not letter_is_read:
            _add(anatomy, synthetic_head(content_type), body.encode(), content_type)
    for file in wrapping.files:
        head = synthetic_head(file.content_type, file.name, file.content_id)
        _add(anatomy, head, file.payload, media_type(head))
    return []


def _add(anatomy: Anatomy, head: Message, octets: bytes, content_type: str) -> None:
    anatomy.leaves.append(Leaf(head, octets, len(anatomy.leaves) + 1, 0, content_type))


def _is_tnef(leaf: Leaf) -> bool:
    return leaf.content_type in _TNEF_TYPES or leaf.given_name.lower() == "winmail.dat"


def _sections(
    raw: bytes, start: int, end: int, head: Message, anatomy: Anatomy
) -> list[tuple[int, int]]:
    """Return where the parts of a multipart begin and end (RFC 2046, 5.1.1)."""
    told = parameter(head, "Content-Type", "boundary").rstrip().encode()
    # Without quotes, what follows a blank is a comment.
    for boundary in dict.fromkeys((told, told.partition(b" ")[0])):
        if 0 < len(boundary) <= BOUNDARY_LENGTH:
            sections = _between(boundary, raw, start, end, anatomy)
            if sections:
                return sections
    likely = _LIKELY_BOUNDARY.search(raw, max(start - 1, 0), end)
    return _between(likely[1].rstrip(), raw, start, end, anatomy) if likely else []


def _between(
    boundary: bytes, raw: bytes, start: int, end: int, anatomy: Anatomy
) -> list[tuple[int, int]]:
    # A line feed first: the search then runs at the speed of a literal.
    delimiter = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*+\r*+(?=\n|\Z)")
    sections: list[tuple[int, int]] = []
    begin = 0
    for match in delimiter.finditer(raw, max(start - 1, 0), end):
        if begin:
            sections.append((begin, _without_return(raw, begin, match.start())))
        if match[1]:
            return sections or [(match.start(), match.start())]
        anatomy.parts += 1
        if anatomy.parts > PARTS:
            raise TooComplex(N_("The mail has more than 1000 parts."))
        begin = min(match.end() + 1, end)
    if begin:
        anatomy.defects.append(N_("The mail breaks off: its last part has no end."))
        sections.append((begin, end))
    return sections


def _without_return(raw: bytes, begin: int, end: int) -> int:
    """Return the end of a part: the line end before a delimiter belongs to the delimiter."""
    if end <= begin:
        return begin
    return end - 1 if raw[end - 1] == ord("\r") else end
