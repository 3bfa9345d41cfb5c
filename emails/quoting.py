"""The writer's own words: a mail without the history it quotes and without its signature.

German and English, in the shapes of Outlook, Apple Mail, Gmail, Thunderbird, GMX and WEB.DE. A
line is looked at with at most a few of its followers, so the time stays linear.
"""

import re
from collections.abc import Iterator, Sequence

_LONGEST_LINE = 300
_ATTRIBUTION_LINES = 4
_LABEL_LINES = 6

# Lines such as -----Original Message-----, with dashes around or a colon behind.
_DIVIDERS = {
    "anfang der weitergeleiteten e-mail", "anfang der weitergeleiteten nachricht",
    "begin forwarded message", "forwarded message", "original message", "originalnachricht",
    "reply message", "ursprüngliche e-mail", "ursprüngliche mail", "ursprüngliche nachricht",
    "urspruengliche nachricht", "weitergeleitete nachricht",
}  # fmt: skip
# The block of headers that Outlook and GMX put over what they quote, sometimes in bold.
_LABEL = re.compile(
    r"\s{0,4}\**(von|from|gesendet|sent|datum|date|an|to|cc|kopie|betreff|subject|antwort an|reply-to)"
    r"\s?:(?:[\s*]|$)",
    re.IGNORECASE,
)
_WRITER_LABELS = {"von", "from"}
_ATTRIBUTION = re.compile(r"\s*(?:(?:am|on)\s|\d{4}-\d\d-\d\d\s)", re.IGNORECASE)
_WRITTEN_ON = re.compile(r"\b(?:schrieb am|hat am|wrote on)\s", re.IGNORECASE)
_WROTE = re.compile(r"\b(?:schrieb|geschrieben|wrote)\b|@[^<>\s]*>\s*:$", re.IGNORECASE)
_TIME_OR_ADDRESS = re.compile(r"\d[:.]\d\d|@")
_SENT_BY_DEVICE = re.compile(
    r"(?:von meinem .{1,40} gesendet"
    r"|gesendet (?:von|mit|über|aus) (?:der |mein|outlook|mail|yahoo|gmx|web\.de|proton).{0,60}"
    r"|diese nachricht wurde von meinem .{1,60} gesendet"
    r"|sent from (?:my |outlook|mail|yahoo|proton).{0,60}|sent with proton.{0,40}"
    r"|get outlook for .{1,20}|outlook für .{1,20} beziehen|holen sie sich outlook für .{1,20})\W*",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-_*=\s]*")
_BLANK_LINES = re.compile(r"\n{3,}")


def reply_text(text: str) -> str:
    """Return what its writer added; the whole text where nothing would be left."""
    own = list(_own_lines(text.split("\n")))
    while own and _RULE.fullmatch(own[-1]):
        own.pop()
    return _BLANK_LINES.sub("\n\n", "\n".join(own)).strip("\n") or text


def unwrap(text: str, *, delete_space: bool = False) -> str:
    """Return text that was sent as format=flowed with its paragraphs whole (RFC 3676)."""
    paragraphs: list[list[str]] = []
    depth_before = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if depth != depth_before:
            paragraphs.append(["> " * depth])
        soft = content.endswith(" ") and content != "-- "
        paragraphs[-1].append(content[:-1] if soft and delete_space else content)
        depth_before = depth if soft else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)


def _own_lines(lines: Sequence[str]) -> Iterator[str]:
    passed_over = 0
    for at, line in enumerate(lines):
        if at < passed_over or _is_quoted(line) or _names_a_device(line):
            continue
        if _ends_own_words(lines, at):
            return
        if length := _attribution_length(lines, at):
            passed_over = at + length
            if not any(map(_is_quoted, lines[passed_over : passed_over + 3])):
                return
        else:
            yield line


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _names_a_device(line: str) -> bool:
    return len(line) <= _LONGEST_LINE and bool(_SENT_BY_DEVICE.fullmatch(line.strip()))


def _ends_own_words(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    # RFC 3676, 4.3; the blank after the dashes gets lost on the way.
    return line.rstrip() == "--" or _is_divider(line) or _begins_labels(lines, at)


def _is_divider(line: str) -> bool:
    marked = "--" in line or "__" in line or line.rstrip().endswith(":")
    return marked and line.strip(" \t-_*:").lower() in _DIVIDERS


def _begins_labels(lines: Sequence[str], at: int) -> bool:
    if not _LABEL.match(lines[at]):
        return False
    matches = (_LABEL.match(line) for line in lines[at : at + _LABEL_LINES])
    labels = {match[1].lower() for match in matches if match}
    return len(labels) >= 3 and not labels.isdisjoint(_WRITER_LABELS)


def _attribution_length(lines: Sequence[str], at: int) -> int:
    """Return on how many lines "On ... Anna wrote:" stands here; 0 where it does not."""
    first = lines[at][:_LONGEST_LINE]
    if not (_ATTRIBUTION.match(first) or _WRITTEN_ON.search(first)):
        return 0
    joined = ""
    for length, line in enumerate(lines[at : at + _ATTRIBUTION_LINES], start=1):
        if not line.strip():
            break
        joined += f" {line[:_LONGEST_LINE].strip()}"
        if joined.endswith(":") and _WROTE.search(joined) and _TIME_OR_ADDRESS.search(joined):
            return length
    return 0
