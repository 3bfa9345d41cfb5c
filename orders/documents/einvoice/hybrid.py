"""A PDF that carries its invoice or order as XML: what the XML says, and how well the two fit."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pypdf import PdfReader

from hbu.lib.reasons import N_
from orders.data import Check, CheckState, ReadDocument
from orders.documents.einvoice import embedded
from orders.documents.einvoice.embedded import NAMES, Attached
from orders.documents.einvoice.reading import PART, damaged, read_xml
from orders.documents.einvoice.rules.rule import PART as RULES
from orders.documents.einvoice.values import written
from orders.documents.einvoice.xml import NO_XML, Element, parse, said

_RELATIONSHIPS = frozenset({"Alternative", "Data", "Source"})
_LEVELS = {"COMFORT": "EN16931"}
_SAME = N_("The picture says the same as the data")
_E_INVOICE = N_("It is an e-invoice")
_LEAST_TEXT = 80
_HYBRIDS = {"cii": "factur-x"}
_FACTS = frozenset({"DocumentFileName", "ConformanceLevel", "part"})


def read_hybrid(pdf: bytes) -> ReadDocument | None:
    """The XML inside, read and checked, and how it is attached; None for a PDF without one."""
    reader = embedded.opened(pdf)
    file = embedded.file_in(pdf, reader)
    if file is None:
        return None
    document = read_xml(file.data)
    if document.error == NO_XML:  # under a name that promises some
        kind = "order" if file.name.lower() == "order-x.xml" else "invoice"
        document = damaged(kind, "factur-x", f"{file.name}: {len(file.data)} bytes")
    checks = (*document.checks, *_container(reader, file, document))
    return replace(document, format=_HYBRIDS.get(document.format, document.format), checks=checks)


def without_data(kind: str) -> Check | None:
    """For a PDF that carries no data: an invoice, yet none that the law calls an e-invoice."""
    if kind != "invoice":
        return None
    return Check(_E_INVOICE, CheckState.NOT_CHECKED, "PDF", PART)


def same_as_picture(document: ReadDocument, text: str) -> Check:
    """Whether the text of the pages shows the number and the amount that the data state.

    Not checked where the pages hold hardly any text: what people see is a picture then.
    """
    shown = _unspaced(text)
    gross = document.gross if document.gross is not None else document.payable
    stated = {document.number: [_unspaced(document.number)]} if document.number else {}
    stated |= {f"{gross:f}": list(written(gross))} if gross is not None else {}
    missing = [words for words, forms in stated.items() if not any(one in shown for one in forms)]
    if not stated or (len(missing) == len(stated) and len(shown) < _LEAST_TEXT):
        return Check(_SAME, CheckState.NOT_CHECKED, part="content")
    state = CheckState.FAILED if missing else CheckState.OK
    return Check(_SAME, state, ", ".join(missing), "content")


def _unspaced(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def _container(reader: PdfReader | None, file: Attached, document: ReadDocument) -> Iterator[Check]:
    facts = _xmp(reader)
    name, related = file.name, file.relationship
    fits = name.lower() in {*NAMES} and related in _RELATIONSHIPS
    attached = N_("The XML is attached to the PDF as the standard wants it")
    yield _check(attached, fits, f"{name} {related}".strip(), known=reader is not None)
    stated = facts.get("DocumentFileName", "")
    named = N_("The PDF names the XML it carries")
    yield _check(named, stated.lower() == name.lower(), stated, known=bool(stated))
    level = facts.get("ConformanceLevel", "")
    same = N_("PDF and XML name the same profile")
    yield _check(same, _fits(level, document), level, known=bool(level and document.profile))
    archive = N_("The PDF is an archive PDF (PDF/A-3)")
    detail = f"PDF/A-{facts['part']}" if "part" in facts else ""
    yield Check(archive, CheckState.NOT_CHECKED, detail, RULES)


def _check(name: str, held: object, detail: str, *, known: bool) -> Check:
    """Of the PDF around the XML: rules of the hybrid format, which do not unmake the invoice."""
    if not known:
        return Check(name, CheckState.NOT_CHECKED, detail, RULES)
    return Check(name, CheckState.OK if held else CheckState.FAILED, detail, RULES)


def _fits(level: str, document: ReadDocument) -> bool:
    wanted = re.sub(r"[\s_-]", "", level).upper()
    profile = re.sub(r"[\s_-]", "", document.profile).upper()
    if "KOSIT" in profile or wanted == "XRECHNUNG":
        return "KOSIT" in profile and wanted in {"XRECHNUNG", "EN16931"}
    return profile.endswith((f":{wanted}", f":{_LEVELS.get(wanted, wanted)}:2017"))


def _xmp(reader: PdfReader | None) -> dict[str, str]:
    """What the metadata of the PDF say about the XML, as elements or as attributes."""
    stream: Any = reader and embedded.metadata_of(reader)
    root = parse(stream).root if stream else None
    return dict(_facts(root)) if root is not None else {}


def _facts(root: Element) -> Iterator[tuple[str, str]]:
    for one in root.iter("*"):
        yield from _fact(str(one.tag), said(one))
        for key, value in one.attrib.items():
            yield from _fact(str(key), str(value).strip())


def _fact(tag: str, value: str) -> Iterator[tuple[str, str]]:
    space, _, name = tag.rpartition("}")
    if value and name in _FACTS and (name != "part" or "pdfa/ns/id" in space):
        yield name, value[:200]
