"""HTML of mails: made safe to show, and read as text.

Sanitising and laying out are native or quadratic code that no alarm interrupts, so the size, the
depth and the work are measured first on a tree of libxml2, which is linear and cuts by itself.
"""

import re
from collections.abc import Callable
from html import unescape

import nh3
from lxml import etree

from emails.encoding import clean
from emails.layout import laid_out
from hbu.lib.reasons import N_

HTML_BYTES = 512 * 1024
DEPTH = 200
WORK = 200_000
"""How many formatting elements (`<b>`, `<font>`) may surround elements, summed up: an HTML5 parser
opens them anew in each block that follows."""
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
    "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small",
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
_HIDDEN = re.compile(r"(?:display\s{0,5}:\s{0,5}none|mso-hide\s{0,5}:\s{0,5}all)", re.IGNORECASE)
_RAW_END = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
# Soft hyphens and blanks of no width: they only keep words from being found.
_UNSEEN = re.compile("[\u00ad\u034f\u200b\u2060\ufeff]")
_BLANK_LINES = re.compile(r"\n{3,}")

# What lxml raises over trees it did not expect. Not Exception: a task's time limit
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
    """Return what the HTML says, laid out; beyond the bounds, without layout."""
    try:
        return _text(_tree(html))
    except _UNREADABLE:
        return strip(html)


def text_after(html: str, change: "Callable[[etree._Element], bool]") -> str:
    """Return what the HTML says after a change of its tree; "" where nothing was to be changed."""
    try:
        tree = _tree(html)
        return _text(tree) if change(tree) else ""
    except _UNREADABLE:
        return ""


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
    lines = (
        line.rstrip() for line in _UNSEEN.sub("", clean(text)).replace("\xa0", " ").split("\n")
    )
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
    for element in tree.iter(etree.Element):
        if _is_hidden(element):
            element.tag = "template"
    etree.strip_elements(tree, *_DROPPED, with_tail=False)
    if _too_complex(tree):
        raise _BoundsError(N_("The HTML is nested too deeply: shown as text only."))
    return tree


def _is_hidden(element: "etree._Element") -> bool:
    """Return whether nobody sees it: texts for previews, or meant for machines."""
    if element.tag in ("html", "body"):
        return False
    return element.get("hidden") is not None or bool(
        _HIDDEN.search(element.get("style", "")[:2000])
    )


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
    return _tidy(laid_out(tree))


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
