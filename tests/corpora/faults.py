"""Faults put into sound e-invoices, each with the rule that names it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as changed

from orders.documents.einvoice.reading import read_xml
from tests.corpora import bill_cii, bill_ubl
from tests.corpora.bills import BUYER, SELLER, SHAPES, D, Extra, button

CII, UBL, NATIONAL = "en16931", "ubl en16931", "ubl xrechnung 3.0"


@dataclass(frozen=True)
class Fault:
    name: str
    rule: str
    """The rule of the standard, or the name of the check."""
    kind: str
    bill: object
    spoil: Callable = str

    def found(self):
        spoiled = self.spoil(self.xml())
        assert self.spoil is str or spoiled != self.xml(), f"{self.name} spoils nothing"
        failed = [one for one in read_xml(spoiled.encode()).checks if one.state == "failed"]
        return {one.rule or one.name for one in failed}

    def xml(self):
        if self.kind.startswith("ubl "):
            return bill_ubl.written(self.bill, self.kind[4:])
        return bill_cii.written(self.bill, self.kind)


def without(name, count=0):
    """Takes an element out, with all that is in it."""
    pattern = re.compile(rf"<(\w+:)?{name}(?: [^<>]*)?(?:/>|>.*?</(?:\w+:)?{name}>)", re.DOTALL)
    return lambda xml: pattern.sub("", xml, count=count)


def instead(old, new, count=-1):
    return lambda xml: xml.replace(old, new, count)


def rewritten(pattern, new, count=1):
    return lambda xml: re.sub(pattern, new, xml, count=count, flags=re.DOTALL)


PLAIN, TWO, ADJUSTED = SHAPES["plain"], SHAPES["two rates"], SHAPES["adjusted"]
EU, REVERSED, EXEMPT = SHAPES["within EU"], SHAPES["reverse charge"], SHAPES["exempt"]
CORRECTED, PERIOD = SHAPES["correction"], SHAPES["period"]
# net 210.00, VAT 39.90, gross 249.90
FAULTS = (
    Fault("no number", "BR-02", UBL, changed(PLAIN, number="")),
    Fault("no date", "BR-03", UBL, PLAIN, without("IssueDate")),
    Fault("impossible date", "BR-03", CII, PLAIN, instead("20260305", "20260230")),
    Fault("no type", "BR-04", UBL, changed(PLAIN, type_code="")),
    Fault("no currency", "BR-05", UBL, PLAIN, without("DocumentCurrencyCode")),
    Fault("no seller name", "BR-06", UBL, changed(PLAIN, seller=changed(SELLER, name=""))),
    Fault("no buyer name", "BR-07", CII, changed(PLAIN, buyer=changed(BUYER, name=""))),
    Fault("no seller address", "BR-08", UBL, PLAIN, without("PostalAddress", 1)),
    Fault("no seller country", "BR-09", UBL, changed(PLAIN, seller=changed(SELLER, country=""))),
    Fault("no buyer country", "BR-11", CII, changed(PLAIN, buyer=changed(BUYER, country=""))),
    Fault("no sum of lines", "BR-12", CII, PLAIN, rewritten(r"<ram:LineTotalAmount>210.00</ram:LineTotalAmount>(?=<ram:Charge)", "")),
    Fault("no net", "BR-13", UBL, PLAIN, without("TaxExclusiveAmount")),
    Fault("no gross", "BR-14", CII, PLAIN, without("GrandTotalAmount")),
    Fault("nothing to pay", "BR-15", CII, PLAIN, without("DuePayableAmount")),
    Fault("no lines", "BR-16", UBL, PLAIN, without("InvoiceLine")),
    Fault("line without quantity", "BR-22", UBL, PLAIN, without("InvoicedQuantity")),
    Fault("quantity without unit", "BR-23", UBL, PLAIN, instead(' unitCode="C62"', "")),
    Fault("line without amount", "BR-24", UBL, PLAIN, rewritten(r"(<cac:InvoiceLine>.*?)<cbc:LineExt.*?</cbc:LineExtensionAmount>", r"\1")),
    Fault("line without name", "BR-25", CII, changed(PLAIN, items=(button(""),))),
    Fault("line without price", "BR-26", UBL, PLAIN, without("PriceAmount")),
    Fault("negative price", "BR-27", UBL, changed(PLAIN, items=(button(price="-0.42"),))),
    Fault("period backwards", "BR-29", CII, changed(PERIOD, period=("2026-02-28", "2026-02-01"))),
    Fault("allowance without reason", "BR-33", UBL, changed(PLAIN, extras=(Extra(D("5.00"), reason=""),))),
    Fault("charge without category", "BR-37", UBL, changed(PLAIN, extras=(Extra(D("5.00"), is_charge=True, category=""),))),
    Fault("breakdown without category", "BR-47", CII, PLAIN, rewritten(r"(<ram:BasisAmount>[^<]*</ram:BasisAmount>)<ram:CategoryCode>S</ram:CategoryCode>", r"\1")),
    Fault("payment without code", "BR-49", UBL, changed(PLAIN, payment_code="")),
    Fault("transfer without account", "BR-61", UBL, PLAIN, without("PayeeFinancialAccount")),
    Fault("endpoint without scheme", "BR-62", UBL, PLAIN, rewritten(r'<cbc:EndpointID schemeID="EM">', "<cbc:EndpointID>")),
    Fault("lines do not add up", "BR-CO-10", CII, PLAIN, rewritten(r"(<ram:LineTotalAmount>)210.00(</ram:LineTotalAmount><ram:Charge)", r"\g<1>211.00\2")),
    Fault("lines off by a cent", "BR-CO-10", UBL, TWO, rewritten(r"(LegalMonetaryTotal><cbc:LineExtensionAmount[^>]*>)250.63", r"\g<1>250.64")),
    Fault("allowances do not add up", "BR-CO-11", UBL, ADJUSTED, rewritten(r"(AllowanceTotalAmount[^>]*>)10.00", r"\g<1>11.00")),
    Fault("charges do not add up", "BR-CO-12", CII, ADJUSTED, rewritten(r"(ChargeTotalAmount>)6.90", r"\g<1>9.60")),
    Fault("net is wrong", "BR-CO-13", CII, PLAIN, rewritten(r"(TaxBasisTotalAmount>)210.00", r"\g<1>201.00")),
    Fault("VAT does not add up", "BR-CO-14", UBL, TWO, rewritten(r'(TaxTotal><cbc:TaxAmount currencyID="EUR">)42.74', r"\g<1>42.47")),
    Fault("gross is wrong", "BR-CO-15", CII, PLAIN, rewritten(r"(GrandTotalAmount>)249.90", r"\g<1>294.90")),
    Fault("payable is wrong", "BR-CO-16", UBL, PLAIN, rewritten(r"(PayableAmount[^>]*>)249.90", r"\g<1>248.90")),
    Fault("VAT is not rate times basis", "BR-CO-17", UBL, PLAIN, instead("39.90", "29.90")),
    Fault("no breakdown", "BR-CO-18", UBL, PLAIN, without("TaxSubtotal")),
    Fault("line without VAT category", "BR-CO-04", UBL, PLAIN, without("ClassifiedTaxCategory")),
    Fault("VAT id without country", "BR-CO-09", UBL, changed(PLAIN, seller=changed(SELLER, vat_id="136695976"))),
    Fault("no due date, no terms", "BR-CO-25", CII, changed(PLAIN, due="")),
    Fault("seller cannot be told", "BR-CO-26", CII, changed(PLAIN, seller=changed(SELLER, identifier="", legal_id="", vat_id=""))),
    Fault("standard rate, no tax number", "BR-S-02", UBL, changed(PLAIN, seller=changed(SELLER, vat_id="", tax_number=""))),
    Fault("standard rate of zero", "BR-S-05", CII, changed(PLAIN, items=(button(rate=D(0)),))),
    Fault("basis is not what lines make", "BR-S-08", UBL, PLAIN, rewritten(r"(TaxableAmount[^>]*>)210.00", r"\g<1>310.00")),
    Fault("standard rate with a reason", "BR-S-10", UBL, changed(PLAIN, reasons={"S": "befreit"})),
    Fault("exempt without a reason", "BR-E-10", CII, changed(EXEMPT, reasons={})),
    Fault("exempt with tax", "BR-E-09", UBL, EXEMPT, rewritten(r'(TaxableAmount><cbc:TaxAmount currencyID="EUR">)0.00', r"\g<1>39.90")),
    Fault("reverse charge, no VAT id of the buyer", "BR-AE-02", UBL, changed(REVERSED, buyer=changed(BUYER, vat_id=""))),
    Fault("within the EU, no VAT id of the buyer", "BR-IC-02", CII, changed(EU, buyer=changed(EU.buyer, vat_id=""))),
    Fault("within the EU, to nowhere", "BR-IC-12", UBL, changed(EU, ship_to=None)),
    Fault("not subject, but with a VAT id", "BR-O-02", UBL, changed(SHAPES["not subject"], seller=SELLER)),
    Fault("net with three decimals", "BR-DEC-12", UBL, PLAIN, rewritten(r"(TaxExclusiveAmount[^>]*>210.00)", r"\g<1>0")),
    Fault("line with three decimals", "BR-DEC-23", CII, PLAIN, instead("<ram:LineTotalAmount>210.00", "<ram:LineTotalAmount>210.000", 1)),
    Fault("unknown type", "BR-CL-01", CII, changed(PLAIN, type_code="999")),
    Fault("unknown currency", "BR-CL-04", UBL, PLAIN, instead("<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>EUX")),
    Fault("unknown country", "BR-CL-14", CII, changed(PLAIN, buyer=changed(BUYER, country="ZZ"))),
    Fault("unknown payment", "BR-CL-16", UBL, changed(PLAIN, payment_code="999")),
    Fault("unknown unit", "BR-CL-23", UBL, changed(PLAIN, items=(button(unit="Stk"),))),
    Fault("unknown VAT category", "BR-CL-18", CII, PLAIN, instead("<ram:CategoryCode>S<", "<ram:CategoryCode>X<")),
    Fault("XRechnung without payment", "BR-DE-1", NATIONAL, changed(PLAIN, iban="")),
    Fault("XRechnung without contact", "BR-DE-2", NATIONAL, changed(PLAIN, seller=changed(SELLER, contact="", phone="", email=""))),
    Fault("XRechnung without phone", "BR-DE-6", "xrechnung 3.0", changed(PLAIN, seller=changed(SELLER, phone=""))),
    Fault("XRechnung without the buyer's city", "BR-DE-8", NATIONAL, changed(PLAIN, buyer=changed(BUYER, city=""))),
    Fault("XRechnung without Leitweg-ID", "BR-DE-15", "xrechnung 2.3", changed(PLAIN, buyer_reference="")),
    Fault("XRechnung with odd discount terms", "BR-DE-18", NATIONAL, changed(PLAIN, terms="#SKONTO#TAGE=14#PROZENT=2#")),
    Fault("XRechnung with a wrong IBAN", "BR-DE-19", NATIONAL, changed(PLAIN, iban="DE89370400440532013001")),
    Fault("correction of nothing", "BR-DE-26", NATIONAL, changed(CORRECTED, preceding="")),
    Fault("XRechnung 3 without address of the buyer", "PEPPOL-EN16931-R010", NATIONAL, changed(PLAIN, buyer=changed(BUYER, endpoint=""))),
    Fault("line is not quantity times price", "PEPPOL-EN16931-R120", "ubl peppol", PLAIN, instead(">500<", ">50<")),
    Fault("amount in the wrong place", "The XML follows its schema", CII, PLAIN, rewritten(r"(<ram:TypeCode>380</ram:TypeCode>)", r"\1<ram:ID>2</ram:ID>")),
    Fault("letters for an amount", "The XML follows its schema", UBL, PLAIN, instead(">249.90<", ">249,90<")),
    Fault("unknown profile", "The profile is a known one", UBL, PLAIN, instead("urn:cen.eu:en16931:2017", "urn:example:mine")),
    Fault("VAT id that cannot be", "The VAT ids can be real", UBL, changed(PLAIN, seller=changed(SELLER, vat_id="DE136695977"))),
    Fault("no day of supply", "§ 14 (4) 6 UStG", UBL, changed(PLAIN, delivered="")),
    Fault("due before it was written", "The due date is plausible", UBL, changed(PLAIN, due="2026-02-01")),
)  # fmt: skip
