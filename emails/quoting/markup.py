"""What mail programs mark as quoted in HTML: there the boundary is exact in every language."""

import re
from itertools import islice

from lxml import etree

_LONGEST_ATTRIBUTE = 500
_CANDIDATES = 100
_QUOTES = {
    "gmail_attr", "moz-cite-prefix", "protonmail_quote", "yahoo_quoted", "zmail_extra", "tutanota_quote",
    "front-blockquote", "mailmaster-quote", "ntes-mailmaster-quote", "mail_quote_body", "replyforwardheader",
    "ms-outlook-mobile-reference-message", "olk_src_body_section", "isreplycontent",
    "mail-editor-reference-message-container",
}  # fmt: skip
"""Classes and ids of elements that hold what is quoted, or the line over it."""
_BOUNDARIES = {
    "divrplyfwdmsg",
    "appendonsend",
    "zwchr",
    "stopspelling",
    "replysplit",
    "reply-intro",
}
"""Ids of elements behind which there is only what is quoted."""
_LINE_ABOVE = re.compile(r"border-top:\s?(?:solid\s)?#(?:e1e1e1|b5c4df)", re.IGNORECASE)
_LINE_BESIDE = re.compile(
    r"border-left(?:-style|-color|-width)?\s?:\s?(?!none|0|medium none)", re.IGNORECASE
)


_ANY_MARK = re.compile(
    "|".join((*_QUOTES, *_BOUNDARIES, "<blockquote", "name=[\"']?quote", "border-top:")),
    re.IGNORECASE,
)


def may_mark_quotes(html: str) -> bool:
    """Return quickly whether it is worth looking closer."""
    return bool(_ANY_MARK.search(html))


def mark_quotes(tree: "etree._Element") -> bool:
    """Put ">" in place of what a tree marks as quoted; return whether anything was."""
    found = [element for element in tree.iter(etree.Element) if _is_quote(element)]
    candidates = (element for element in tree.iter(etree.Element) if _is_boundary(element))
    inside = set(found)
    for boundary in islice(candidates, _CANDIDATES):
        if inside.isdisjoint(boundary.iterancestors()):
            _cut_behind(boundary)
            found.append(boundary)
            break
    for element in found:
        element.clear(keep_tail=True)
        element.tag, element.text = "div", ">"
    return bool(found)


def _is_quote(element: "etree._Element") -> bool:
    if not _QUOTES.isdisjoint(_names(element)):
        return True
    if element.tag == "blockquote":
        style = element.get("style", "")[:_LONGEST_ATTRIBUTE]
        cited = element.get("type") == "cite" or "gmail_quote" in _names(element)
        return cited or bool(_LINE_BESIDE.search(style))
    # GMX and WEB.DE
    return bool(element.get("name") == "quote")


def _is_boundary(element: "etree._Element") -> bool:
    if not _BOUNDARIES.isdisjoint(_names(element)):
        return True
    style = element.get("style", "")
    if element.tag != "div" or not _LINE_ABOVE.search(style[:_LONGEST_ATTRIBUTE]):
        return False
    # Outlook draws this line over the headers of what is answered; letterheads have lines too.
    colons: int = sum(text.count(":") for text in islice(element.itertext(), 40))
    return colons >= 3


def _names(element: "etree._Element") -> list[str]:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return names[:_LONGEST_ATTRIBUTE].lower().split()


def _cut_behind(element: "etree._Element") -> None:
    """Remove all that follows an element in its document."""
    element.tail = None
    while (parent := element.getparent()) is not None:
        for sibling in list(element.itersiblings()):
            parent.remove(sibling)
        element = parent
        if element.getparent() is not None:
            element.tail = None
