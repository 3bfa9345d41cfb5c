"""An XML document, read and put through the three checks. Runs in the jail."""

from collections.abc import Iterator
from dataclasses import replace

from hbu.lib.reasons import N_
from orders.data import Check, CheckState, ReadDocument
from orders.documents.einvoice import cii, content, rules, schemas, ubl
from orders.documents.einvoice.dialects import Dialect, dialect_of, guideline_of, told_by, unwrapped
from orders.documents.einvoice.telling import document_of
from orders.documents.einvoice.terms import Paper
from orders.documents.einvoice.xml import Element, Xml, parse

MAX_LINES = 5_000
PART = "format"
WELL_FORMED = N_("The XML is well-formed")
_FOLLOWS = N_("The XML follows its schema")
_DAMAGED = {
    "invoice": N_("This is an e-invoice, but its XML is damaged: ask for a new one."),
    "order": N_("This is an order in XML, but its XML is damaged: ask for a new one."),
}
_OTHER_XML = N_("This XML is neither an invoice nor an order.")
_REST = (
    Check(_FOLLOWS, CheckState.NOT_CHECKED, part=PART),
    Check(N_("The rules of the standard are kept"), CheckState.NOT_CHECKED, part="rules"),
    Check(N_("What the law asks for is stated"), CheckState.NOT_CHECKED, part="content"),
)


def read_xml(data: bytes) -> ReadDocument:
    """What the XML says, with the report of its checks; an error where it cannot be used at all.

    kind is invoice or order, also for a damaged one that can be told; other for any other XML and
    for one that is refused.
    """
    xml = parse(data)
    if xml.root is None:
        return _unread(xml)
    root = unwrapped(xml.root)
    profile = guideline_of(root)
    dialect = dialect_of(root, profile)
    if dialect is None:
        return ReadDocument(kind="other", format="xml", error=_OTHER_XML)
    reader = ubl.read if dialect.format.endswith(("ubl", "ubl-order")) else cii.read
    paper = reader(root, MAX_LINES)
    checks = (
        *_format(xml, root, dialect, profile),
        *rules.report(paper, dialect),
        *content.report(paper, dialect),
        *_whole(paper, dialect.kind),
    )
    return replace(document_of(paper, dialect), checks=checks)


def _unread(xml: Xml) -> ReadDocument:
    told = told_by(xml.hint)
    if not xml.fault or not told:
        return ReadDocument(kind="other", format=told or "xml", error=xml.error)
    return damaged(Dialect(told).kind, told, xml.fault)


def damaged(kind: str, format: str, fault: str) -> ReadDocument:
    """An e-invoice that can be told and not be read: no scan, and not to be typed off as one."""
    torn = Check(WELL_FORMED, CheckState.FAILED, fault[:200], PART)
    return ReadDocument(kind=kind, format=format, error=_DAMAGED[kind], checks=(torn, *_REST))


def _format(xml: Xml, root: Element, dialect: Dialect, profile: str) -> Iterator[Check]:
    yield _check(WELL_FORMED, not xml.fault, xml.fault)
    if dialect.format != "ubl-order":
        yield _check(N_("The profile is a known one"), dialect.known, profile)
    yield _told(_FOLLOWS, schemas.faults(root, dialect.schemas))


def _check(name: str, held: object, detail: str = "") -> Check:
    state = CheckState.OK if held else CheckState.FAILED
    return Check(name, state, detail[:200], PART)


def _told(name: str, faults: list[str] | None) -> Check:
    if faults is None:
        return Check(name, CheckState.NOT_CHECKED, part=PART)
    return _check(name, not faults, "; ".join(faults))


def _whole(paper: Paper, kind: str) -> Iterator[Check]:
    if kind == "order" and not paper.lines:  # of invoices the rules say so: BR-16
        yield Check(N_("The order has lines"), CheckState.FAILED, part=PART)
    if paper.cut:
        name = N_("The document was read to its end")
        yield Check(name, CheckState.FAILED, f"> {MAX_LINES}")
