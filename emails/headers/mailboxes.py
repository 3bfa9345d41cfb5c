"""Lists of addresses (RFC 5322, 3.4), in the shapes that programs and people give them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from emails.data import Address
from emails.headers.fields import one_line, raw_values
from emails.headers.words import decode_words

NAME_LENGTH = 200
ADDRESS_LENGTH = 254
"""A mailbox in an envelope has no more (RFC 5321, 4.5.3.1.3)."""
MAILBOXES = 2000

_PIECE = re.compile(
    r"""=\?[\w.:+*-]{1,60}\?[bq]\?[^?]{0,1000}\?=      # an encoded word; a comma in it separates nothing
    | "(?:[^"\\]|\\.){0,998}+"                        # a quoted string
    | <(?:"[^"<>]{0,100}"|[^<>"])*+>?                 # an address in its brackets
    | \[[^\[\]]{0,100}\]                              # a domain literal: its colons are no groups
    | \\. | [(),;:] | [^"(),;:<\\=\[]++ | .""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ADDRESS = re.compile(
    r'(?:"[^"]{1,200}"|[^\s@"<>(),;:]{1,200})@(?:\[[^\[\]\s@"<>]{1,100}\]|[^\s@"<>(),;:]{1,255})'
)
_AROUND = re.compile(" ?([@.]) ?")
_ROUTE = re.compile(r"(?:@[^:<>]{1,500}:|mailto:)", re.IGNORECASE)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Entry:
    """What stands between two separators of a list."""

    words: list[str] = field(default_factory=list)
    angle: str = ""
    comments: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    """Words behind the address: a name that stands wrong, or the next one's."""

    @property
    def bare(self) -> str:
        words = "".join(self.words).strip()
        quoted = _QUOTED.fullmatch(words)
        return _compact(quoted[1] if quoted else words)

    @property
    def is_phrase(self) -> bool:
        """Whether it is only words: the part of a name before a comma."""
        words = "".join(self.words)
        return not self.angle and bool(words.strip()) and "@" not in words


def addresses(msg: Message, name: str) -> tuple[Address, ...]:
    """Return the mailboxes that all headers `name` list, in order."""
    listed = (_mailbox(entry) for raw in raw_values(msg, name) for entry in _listed(raw))
    return tuple(address for address in listed if address)


def author(msg: Message) -> Address | None:
    """Return the one address in the one From header, None where that is ambiguous."""
    headers = list(raw_values(msg, "From"))
    entries = [entry for raw in headers for entry in _listed(raw)]
    return _mailbox(entries[0]) if len(headers) == len(entries) == 1 else None


def _listed(raw: str) -> list[_Entry]:
    if "@" not in raw and "=?" in raw:
        # Some programs encode the address together with its name.
        raw = one_line(decode_words(raw))
    entries: list[_Entry] = []
    for entry in _entries(raw):
        # "Berger, Anna <anna@...>" lost the quotes around its name.
        if entry.angle and entries and entries[-1].is_phrase:
            entry.words = [*entries.pop().words, ", ", *entry.words]
        entries += _split(entry)
    return entries[:MAILBOXES]


def _entries(raw: str) -> Iterator[_Entry]:
    """Yield the entries of a list; a group is its members."""
    pieces = _PIECE.findall(raw)
    last_group_end = max((at for at, piece in enumerate(pieces) if piece == ";"), default=-1)
    entry = _Entry()
    depth = 0
    for at, piece in enumerate(pieces):
        if depth or piece == "(":
            depth += {"(": 1, ")": -1}.get(piece, 0)
            _add_comment(entry, piece, depth)
        elif piece in ",;" or (entry.angle and piece[0] == "<"):
            yield entry
            entry = _Entry(entry.behind, piece) if piece[0] == "<" else _Entry()
        elif piece == ":" and (at < last_group_end or _is_scheme(entry)):
            # Of no group, a colon is part of a name: "Shop: news <news@...>".
            entry = _Entry()
        elif piece[0] == "<":
            entry.angle = piece
        elif piece not in '")':
            (entry.behind if entry.angle else entry.words).append(piece)
    yield entry


def _add_comment(entry: _Entry, piece: str, depth: int) -> None:
    if piece == "(" and depth == 1:
        entry.comments.append("")
    elif depth:
        entry.comments[-1] += piece


def _is_scheme(entry: _Entry) -> bool:
    # Asked at every colon, so it must not look at all that stands before.
    return len(entry.words) == 1 and entry.words[0].strip().lower() in ("mailto", "smtp")


def _split(entry: _Entry) -> list[_Entry]:
    """Return an entry as several where its addresses lack the commas; as none where it is empty."""
    if entry.angle or _ADDRESS.fullmatch(entry.bare):
        return [entry]
    pieces = "".join(entry.words).split()
    found = [piece for piece in pieces if _ADDRESS.fullmatch(piece)]
    if len(found) == 1:
        words = " ".join(piece for piece in pieces if piece != found[0])
        return [_Entry([words], f"<{found[0]}>", entry.comments)]
    if len(found) == len(pieces):
        return [_Entry([piece]) for piece in found]
    return [entry] if pieces else []


def _mailbox(entry: _Entry) -> Address | None:
    spec = entry.bare
    if entry.angle:
        spec = entry.angle.strip("<> ")
        route = _ROUTE.match(spec)
        spec = _compact(spec[route.end() :] if route else spec)
    if not _ADDRESS.fullmatch(spec) or len(spec) > ADDRESS_LENGTH:
        return None
    local, _, domain = spec.rpartition("@")
    before, behind = (
        _said("".join(map(_unquoted, words))) for words in (entry.words, entry.behind)
    )
    name = (before or behind) * bool(entry.angle) or _said(" ".join(entry.comments))
    return Address(name=name[:NAME_LENGTH], address=f"{local}@{domain.lower().rstrip('.')}")


def _said(words: str) -> str:
    return " ".join(one_line(decode_words(words)).split())


def _compact(spec: str) -> str:
    """Return an address without the blanks and comments it may have had before 2001 (4.4)."""
    spec = " ".join(spec.split())
    if "(" in spec:
        spec = re.sub(r"\([^()]{0,100}\)", "", spec)
    return spec if spec.startswith('"') else _AROUND.sub(r"\1", spec).strip(" '")


def _unquoted(word: str) -> str:
    quoted = _QUOTED.fullmatch(word)
    return _ESCAPED.sub(r"\1", quoted[1]) if quoted else word
