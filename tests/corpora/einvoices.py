"""E-invoices and e-orders of every kind, written here from plain facts, read and compared."""

import re
from dataclasses import dataclass
from dataclasses import replace as changed
from decimal import Decimal

from orders.documents.einvoice.hybrid import read_hybrid
from orders.documents.einvoice.reading import read_xml
from tests.corpora import bill_cii, bill_ubl
from tests.corpora.bills import EXTENDED_ONLY, ORDERS, SHAPES
from tests.corpora.faults import FAULTS
from tests.corpora.figure import Figure
from tests.corpora.hybrids import pdf
from tests.corpora.spellings import WAYS, encoded

WITHOUT_LINES = {"minimum", "basicwl"}
NOT_IN_BASIC = {"rounded", "attached", "foreign"}
NO_CREDIT = {"negative", "prepaid"}


@dataclass(frozen=True)
class Case:
    name: str
    data: bytes
    bill: object
    level: str = ""
    is_pdf: bool = False
    is_order: bool = False

    def read(self):
        return read_hybrid(self.data) if self.is_pdf else read_xml(self.data)


def cases():
    """All of them, in a fixed order."""
    return [*_cii(), *_zugferd_1(), *_ubl(), *_orders(), *_written_otherwise(), *_in_pdfs()]


def _cii():
    kinds = [kind for kind in bill_cii.GUIDELINES if not kind.startswith(("zugferd1", "orderx"))]
    for at, kind in enumerate(kinds):
        level = kind.removeprefix("zugferd 2.0 ")
        shapes = SHAPES | (EXTENDED_ONLY if level == "extended" else {})
        for number, (name, bill) in enumerate(shapes.items()):
            # Every profile with a good half of the shapes, every shape with a good half of the profiles.
            if (number + at) % 5 < 3 and _says(level, name):
                yield Case(f"{kind}: {name}", encoded(bill_cii.written(bill, kind)), bill, level)


def _says(level, shape):
    if level in {"basic", "basicwl", "minimum"} and shape in NOT_IN_BASIC:
        return False
    if level.startswith("xrechnung") and shape == "not subject":
        return False
    return not (level == "minimum" and shape in {"two rates", "umlauts"})


def _zugferd_1():
    for kind in ("zugferd1 basic", "zugferd1 comfort", "zugferd1 extended"):
        for name in (
            "plain",
            "two rates",
            "adjusted",
            "prepaid",
            "period",
            "umlauts",
            "many lines",
            "exempt",
        ):
            yield Case(
                f"{kind}: {name}", encoded(bill_cii.written(SHAPES[name], kind)), SHAPES[name], kind
            )


def _ubl():
    for at, profile in enumerate(bill_ubl.PROFILES):
        for number, (name, bill) in enumerate(SHAPES.items()):
            if (number + at) % 4 < 2 and _says(profile, name):
                yield Case(f"ubl {profile}: {name}", encoded(bill_ubl.written(bill, profile)), bill)
    for profile in ("en16931", "xrechnung 3.0", "peppol"):
        for name in SHAPES.keys() - NO_CREDIT - {"not subject"}:
            bill = changed(SHAPES[name], type_code="381", preceding="RE-1")
            data = encoded(bill_ubl.written(bill, profile, "CreditNote"))
            yield Case(f"ubl credit note {profile}: {name}", data, bill)
    for name in ("plain", "two rates", "many lines"):
        bill = SHAPES[name]
        yield Case(f"ubl 2.0: {name}", encoded(bill_ubl.written(bill, "plain", old=True)), bill)


def _orders():
    for name, bill in ORDERS.items():
        for level in ("basic", "comfort", "extended"):
            if level != "basic" or name not in {"adjusted", "two"}:
                data = encoded(bill_cii.written(bill, f"orderx {level}"))
                yield Case(f"order-x {level}: {name}", data, bill, f"orderx {level}", is_order=True)
        yield Case(f"ubl order: {name}", encoded(bill_ubl.ordered(bill)), bill, is_order=True)


def _written_otherwise():
    bill = SHAPES["two rates"]
    sources = {
        "en16931": bill_cii.written(bill, "en16931"),
        "zugferd1 comfort": bill_cii.written(bill, "zugferd1 comfort"),
        "ubl": bill_ubl.written(bill, "xrechnung 3.0"),
    }
    for kind, xml in sources.items():
        for way, write in WAYS.items():
            yield Case(f"{kind}, {way}", write(xml), bill, kind)


def _in_pdfs():
    bill = SHAPES["two rates"]
    xml = encoded(bill_cii.written(bill, "en16931"))
    old = encoded(bill_cii.written(bill, "zugferd1 comfort"))
    scan = b"\x89PNG no invoice"
    made = {
        "where it belongs": pdf(xml, AFRelationship="Alternative"),
        "in capitals": pdf(xml, "FACTUR-X.XML"),
        "deep in the tree": pdf(xml, place="kids"),
        "AF only": pdf(xml, place="af"),
        "AF of a page": pdf(xml, place="page af"),
        "pinned to the page": pdf(xml, place="note"),
        "named by nobody": pdf(xml, place="nowhere"),
        "any name": pdf(xml, "rechnung_4711.xml"),
        "named in Desc": pdf(xml, None, Desc="factur-x.xml"),
        "no name": pdf(xml, None),
        "xrechnung.xml": pdf(encoded(bill_cii.written(bill, "xrechnung 3.0")), "xrechnung.xml"),
        "UBL inside": pdf(encoded(bill_ubl.written(bill, "xrechnung 2.0")), "xrechnung.xml"),
        "among others": pdf(xml, others=(("bild.png", scan), ("daten.xml", b"<data/>"))),
        "ZUGFeRD 1": pdf(old, "ZUGFeRD-invoice.xml"),
        "zugferd-invoice.xml": pdf(xml, "zugferd-invoice.xml"),
        "without its end": pdf(xml)[:-30],
        "rubbish before": b"\0\0HTTP/1.1 200 OK\r\n\r\n" + pdf(xml),
        "wrong cross-references": re.sub(rb"startxref\s+\d+", b"startxref\n99", pdf(xml)),
        "UTF-16 inside": pdf(encoded(bill_cii.written(bill, "en16931"), "UTF-16")),
    }
    for name, data in made.items():
        yield Case(f"PDF, {name}", data, bill, "ubl" if "UBL" in name else "en16931", is_pdf=True)
    for name, bill in ORDERS.items():
        data = pdf(encoded(bill_cii.written(bill, "orderx comfort")), "order-x.xml")
        yield Case(
            f"PDF, order-x: {name}", data, bill, "orderx comfort", is_pdf=True, is_order=True
        )


def wrong(case):
    """What was read other than it was written, in few words."""
    document = case.read()
    if document is None:
        return ["nothing was found"]
    found, expected = _facts(document), _expected(case)
    return [
        f"{name}: {found[name]!r}, not {one!r}"[:160]
        for name, one in expected.items()
        if found[name] != one
    ]


def _facts(document):
    return {
        "kind": document.kind,
        "number": document.number,
        "date": str(document.date),
        "type": document.type_code,
        "currency": document.currency,
        "seller": document.seller.name,
        "seller VAT": document.seller.vat_id,
        "seller place": (document.seller.postcode, document.seller.city, document.seller.country),
        "buyer": document.buyer.name,
        "buyer street": document.buyer.street,
        "sums": (document.net, document.tax, document.gross),
        "payable": document.payable,
        "due": document.due_date and str(document.due_date),
        "lines": [
            (line.name, line.sku, line.quantity, line.unit, line.total, line.price)
            for line in document.lines
        ],
        "wanted": document.requested_date and str(document.requested_date),
        "iban": document.seller.iban,
    }


def _expected(case):
    bill, level = case.bill, case.level
    facts = {
        "kind": "order" if case.is_order else "invoice",
        "number": bill.number,
        "date": bill.date,
        "type": bill.type_code,
        "currency": bill.currency,
        "seller": bill.seller.name,
        "buyer": bill.buyer.name,
        "sums": (bill.net, bill.tax, bill.gross),
        "lines": [] if level in WITHOUT_LINES else [_line(one, level) for one in bill.items],
    }
    if case.is_order:
        return facts | {
            "wanted": bill.wanted
            or next((one.wanted for one in bill.items if one.wanted and "basic" not in level), None)
            or None
        }
    facts["payable"] = bill.payable
    if level != "minimum":
        street = ", ".join(filter(None, (bill.buyer.street, bill.buyer.street2)))
        place = (bill.seller.postcode, bill.seller.city, bill.seller.country)
        facts |= {"seller VAT": bill.seller.vat_id, "seller place": place, "buyer street": street}
        facts |= {"due": bill.due or None, "iban": bill.iban}
    return facts


def _line(item, level):
    sku = ("" if level == "basic" else item.sku or item.buyer_sku) or item.gtin
    price = None if level == "zugferd1 basic" else item.price / (item.basis or Decimal(1))
    return " ".join(item.name.split()), sku, item.quantity, item.unit, item.total, price


def measure():
    read, notes = 0, []
    every = cases()
    for case in every:
        if differences := wrong(case):
            notes.append(f"{case.name}: {'; '.join(differences)}")
        else:
            read += 1
    yield Figure(
        "e-invoices: number, date, parties, totals, lines", read, len(every), 1.0, tuple(notes)
    )
    refused = [
        f"{one.name}: {faults}" for one in every if not is_marred(one) and (faults := alarms(one))
    ]
    count = sum(not is_marred(one) for one in every)
    yield Figure(
        "e-invoices without a fault: no false alarm",
        count - len(refused),
        count,
        1.0,
        tuple(refused),
    )
    missed = [
        f"{one.name}: {sorted(found)}" for one in FAULTS if one.rule not in (found := one.found())
    ]
    yield Figure(
        "seeded faults named by the right rule",
        len(FAULTS) - len(missed),
        len(FAULTS),
        0.95,
        tuple(missed),
    )


MARRED = (
    "ISO dates",
    "dates with time",
    "blanks before",
    "latin letters",
    "currency on amounts",
    "decimals",
    "PDF, ",
    "minimum",
    "basicwl",
    "ubl plain",
    "ubl 2.0",
)


def is_marred(case):
    """Those that break the format by intent, or that no German law takes for an invoice."""
    return any(words in case.name for words in MARRED)


def alarms(case):
    return [
        f"{one.rule or one.name} {one.detail}"[:90]
        for one in case.read().checks
        if one.state == "failed"
    ]
