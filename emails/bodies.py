"""Which parts of a mail are its letter, and what the letter says."""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from emails.data import Part
from emails.encoding import clean, decode, decode_guessing
from emails.headers import parameter
from emails.html import HTML_BYTES, sanitise, text_of
from emails.mime import Leaf, TooComplex, display_name, take_apart
from emails.quoting import unwrap
from emails.transfer import split_uuencoded
from emails.unpacking import armour, invitation, rtf
from hbu.lib.reasons import N_

ENCRYPTED = N_("The mail is encrypted and cannot be read.")
TEXT_LENGTH = 1_000_000
BODY_PARTS = 50
"""Text in more parts than these is kept as attachments."""
LETTERS = 10
LETTER_DEPTH = 3
"""How many mails, or texts of other types, are read where a mail says nothing itself, and how deep
in each other."""
PICTURES = 100

_ENRICHED = {"text/enriched", "text/richtext"}
_RTF = {"text/rtf", "application/rtf", "text/x-rtf"}
_NO_LETTERS = {
    "text/calendar", "text/csv", "text/directory", "text/rfc822-headers", "text/vcard", "text/x-vcard",
    "text/xml",
}  # fmt: skip
_ENRICHED_COMMAND = re.compile(r"<<|<param>[^<]{0,200}</param>|</?[a-z-]{1,60}>", re.IGNORECASE)
_CONTENT_ID = re.compile(r"cid:([^\"'\s<>)]{1,255})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    text: str = ""
    html: str = ""
    html_safe: str = ""
    parts: frozenset[int] = frozenset()
    """The numbers of the leaves it was read from."""
    files: tuple[Part, ...] = ()
    """Files that stood in the text itself."""
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plain:
    leaf: Leaf
    text: str
    files: tuple[Part, ...]


def read_body(leaves: Sequence[Leaf]) -> Body:
    chosen = [leaf for leaf in leaves if _is_body(leaf)][:BODY_PARTS]
    plain = [_plain(leaf) for leaf in chosen if leaf.content_type == "text/plain"]
    markup = [(leaf, _content(leaf)) for leaf in chosen if leaf.content_type == "text/html"]
    html = "\n".join(content for _, content in markup)
    html_safe, defect = sanitise(_with_ids(html, leaves)) if html else ("", "")
    text = _joined(plain, markup) or _said_otherwise(leaves)
    defects = [
        defect,
        N_("The text is cut after a million characters.") * (len(text) > TEXT_LENGTH),
        ENCRYPTED * armour.is_encrypted(text),
    ]
    return Body(
        text=text[:TEXT_LENGTH],
        html=html if len(html) <= HTML_BYTES else "",
        html_safe=html_safe,
        parts=frozenset(leaf.number for leaf in chosen),
        files=tuple(file for one in plain for file in one.files),
        defects=tuple(filter(None, defects)),
    )


def attachments(leaves: Sequence[Leaf], body: Body) -> tuple[Part, ...]:
    """Return what a mail brought beside its letter; `inline` is what the letter shows."""
    shown = {unquote(unescape(found)).lower() for found in _CONTENT_ID.findall(body.html)}
    parts = (
        Part(
            filename=leaf.filename,
            content_type=leaf.content_type,
            payload=leaf.payload,
            content_id=leaf.content_id or leaf.location,
            # Apple Mail calls any attachment inline; a picture of the letter is one it shows.
            inline=leaf.content_id.lower() in shown or _is_located(leaf, body.html),
        )
        for leaf in leaves
        if leaf.number not in body.parts and not _is_other_version(leaf)
    )
    return (*parts, *body.files)


def _is_body(leaf: Leaf) -> bool:
    if not leaf.is_text or leaf.is_attached:
        return False
    # A text with a name is a file, but some programs name even the letter.
    return leaf.number == 1 or leaf.version or not leaf.given_name


def _is_other_version(leaf: Leaf) -> bool:
    """Return whether it is the same letter once more, for watches or in AMP."""
    return leaf.version and leaf.content_type in {*_ENRICHED, "text/x-amp-html", "text/watch-html"}


def _joined(plain: Sequence[_Plain], markup: Sequence[tuple[Leaf, str]]) -> str:
    """Return the text of a mail: what is plain, and what is said in HTML alone, in their order."""
    written = [one for one in plain if one.text.strip()]
    # A list's footer in plain text is no version of the letter in HTML before it.
    versions = {one.leaf.alternative for one in written if one.leaf.alternative}
    only_html = [(leaf, content) for leaf, content in markup if leaf.alternative not in versions]
    text = "\n".join(one.text for one in written)
    if not only_html:
        return text
    laid_out = text_of("\n".join(content for _, content in only_html))
    if not written or _squeezed(laid_out) in _squeezed(text):
        return text or laid_out
    html_first = only_html[0][0].number < written[0].leaf.number
    return f"{laid_out}\n\n{text}" if html_first else f"{text}\n\n{laid_out}"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _plain(leaf: Leaf) -> _Plain:
    octets = leaf.payload
    files: tuple[Part, ...] = ()
    if b"begin " in octets or b"begin-base64 " in octets:
        split = split_uuencoded(octets)
        octets = split.text
        files = tuple(_uuencoded(name, payload) for name, payload in split.files)
    text = armour.without_armour(clean(decode_guessing(octets, leaf.charset)))
    if parameter(leaf.head, "Content-Type", "format").lower() == "flowed":
        delete_space = parameter(leaf.head, "Content-Type", "delsp").lower() == "yes"
        text = unwrap(text, delete_space=delete_space)
    return _Plain(leaf, text, files)


def _uuencoded(name: bytes, payload: bytes) -> Part:
    filename = display_name(decode(name)) or "uuencoded.bin"
    content_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return Part(filename=filename, content_type=content_type, payload=payload)


def _content(leaf: Leaf) -> str:
    markup = leaf.content_type == "text/html"
    return clean(decode_guessing(leaf.payload, leaf.charset, markup=markup))


def _said_otherwise(leaves: Sequence[Leaf], depth: int = 0) -> str:
    """Return the text of a mail without a letter in plain text or HTML."""
    for leaf in [one for one in leaves if _is_other_text(one)][:LETTERS]:
        if (text := _of_other_type(leaf)).strip():
            return text
    for leaf in leaves:
        if leaf.content_type == "text/calendar" and (text := invitation.summary_of(_content(leaf))):
            return text
    letters = [leaf for leaf in leaves if leaf.content_type == "message/rfc822"]
    if not letters or depth >= LETTER_DEPTH:
        return ""
    return "\n\n".join(filter(None, (_letter(leaf, depth + 1) for leaf in letters[:LETTERS])))


def _is_other_text(leaf: Leaf) -> bool:
    if leaf.is_text or leaf.is_attached or leaf.given_name:
        return False
    # Of an unknown kind of text the words can still be read (RFC 2046, 4.1.4).
    is_words = leaf.content_type.startswith("text/") and leaf.content_type not in _NO_LETTERS
    return is_words or leaf.content_type in _RTF


def _of_other_type(leaf: Leaf) -> str:
    if leaf.content_type in _RTF:
        text, is_html = rtf.text_of(leaf.payload)
        return text_of(text) if is_html else text
    if leaf.content_type in _ENRICHED:
        return _ENRICHED_COMMAND.sub(lambda it: "<" * (it[0] == "<<"), _content(leaf))
    return _content(leaf)


def _letter(leaf: Leaf, depth: int) -> str:
    """Return the text of a mail in a mail."""
    try:
        leaves = take_apart(leaf.payload).leaves
    except TooComplex:
        return ""
    chosen = [one for one in leaves if _is_body(one)][:BODY_PARTS]
    plain = [_plain(one) for one in chosen if one.content_type == "text/plain"]
    markup = [(one, _content(one)) for one in chosen if one.content_type == "text/html"]
    return _joined(plain, markup) or _said_otherwise(leaves, depth)


def _with_ids(html: str, leaves: Sequence[Leaf]) -> str:
    """Return HTML that names the pictures of its mail by id only (RFC 2557, 8.2)."""
    if len(html) > HTML_BYTES:
        # It is not shown, and ids much longer than the names could make gigabytes of it.
        return html
    located = [leaf for leaf in leaves if leaf.content_type.startswith("image/") and leaf.location]
    for leaf in located[:PICTURES]:
        for quote in "\"'":
            name = f"{quote}{leaf.location}{quote}"
            html = html.replace(name, f"{quote}cid:{leaf.content_id or leaf.location}{quote}")
    return html


def _is_located(leaf: Leaf, html: str) -> bool:
    location = leaf.location
    return bool(location) and (f'"{location}"' in html or f"'{location}'" in html)
