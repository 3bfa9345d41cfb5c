"""Encoded words (RFC 2047), and what is sent in their name."""

import re
from dataclasses import dataclass

from emails.encoding import decode
from emails.transfer import from_base64, from_quoted_printable

# Blanks and question marks in the text, any length. The text ends at "?=" or where the next word
# starts, so that nothing is scanned twice; cut off, it ends at the first blank.
_ENCODED_WORD = re.compile(
    r"=\?[ \"']?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?[ \"']?\?\s?([bq])\s?\?"
    r"(?:((?:[^?=]|\?(?!=)|=(?!\?[^?=]))*+)\?=|([^\s?=]++(?:=[^\s?=]++)*+)={0,2}\??(?=\s|$))",
    re.IGNORECASE,
)
_FOLD = re.compile(r"\r?\n[ \t]*")


@dataclass(slots=True)
class _Piece:
    charset: str
    """Empty for what stands between encoded words."""
    octets: bytes
    open_digits: str = ""
    """Base64 that its word broke off in the middle."""


def decode_words(raw: str) -> str:
    """Return `raw` with its encoded words decoded; blanks between two of them are none."""
    if "=?" not in raw:
        return raw
    pieces: list[_Piece] = []
    end = 0
    for match in _ENCODED_WORD.finditer(raw):
        gap = raw[end : match.start()]
        end = match.end()
        if gap.strip() or not pieces:
            pieces.append(_Piece("", gap.encode()))
        _add_word(pieces, match)
    pieces.append(_Piece("", raw[end:].encode()))
    return "".join(decode(piece.octets, piece.charset or "utf-8") for piece in pieces)


def _add_word(pieces: list[_Piece], match: re.Match[str]) -> None:
    charset, encoding, text = match[1].lower(), match[2].lower(), match[3] or match[4] or ""
    text = _FOLD.sub("", text)
    last = pieces[-1]
    # Senders cut between words in the middle of a character, even of a base64 digit's.
    joins = last.charset == charset
    digits = (last.open_digits if joins else "") + text if encoding == "b" else ""
    if encoding == "q":
        octets = from_quoted_printable(text.encode(), header=True)
    else:
        octets = from_base64(digits.encode())
    if not joins:
        last = _Piece(charset, b"")
        pieces.append(last)
    elif last.open_digits and encoding == "b":
        last.octets = last.octets[: -len(from_base64(last.open_digits.encode())) or None]
    last.octets += octets
    last.open_digits = digits if "=" not in digits and len(digits) % 4 else ""
