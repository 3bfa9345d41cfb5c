"""Parameters of header fields such as `filename` (RFC 2231)."""

import re
from email.message import Message
from urllib.parse import unquote_to_bytes

from emails.encoding import decode
from emails.headers.fields import one_line, raw_values
from emails.headers.words import decode_words

# A quote inside a quoted value ends it only where the next parameter could begin.
_VALUE = r"""("(?:[^"\\]|\\.|"(?!\s*+(?:;|\Z|[\w*-]{1,30}=)))*+"?|[^;]*+)"""
_PARAMETER = re.compile(rf';\s*+([^\s=;"]{{1,60}})\s*+=\s*+{_VALUE}', re.DOTALL)
# Without the semicolon in front.
_LOOSE = re.compile(rf"(?:^|[\s,])([\w*-]{{1,60}})\s?=\s?{_VALUE}", re.DOTALL)
_SECTION = re.compile(r"(?:\*([0-9]{1,3}))?(\*?)", re.ASCII)
_ESCAPED = re.compile(r'\\(["\\])')


def parameter(msg: Message, header: str, name: str) -> str:
    """Return a parameter, its sections joined and decoded (RFC 2231, RFC 2047)."""
    raw = next(raw_values(msg, header), "")
    if name not in raw.lower():
        return ""
    return _found(_PARAMETER, raw, name) or _found(_LOOSE, raw, name)


def _found(pattern: re.Pattern[str], raw: str, name: str) -> str:
    plain, sections = "", dict[int, tuple[bool, str]]()
    for key, value in pattern.findall(raw):
        section = _SECTION.fullmatch(key, len(name)) if key.lower().startswith(name) else None
        if section and section[0]:
            coded = (bool(section[2]), _unquoted(value.strip()))
            sections.setdefault(int(section[1] or 0), coded)
        elif section:
            plain = plain or _unquoted(value.strip())
    return one_line(decode_words(_joined(sections) if sections else plain))


def _joined(sections: dict[int, tuple[bool, str]]) -> str:
    ordered = [sections[number] for number in sorted(sections)]
    charset = ""
    if ordered[0][0] and ordered[0][1].count("'") >= 2:
        charset, _, rest = ordered[0][1].split("'", 2)
        ordered[0] = (True, rest)
    octets = (unquote_to_bytes(value) if coded else value.encode() for coded, value in ordered)
    return decode(b"".join(octets), charset)


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    # Other backslashes are those of a path on Windows.
    return _ESCAPED.sub(r"\1", value.removeprefix('"').removesuffix('"'))
