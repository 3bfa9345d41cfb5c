"""Invoices in CII and ZUGFeRD 1: one for each oddity of the public examples."""

from tests.corpora.seen_papers import (
    BASIC,
    BASICWL,
    CII_HEAD,
    EXTENDED,
    FERD,
    KOSIT,
    KOSIT_2,
    MINIMUM,
    Item,
    Paper,
)

LICENCE = f"<!-- {'Nutzungsrechte des Datenformats; right of use. ' * 400}-->\n"
BASE = "<ram:BasisQuantity unitCode='H87'>{}</ram:BasisQuantity>"
PRICE = "<ram:{}PriceProductTradePrice><ram:ChargeAmount>{}</ram:ChargeAmount>{}</ram:{}PriceProductTradePrice>"
STATUS = (
    "<ram:ParentLineID>01</ram:ParentLineID><ram:LineStatusReasonCode>{}</ram:LineStatusReasonCode>"
)


def _price(kind, amount, more=""):
    return PRICE.format(kind, amount, more, kind)


def _sums(*pairs):
    return "".join(f"<ram:{name}>{amount}</ram:{name.split()[0]}>" for name, amount in pairs)


FOREIGN = _sums(
    ("TaxBasisTotalAmount", "100.00"),
    ('TaxTotalAmount currencyID="EUR"', "21.33"),
    ('TaxTotalAmount currencyID="GBP"', "19.00"),
    ("GrandTotalAmount", "119.00"),
    ("DuePayableAmount", "119.00"),
)
SPACED = _sums(
    ("LineTotalAmount", "\n  100.00\n"),
    ("TaxBasisTotalAmount", "+100.00 "),
    ('TaxTotalAmount currencyID="EUR"', " 19.00\t"),
    ("GrandTotalAmount", "119.0000000000"),
    ("TotalPrepaidAmount", "0"),
    ("DuePayableAmount", "119.00000"),
)
PREPAID = _sums(
    ("TaxBasisTotalAmount", "100.00"),
    ('TaxTotalAmount currencyID="EUR"', "19.00"),
    ("GrandTotalAmount", "119.00"),
    ("TotalPrepaidAmount", "50.00"),
)
TWICE = _sums(
    ('TaxBasisTotalAmount currencyID="EUR"', "100.00"),
    ('TaxTotalAmount currencyID="EUR"', "19.00"),
    ('GrandTotalAmount currencyID="CHF"', "113.05"),
    ('GrandTotalAmount currencyID="EUR"', "119.00"),
    ('DuePayableAmount currencyID="EUR"', "119.00"),
)
GROUPS = (
    Item("Laserdrucker", "2.00", "300.00", "600.00", before=STATUS.format("DETAIL")),
    Item("Kopierpapier", "10.00", "9.00", "90.00", before=STATUS.format("DETAIL")),
    Item("Zwischensumme", "1.00", "690.00", "690.00", before=STATUS.format("GROUP")),
    Item("Hinweis", "", "", "0.00", before=STATUS.format("INFORMATION")),
)
CREDIT = ("-100.00", "-19.00", "-119.00", "-119.00")
FREE = ("100.00", "0.00", "100.00", "100.00")
LONG = "0.333333333333333333333333333333333"
PAPERS = (
    Paper("plain", head=LICENCE),
    Paper("minimum", MINIMUM, items=(), sums=("624.90", "46.25", "671.15", "470.15")),
    Paper("basic wl", BASICWL, items=()),
    Paper("basic", BASIC),
    Paper(
        "extended, groups and notes",
        EXTENDED,
        items=GROUPS,
        sums=("690.00", "131.10", "821.10", "821.10"),
    ),
    Paper(
        "xrechnung",
        KOSIT,
        number="123456XX",
        day="<udt:DateTimeString format='102'>20240315</udt:DateTimeString>",
    ),
    Paper(
        "older xrechnung",
        KOSIT_2,
        settlement="<ram:SpecifiedTradePaymentTerms><ram:Description/></ram:SpecifiedTradePaymentTerms>",
    ),
    Paper(
        "tax currency",
        currency="GBP",
        written=FOREIGN,
        settlement="<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>",
    ),
    Paper("gross sum in two currencies", EXTENDED, written=TWICE),
    Paper(
        "blanks around amounts",
        written=SPACED,
        items=(Item("Stift", " 2.5000\n", "40.0000", "100.00 "),),
    ),
    Paper(
        "nothing said of what is due", written=PREPAID, sums=("100.00", "19.00", "119.00", "69.00")
    ),
    Paper("reverse charge", sums=FREE),
    Paper("no tax sum", MINIMUM, items=(), sums=("100.00", None, "100.00", "100.00")),
    Paper(
        "credit note 381",
        code="381",
        sums=CREDIT,
        items=(Item("Gutschrift", "-1", "100.00", "-100.00"),),
    ),
    Paper(
        "correction 384", code="384", sums=CREDIT, items=(Item("Storno", "-1.000", "100", "-100"),)
    ),
    Paper(
        "per hundred",
        items=(
            Item(
                "Diesel",
                "64.",
                "3.61",
                "231.04",
                stated=_price("Net", "361.00", BASE.format("100.")),
            ),
        ),
    ),
    Paper(
        "the price once more as its basis",
        items=(
            Item(
                "kWh",
                "16000",
                "0.00880",
                "140.80",
                stated=_price("Net", "0.00880", BASE.format("0.00880")),
            ),
            Item(
                "kW",
                "132",
                "15.24000",
                "167.64",
                stated=_price("Net", "15.24000", BASE.format("15.24000")),
            ),
            Item(
                "Five for five",
                "10",
                "1",
                "10.00",
                stated=_price("Net", "5.00", BASE.format("5.00")),
            ),
        ),
    ),
    Paper(
        "a basis that was not meant",
        items=(
            Item(
                "Stunde", "10", "95.00", "950.00", stated=_price("Net", "95.00", BASE.format("100"))
            ),
        ),
    ),
    Paper(
        "per thousand",
        items=(
            Item(
                "Schrauben",
                "5000",
                "0.02",
                "100.00",
                stated=_price("Net", "20.00", BASE.format("1000")),
            ),
        ),
    ),
    Paper(
        "gross price and net price",
        items=(
            Item(
                "Nagel",
                stated=_price("Gross", "110.00", BASE.format("1.0000"))
                + _price("Net", "100.00", BASE.format("1.0000")),
            ),
        ),
    ),
    Paper(
        "gross price alone",
        items=(
            Item(
                "Nagel",
                stated=_price(
                    "Gross",
                    "110.00",
                    "<ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>10.00</ram:ActualAmount></ram:AppliedTradeAllowanceCharge>",
                ),
            ),
        ),
    ),
    Paper("no price", items=(Item("Pauschale", price=""),)),
    Paper(
        "no quantity", items=(Item("Zeile", "0", "100.00", "0.00"), Item("Zeile", "", "", "0.00"))
    ),
    Paper("long decimals", items=(Item("Faden", "300", LONG, "100.00"),)),
    Paper("date with hyphens", day="2024-03-15"),
    Paper("date with the time", day="20240315093000"),
    Paper(
        "date of another format",
        day="<udt:DateTimeString format='203'>202403150930</udt:DateTimeString>",
    ),
    Paper("date of no format", day="<udt:DateTimeString>2024-03-15</udt:DateTimeString>"),
    Paper("date without its wrapping", day="<!-- bare -->2024-03-15T00:00:00"),
    Paper("date as a moment", day="<udt:DateTime>2024-03-15T10:00:00.000+01:00</udt:DateTime>"),
    Paper(
        "date in a space of its own",
        day="<a:DateTimeString xmlns:a='urn:x' format='102'> 20240315\n</a:DateTimeString>",
    ),
    Paper("date with slashes", day="2024/03/15"),
    Paper(
        "comments behind every element",
        head="<!-- BT-1 : N° -->",
        buyer="Ma jolie boutique",
        buyer_more="<!-- BT-44 -->",
    ),
    Paper("letters of Hungary", seller="Őrség Társa Kft.", items=(Item("DÍZEL – űrméret"),)),
    Paper(
        "two tax numbers",
        seller_more="<ram:SpecifiedTaxRegistration><ram:ID schemeID='FC'>201/113/40209</ram:ID></ram:SpecifiedTaxRegistration><ram:SpecifiedTaxRegistration><ram:ID schemeID='VA'>DE 136 695 976</ram:ID></ram:SpecifiedTaxRegistration>",
    ),
    Paper(
        "trading names beside",
        seller_more="<ram:SpecifiedLegalOrganization><ram:ID schemeID='0002'>99999999800010</ram:ID><ram:TradingBusinessName>Lief</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>",
    ),
    Paper(
        "a contact and no name",
        buyer="",
        buyer_more="<ram:DefinedTradeContact><ram:PersonName>Frau Test</ram:PersonName></ram:DefinedTradeContact>",
    ),
    Paper(
        "empty elements",
        head="<ram:IncludedNote/><ram:Name/>",
        settlement="<ram:PaymentReference/><ram:PayeeTradeParty/>",
        seller_more="<ram:PostalTradeAddress/><ram:URIUniversalCommunication><ram:URIID/></ram:URIUniversalCommunication>",
    ),
    Paper(
        "an instruction of style",
        root='<?xml-stylesheet type="text/xsl" href="xrechnung.xsl"?>\n' + CII_HEAD,
    ),
    Paper("a licence in front", EXTENDED, root=LICENCE + LICENCE + CII_HEAD),
    Paper(
        "eight taxes",
        settlement="".join(
            f"<ram:ApplicableTradeTax><ram:CalculatedAmount>{rate}.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>100.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
            for rate in range(1, 9)
        ),
    ),
    Paper(
        "an attachment of 12 MB",
        settlement="<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>R1</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>",
        head=f"<ram:X><ram:AttachmentBinaryObject>{'JVBERi0x&#13;' * 1_000_000}</ram:AttachmentBinaryObject></ram:X>",
    ),
)
FIRST_EDITION = (
    Paper("zugferd 1 basic", f"{FERD}basic", items=(Item("Trennblätter"),)),
    Paper("zugferd 1 comfort", f"{FERD}comfort"),
    Paper(
        "zugferd 1 extended",
        f"{FERD}extended",
        items=(
            Item("Zitronensäure 100ml", "100.0000", "1.0000", "100.00"),
            Item("Gelierzucker", "50.0000", "1.4700", "73.50"),
        ),
    ),
    Paper("zugferd 1, licence in front", f"{FERD}comfort", root=LICENCE + CII_HEAD),
    Paper(
        "zugferd 1, test",
        f"{FERD}comfort",
        head="<ram:Name>RECHNUNG</ram:Name><ram:CopyIndicator><udt:Indicator>false</udt:Indicator></ram:CopyIndicator>",
    ),
)
