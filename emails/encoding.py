"""From the bytes of a mail to text that a database takes. Nothing in here raises."""

import codecs
import re
import string
from encodings.aliases import aliases
from functools import lru_cache

from charset_normalizer import from_bytes

GUESS_BYTES = 4096
"""Guessing a charset is slow; this much of a text tells its language."""
META_BYTES = 2048
"""A page names its charset at its beginning (HTML, 4.2.5.4)."""

# Names that mail uses and Python does not know, or knows too narrowly: senders who say latin-1 or
# gb2312 mean the larger sets that Windows writes (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {
    "iso8859_1": "cp1252",
    "latin_1": "cp1252",
    "latin1": "cp1252",
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_8_e": "iso8859_8",
    "iso_8859_6_i": "iso8859_6",
    "logical": "iso8859_8",
    "visual": "iso8859_8",
    "iso8859_9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x_gbk": "gb18030",
    "cn_gb": "gb18030",
    "chinese": "gb18030",
    "big5": "big5hkscs",
    "x_x_big5": "big5hkscs",
    "cn_big5": "big5hkscs",
    "euc_kr": "cp949",
    "ks_c_5601_1987": "cp949",
    "ks_c_5601": "cp949",
    "ks_c_5601_1989": "cp949",
    "ksc_5601": "cp949",
    "shift_jis": "cp932",
    "x_sjis": "cp932",
    "windows_31j": "cp932",
    "x_euc_jp": "euc_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "csiso2022jp": "iso2022_jp",
    "x_koi8_r": "koi8_r",
    "koi8": "koi8_r",
    "koi": "koi8_r",
    "koi8_u": "koi8_u",
    "koi8_ru": "koi8_u",
    "tis_620": "cp874",
    "iso8859_11": "cp874",
    "windows_874": "cp874",
    "dos_874": "cp874",
    "macintosh": "mac_roman",
    "x_mac_roman": "mac_roman",
    "x_macroman": "mac_roman",
    "mac": "mac_roman",
    "x_mac_cyrillic": "mac_cyrillic",
    "x_mac_ce": "mac_latin2",
    "sun_eu_greek": "iso8859_7",
    "x_user_defined": "cp1252",
    "x_ansi": "cp1252",
    "ansi": "cp1252",
    "unicode_1_1_utf_8": "utf_8",
    "x_unicode20utf8": "utf_8",
    "utf8mb4": "utf_8",
    "utf_8_mac": "utf_8",
    "unicode": "utf_16",
    "ucs_2": "utf_16",
    "iso_10646_ucs_2": "utf_16",
    "x_utf_16le_bom": "utf_16_le",
    "unicodefffe": "utf_16_be",
    "x_unicode_2_0_utf_7": "utf_7",
    "csunicode11utf7": "utf_7",
}
# Not charsets of text or of mail, or of quadratic time.
_NOT_CHARSETS = {
    "base64_codec", "bz2_codec", "cp037", "cp1026", "cp1140", "cp273", "cp424", "cp500", "cp875",
    "hex_codec", "idna", "mbcs", "oem", "punycode", "quopri_codec",
    "raw_unicode_escape", "rot_13", "unicode_escape", "uu_codec", "zlib_codec",
}  # fmt: skip
# Only known codecs are ever looked up: Python remembers each unknown name for good.
_CODECS = {
    name: _MEANT.get(codec, codec)
    for name, codec in ({codec: codec for codec in aliases.values()} | aliases | _MEANT).items()
    if codec not in _NOT_CHARSETS
}
# Where letters of seven bits switch the set by escapes; the narrow codec first.
_JAPANESE = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004")
_ONE_BYTE = re.compile(r"ascii|cp(?:125|437|7|8)|iso8859|koi8|mac_|hp_|kz1048|ptcp")
_WESTERN = {"", "ascii", "cp1252", "iso8859_15", "utf_8", "utf_8_sig"}
_UNICODE_UNITS = re.compile(r"utf_(?:16|32)")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_CODE_PAGE = re.compile(r"(?:x_|dos_|ibm_?|cp_?|ms_|windows_|win_?|cswindows)+(\d{3,5})")
_ISO = re.compile(r"(?:x_)?iso_?8859_?(\d{1,2})(?:_\w*)?")

_BOMS = (
    (codecs.BOM_UTF8, "utf_8_sig"),
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_META = re.compile(
    rb"<meta\b[^>]{0,300}?\bcharset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_XML = re.compile(rb"\s{0,10}<\?xml\b[^>]{0,100}?\bencoding=[\"']([\w.:-]{1,40})", re.IGNORECASE)
_HIGH = bytes(range(0x80, 0x100))
_LATIN = string.ascii_letters.encode()
_LETTERS_ABROAD = frozenset("äöüÄÖÜßéèêëàáâçñóòôíìîúùûåæøÅÆØÉ")
_SHIFTED_JAPANESE = re.compile(rb"\x1b\$[@B]")

# PostgreSQL refuses NUL, UTF-8 refuses lone surrogates, XML refuses the other control characters.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def decode(octets: bytes, charset: str = "") -> str:
    """Return the text in the declared charset, else in the one that fits."""
    text = _strictly(octets, codec_of(charset))
    return _patched(octets) if text is None else text


def decode_guessing(octets: bytes, charset: str = "", *, markup: bool = False) -> str:
    """Return the text like `decode`, but look closer before giving up. For bodies: it is slow."""
    for mark, codec in _BOMS:
        if octets.startswith(mark):
            return octets.decode(codec, "replace")
    codec = codec_of(charset)
    if markup and codec in ("", "ascii"):
        codec = _declared_in_markup(octets) or codec
    if octets.isascii() or codec not in _WESTERN:
        text = _strictly(octets, codec)
        return _nearly(octets, codec) if text is None else text
    return _western_or_not(octets, codec)


def codec_of(charset: str) -> str:
    """Return Python's name for a charset as mails name it; "" for an unknown one."""
    return _codec_of(charset[:40].lower())


@lru_cache(maxsize=64)
def _codec_of(charset: str) -> str:
    name = _PUNCTUATION.sub("_", charset).strip("_")
    if codec := _CODECS.get(name, ""):
        return codec
    if page := _CODE_PAGE.fullmatch(name):
        return _CODECS.get(page[1], "") or _CODECS.get(f"cp{page[1]}", "")
    iso = _ISO.fullmatch(name)
    return _CODECS.get(f"iso8859_{iso[1]}", "") if iso else ""


def _strictly(octets: bytes, codec: str) -> str | None:
    for candidate in _candidates(octets, codec):
        try:
            return octets.decode(candidate)
        except UnicodeError:
            continue
    return None


def _candidates(octets: bytes, codec: str) -> tuple[str, ...]:
    if not codec or codec == "ascii":
        return (*_JAPANESE, "utf-8") if _SHIFTED_JAPANESE.search(octets) else ("utf-8",)
    if codec == "iso2022_jp":
        return (*_JAPANESE, "utf-8")
    if _ONE_BYTE.match(codec):
        # Any bytes are valid latin-1; bytes that are valid UTF-8 are so on purpose.
        return ("utf-8", codec)
    if _UNICODE_UNITS.match(codec) and b"\0" not in octets and octets.isascii():
        return ("utf-8",)
    return (codec, "utf-8")


def _nearly(octets: bytes, codec: str) -> str:
    """Return text whose declared charset fits but for some bytes."""
    if codec and not _ONE_BYTE.match(codec):
        text = octets.decode(codec, "replace")
        if text.count("\ufffd") * 20 <= len(text):
            return text
    return _patched(octets)


def _western_or_not(octets: bytes, codec: str) -> str:
    """Return text that claims to be of Western Europe, or claims nothing and is not ASCII."""
    try:
        return octets.decode("utf-8")
    except UnicodeError:
        pass
    sample = octets[:GUESS_BYTES]
    high = len(sample) - len(sample.translate(None, _HIGH))
    letters = len(sample) - len(sample.translate(None, _HIGH + _LATIN))
    # In languages of Latin letters the others are few; everything else is made of them.
    if high * 5 > letters * 2 and not _is_nearly_utf8(sample):
        guess = from_bytes(sample).best()
        return octets.decode(guess.encoding if guess else "cp1252", "replace")
    if codec in ("", "ascii"):
        return _of_old_machines(octets)
    return octets.decode(codec) if codec == "iso8859_15" else _patched(octets)


def _of_old_machines(octets: bytes) -> str:
    """Return undeclared text of Latin letters: Windows, unless DOS or the old Macintosh fit better."""
    sample = octets[:GUESS_BYTES]
    fits = {
        codec: len([char for char in sample.decode(codec, "replace") if char in _LETTERS_ABROAD])
        for codec in ("cp1252", "cp850", "mac_roman")
    }
    best = max(fits, key=lambda codec: fits[codec])
    return _patched(octets) if best == "cp1252" else octets.decode(best, "replace")


def _is_nearly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return 2 * bad <= sum(char > "\x7f" for char in text) - bad


def _patched(octets: bytes) -> str:
    """Return UTF-8 whose invalid bytes are read as Windows-1252: mixed texts, or only the latter."""
    return octets.decode("utf-8", "windows")


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows", _read_as_windows)


def _declared_in_markup(octets: bytes) -> str:
    head = octets[:META_BYTES]
    declared = _META.search(head) or _XML.match(head)
    codec = codec_of(declared[1].decode("ascii", "replace")) if declared else ""
    # Who could be read so far did not write in units of two bytes.
    return "" if _UNICODE_UNITS.match(codec) else codec


def clean(text: str) -> str:
    """Return `text` with line feeds only and without what PostgreSQL or XML refuse."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return _UNSTORABLE.sub("", text.replace("\f", "\n")).removeprefix("\ufeff")
