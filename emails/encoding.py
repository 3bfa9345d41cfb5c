"""From the bytes of a mail to text that a database takes. Nothing in here raises."""

import re
from binascii import Error, a2b_base64, a2b_qp, a2b_uu
from encodings.aliases import aliases
from functools import lru_cache

from charset_normalizer import from_bytes

GUESS_BYTES = 4096
"""Guessing a charset is slow; this much of a text tells its language."""

# Names that mail uses and Python does not know, or knows too narrowly: senders who say latin-1 or
# gb2312 mean the larger sets that Windows writes (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {
    "iso8859_1": "cp1252",
    "latin_1": "cp1252",
    "iso_8859_8_i": "iso8859_8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "x_sjis": "cp932",
    "koi8_u": "koi8_u",
    "windows_874": "cp874",
}
# Not charsets of text, or of quadratic time.
_NOT_CHARSETS = {
    "base64_codec", "bz2_codec", "hex_codec", "idna", "mbcs", "oem", "punycode", "quopri_codec",
    "raw_unicode_escape", "rot_13", "unicode_escape", "uu_codec", "zlib_codec",
}  # fmt: skip
# Only known codecs are ever looked up: Python remembers each unknown name for good.
_CODECS = {
    name: _MEANT.get(codec, codec)
    for name, codec in ({codec: codec for codec in aliases.values()} | aliases | _MEANT).items()
    if codec not in _NOT_CHARSETS
}
_ONE_BYTE = re.compile(r"ascii|cp125|cp437|cp850|iso8859|mac_")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")

# PostgreSQL refuses NUL, UTF-8 refuses lone surrogates, XML refuses the other control characters.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def decode(octets: bytes, charset: str = "") -> str:
    """Return the text in the declared charset, else in the one that fits."""
    text = _strictly(octets, charset)
    return octets.decode("cp1252", "replace") if text is None else text


def decode_guessing(octets: bytes, charset: str = "") -> str:
    """Return the text like `decode`, but look closer before giving up. For bodies: it is slow."""
    text = _strictly(octets, charset)
    if text is not None:
        return text
    guess = from_bytes(octets[:GUESS_BYTES]).best()
    return octets.decode(guess.encoding if guess else "utf-8", "replace")


def _strictly(octets: bytes, charset: str) -> str | None:
    for codec in _candidates(charset[:40].lower()):
        try:
            return octets.decode(codec)
        except UnicodeError:
            continue
    return None


@lru_cache(maxsize=64)
def _candidates(charset: str) -> tuple[str, ...]:
    codec = _CODECS.get(_PUNCTUATION.sub("_", charset).strip("_"), "")
    if not codec:
        return ("utf-8", "cp1252")
    if _ONE_BYTE.match(codec):
        # Any bytes are valid latin-1; bytes that are valid UTF-8 are so on purpose.
        return ("utf-8", codec, "cp1252")
    return (codec, "utf-8", "cp1252")


def clean(text: str) -> str:
    """Return `text` with line feeds only and without what PostgreSQL or XML refuse."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSTORABLE.sub("", text).removeprefix("\ufeff")


def from_base64(text: bytes) -> bytes:
    """Return what can be read of base64: padding may lack, foreign characters are passed over."""
    try:
        return a2b_base64(text + b"==")
    except Error:
        digits = _NOT_BASE64.sub(b"", text)
        return a2b_base64(digits[: len(digits) // 4 * 4])


def from_quoted_printable(text: bytes, *, header: bool = False) -> bytes:
    return a2b_qp(text, header=header)


def from_uuencode(text: bytes) -> bytes:
    """Return what stands between `begin` and `end`; lines that cannot be read are left out."""
    octets = []
    for line in text.partition(b"begin ")[2].splitlines()[1:]:
        if line.strip() in (b"end", b"`", b""):
            break
        octets.append(_from_uuencoded_line(line))
    return b"".join(octets)


def _from_uuencoded_line(line: bytes) -> bytes:
    try:
        return a2b_uu(line)
    except Error:
        return b""
