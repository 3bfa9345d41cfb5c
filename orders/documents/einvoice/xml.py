"""XML of strangers: no DTD, no entities, no network, bounds on size and depth (promise B12).

Names are compared without their namespaces: which prefix or even which namespace a sender wrote is
a matter of the format check, not of reading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from hbu.lib.reasons import N_

MAX_BYTES = 20_000_000
MAX_TAGS = 1_000_000
MAX_CHILDREN = 20_000
MAX_TEXT = 10_000
_BEGINNING = 65_536
"""Licences and histories stand before the root element, in several languages."""
Element: TypeAlias = etree._Element
_TOO_LARGE = N_("The file is too large.")
_REFUSED = N_("XML with a document type definition is refused.")
NO_XML = N_("This is no XML.")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s{0,20}=\s{0,20}[\"']([A-Za-z0-9._-]{1,40})")
_ALPHABETS = re.compile(
    r"(?:utf[-_]?8|(?:us-)?ascii|iso[-_]?8859[-_]\d{1,2}|latin-?\d{1,2}|(?:windows-|cp)\d{3,4})",
    re.IGNORECASE,
)
_AROUND = "\0\t\n\r\x1a \ufeff"
_DECLARATION = re.compile(r"<\?xml\s[^?]{0,500}\?>")
_BLANKS = re.compile(r"\s*")
_ASIDE = (("<?", "?>"), ("<!--", "-->"))
# Whole documents in base64, which nothing here reads and the parser takes up to 10 MB of.
_ENCLOSED = re.compile(r">[A-Za-z0-9+/=\s&#;]{1000000,}+<")


@dataclass(frozen=True, slots=True)
class Xml:
    """A parsed document, or why there is none."""

    root: Element | None = None
    error: str = ""
    fault: str = ""
    """What is not well-formed about it, for whoever wrote it; it may be readable all the same."""
    hint: str = ""
    """The first words of what could not be parsed, from which its kind may be told."""


def parse(data: bytes) -> Xml:
    """The document. A DTD is refused before a parser sees it; what is too large is not tried."""
    if len(data) > MAX_BYTES:
        return Xml(error=_TOO_LARGE)
    text, fault = _decoded(data)
    whole = text.strip(_AROUND)
    if text[:1].isspace() and whole.startswith("<?xml"):
        fault = fault or "blanks before the XML declaration"
    if not whole.startswith("<"):
        return Xml(error=NO_XML, hint=whole[:1000])
    return _parsed(whole, fault)


def head_of(data: bytes) -> str:
    """Its beginning, from which its kind may be told without parsing it."""
    return _decoded(data[:_BEGINNING])[0].strip(_AROUND)


def _parsed(whole: str, fault: str) -> Xml:
    hint = whole[:_BEGINNING]
    body = _DECLARATION.sub("", whole, count=1) if whole.startswith("<?xml") else whole
    body = _ENCLOSED.sub("><", body)
    if body.count("<") > MAX_TAGS:
        return Xml(error=_TOO_LARGE, hint=hint)
    if body[(at := root_at(body)) : at + 9].upper() == "<!DOCTYPE":
        return Xml(error=_REFUSED, hint=hint)
    try:
        root = etree.fromstring(body.encode("utf-8"), _parser())
    except (etree.XMLSyntaxError, ValueError) as broken:
        return Xml(error=N_("The XML is damaged."), fault=str(broken)[:300], hint=hint)
    if root.getroottree().docinfo.internalDTD is not None:
        return Xml(error=_REFUSED, hint=hint)
    if any(len(one) > MAX_CHILDREN for one in root.iter()):
        return Xml(error=_TOO_LARGE, hint=hint)
    return Xml(root, fault=fault)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, by mark, declaration or UTF-8; and what is wrong if its bytes say otherwise."""
    head = data.lstrip(b"\t\n\r ")
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), "")
    declared = _DECLARED.match(head.removeprefix(b"\xef\xbb\xbf"))
    stated = declared[1].decode("ascii") if declared else ""
    name = marked or (stated if _ALPHABETS.fullmatch(stated) else "utf-8")
    fault = "" if marked or not stated or name == stated else f"{stated}, but written in UTF-8"
    try:
        return head.decode(name), fault
    except (UnicodeDecodeError, LookupError):
        return head.decode("cp1252", "replace"), f"its bytes are not {name}"


def root_at(body: str) -> int:
    """Where the root element or a DTD begins, behind comments and instructions; the end if none."""
    at = 0
    while True:
        at = _BLANKS.match(body, at).end()  # type: ignore[union-attr]
        aside = next((pair for pair in _ASIDE if body.startswith(pair[0], at)), None)
        if aside is None:
            return at
        end = body.find(aside[1], at + len(aside[0]))
        if end < 0:
            return len(body)
        at = end + len(aside[1])


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return _bare(str(element.tag))


@lru_cache(maxsize=2000)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


@lru_cache(maxsize=2000)
def _steps(path: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(step.split("|")) for step in path.split("/"))


def every(element: Element | None, path: str) -> list[Element]:
    """All elements under a path of local names: "A|B/C" is a C in an A or in a B."""
    found = [] if element is None else [element]
    for names in _steps(path):
        found = [child for one in found for child in _children(one, names)]
    return found


def first(element: Element | None, path: str) -> Element | None:
    return next(iter(every(element, path)), None)


def _children(element: Element, names: frozenset[str]) -> Iterator[Element]:
    return (child for child in element.iterchildren(tag=etree.Element) if local(child) in names)


def said(element: Element | None) -> str:
    """The element's own text in one line, blanks joined; empty if there is none."""
    return " ".join((element.text or "")[:MAX_TEXT].split()) if element is not None else ""


def text(element: Element | None, path: str) -> str:
    """The first text under the path that says something."""
    return next((words for one in every(element, path) if (words := said(one))), "")


def attribute(element: Element | None, name: str) -> str:
    return "" if element is None else str(element.get(name, "")).strip()[:200]


def place(element: Element) -> str:
    """Its XPath in the document."""
    return str(element.getroottree().getpath(element))
