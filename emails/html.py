"""HTML of mails: made safe to show, and read as text.

Sanitising and laying out are native or quadratic code that no alarm interrupts, so the size, the
depth and the work are measured first on a tree of libxml2, which is linear and cuts by itself.
"""

import re
from html import unescape

import nh3
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree

from emails.encoding import clean
from hbu.lib.reasons import N_

HTML_BYTES = 512 * 1024
DEPTH = 200
WORK = 200_000
"""How many formatting elements (`<b>`, `<font>`) may surround elements, summed up: an HTML5 parser
opens them anew in each block that follows."""
CANVAS = 20_000_000
"""How many characters laid-out tables may take: each line is filled up to the widest."""
STRIPPED_CHARACTERS = 1_000_000

_FORMATTING = {
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "span", "strike",
    "strong", "sub", "sup", "tt", "u",
}  # fmt: skip
# With all that is in them. Raw text and foreign content are where sanitisers and browsers differ.
_DROPPED = {
    "applet", "audio", "base", "canvas", "embed", "frame", "frameset", "head", "iframe",
    "link", "math", "meta", "noembed", "noframes", "noscript", "object", "plaintext",
    "script", "style", "svg", "template", "textarea", "title", "video", "xmp",
}  # fmt: skip
_TAGS = {
    "a", "abbr", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_CELL = {"align", "valign", "bgcolor", "width", "height", "colspan", "rowspan"}
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "align"},
    "a": {"href"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "width"},
    "td": _CELL,
    "th": _CELL,
    "tr": {"bgcolor", "valign"},
}
_STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-color",
    "border-left", "border-right", "border-spacing", "border-style", "border-top", "border-width",
    "color", "font-family", "font-size", "font-style", "font-weight", "line-height",
    "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top",
    "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align",
    "text-decoration", "text-indent", "vertical-align", "white-space", "width",
}  # fmt: skip
# What may load something or escape: url(...), image-set(...), \75rl, @import, expression(...).
_STYLE_CALL = re.compile(r"[\\@]|(?<!rgb)(?<!rgba)(?<!hsl)(?<!hsla)\(", re.IGNORECASE)

_TOKEN = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)[^<>]*>?|<[!?][^<>]*>?|([^<]+)|<+")
_BLOCK = {
    "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "table", "tr", "ul",
}  # fmt: skip
_RAW_END = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

# What lxml and inscriptis raise over trees they did not expect. Not Exception: a task's time limit
# is one of those.
_UNREADABLE = (
    ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
    etree.LxmlError,
)  # fmt: skip


class _BoundsError(ValueError):
    """HTML beyond the bounds."""


def sanitise(html: str) -> tuple[str, str]:
    """Return HTML fit to be shown, or "" and the reason why there is none.

    Nothing in it acts by itself: no scripts, no forms, no pictures but those of the mail (`cid:`).
    What comes out may go in again.
    """
    try:
        return _safe(_tree(html)), ""
    except _BoundsError as reason:
        return "", str(reason)
    except _UNREADABLE:
        return "", N_("The HTML could not be read: shown as text only.")


def text_of(html: str) -> str:
    """Return what the HTML says, its tables laid out unless that would take too much."""
    try:
        return _text(_tree(html))
    except _UNREADABLE:
        return strip(html)


def strip(html: str) -> str:
    """Return the text of any HTML in linear time, without layout."""
    html = html[: 2 * STRIPPED_CHARACTERS]
    pieces: list[str] = []
    at = 0
    while match := _TOKEN.match(html, at):
        at = match.end()
        closing, name, text = match[1], (match[2] or "").lower(), match[3]
        if text:
            pieces.append(text)
        elif match[0].startswith("<!--"):
            at = _after(html, match.start() + 4, "-->")
        elif name in _RAW_END and not closing:
            end = _RAW_END[name].search(html, at)
            at = end.start() if end else len(html)
        elif name:
            pieces.append(_gap(name))
    return _tidy(unescape("".join(pieces)))


def _after(html: str, start: int, mark: str) -> int:
    found = html.find(mark, start)
    return found + len(mark) if found >= 0 else len(html)


def _gap(name: str) -> str:
    if name in _BLOCK:
        return "\n"
    return "  " if name in ("td", "th") else ""


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in clean(text).replace("\xa0", " ").split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")[:STRIPPED_CHARACTERS]


def _tree(html: str) -> "etree._Element":
    """Return the tree of libxml2, which closes what HTML leaves open, without what is not shown."""
    octets = html.encode("utf-8", "replace")
    if len(octets) > HTML_BYTES:
        raise _BoundsError(N_("The HTML is larger than 512 kB: shown as text only."))
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = etree.fromstring(octets, parser) if octets.strip() else None
    if tree is None:
        return etree.Element("html")
    etree.strip_elements(tree, *_DROPPED, with_tail=False)
    if _too_complex(tree):
        raise _BoundsError(N_("The HTML is nested too deeply: shown as text only."))
    return tree


def _safe(tree: "etree._Element") -> str:
    safe = _CLEANER.clean(etree.tostring(tree, method="html", encoding="unicode"))
    if len(safe) > HTML_BYTES:
        raise _BoundsError(N_("The HTML is larger than 512 kB: shown as text only."))
    return safe


def _too_complex(tree: "etree._Element") -> bool:
    depth = formatting = work = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        step = 1 if event == "start" else -1
        depth += step
        formatting += step * (element.tag in _FORMATTING)
        work += formatting
        if depth > DEPTH or work > WORK:
            return True
    return False


def _text(tree: "etree._Element") -> str:
    plain = strip(etree.tostring(tree, method="html", encoding="unicode"))
    if _canvas(tree, plain) > CANVAS:
        return plain
    return _tidy(Inscriptis(tree, ParserConfig()).get_text())


def _canvas(tree: "etree._Element", plain: str) -> int:
    """Return how many characters laying out the tables may take at most."""
    lines = plain.split("\n")
    columns = max((len(row) for row in tree.iter("tr")), default=1)
    return len(lines) * min(len(plain), max(map(len, lines)) * columns)


def _filter(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        # Anything else would tell its sender that, when and where the mail was opened.
        return value if value.lower().startswith("cid:") else None
    if name == "style" and _STYLE_CALL.search(value):
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    attribute_filter=_filter,
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes={"cid", "http", "https", "mailto", "tel"},
    url_relative="deny",
    filter_style_properties=_STYLES,
)
