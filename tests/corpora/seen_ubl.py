"""Invoices and credit notes in UBL: one for each oddity of the public examples."""

from dataclasses import replace as changed

from tests.corpora.seen_cii import CREDIT, FREE
from tests.corpora.seen_papers import (
    KOSIT,
    KOSIT_EXTENDED,
    PEPPOL,
    Item,
    Paper,
    money,
)


def _taxes(*totals):
    return "".join(f"<cac:TaxTotal>{money('TaxAmount', *one)}</cac:TaxTotal>" for one in totals)


def _total(currency="EUR", **amounts):
    each = "".join(money(name, amount, currency) for name, amount in amounts.items())
    return f"<cac:LegalMonetaryTotal>{each}</cac:LegalMonetaryTotal>"


SUBLINES = "".join(
    f"<cac:SubInvoiceLine><cbc:ID>1.0{at}</cbc:ID><cbc:InvoicedQuantity unitCode='MTK'>{at}7.290</cbc:InvoicedQuantity>"
    f"{money('LineExtensionAmount', '50.00')}<cac:Item><cbc:Name>Gerüst {at}</cbc:Name></cac:Item></cac:SubInvoiceLine>"
    for at in (1, 2)
)
PAID_BY_OTHERS = (
    "<cac:PrepaidPayment><cbc:ID>MobilesBezahlen</cbc:ID><cbc:PaidAmount currencyID='EUR'>29.96</cbc:PaidAmount>"
    "<cbc:InstructionID>Fremdleistungen</cbc:InstructionID></cac:PrepaidPayment>"
)
BASED = money("PriceAmount", "200.00") + "<cbc:BaseQuantity unitCode='XPP'>2</cbc:BaseQuantity>"
IN_UBL = tuple(
    changed(one, day="2024-03-15" if one.day == "20240315" else one.day)
    for one in (
        Paper("ubl"),
        Paper(
            "ubl xrechnung",
            KOSIT,
            head="<cbc:Note>#ADU#AGB</cbc:Note><cbc:Note>zweitens</cbc:Note>",
        ),
        Paper(
            "ubl sublines",
            KOSIT_EXTENDED,
            items=(Item("Arbeitsgerüst", after=SUBLINES),),
            code="877",
        ),
        Paper(
            "ubl paid by others",
            KOSIT_EXTENDED,
            settlement=PAID_BY_OTHERS,
            sums=("100.00", "19.00", "119.00", "148.96"),
        ),
        Paper("ubl date with zone", day="2024-03-15+01:00"),
        Paper("ubl date with Z", day="2024-03-15Z"),
        Paper("ubl date in lines", day="\n  2024-03-15\n"),
        Paper(
            "ubl negative",
            PEPPOL,
            sums=CREDIT,
            items=(Item("Strom", "-1", "100.00", "-100.00"),),
            currency="DKK",
        ),
        Paper(
            "ubl price for two",
            PEPPOL,
            items=(Item("Item name", "7", "100", "700.00", stated=BASED),),
        ),
        Paper("ubl not subject to tax", PEPPOL, sums=FREE),
        Paper(
            "ubl tax twice",
            currency="SEK",
            written=_taxes(("21.33", "EUR"), ("19.00", "SEK"))
            + _total(
                "SEK",
                LineExtensionAmount="100.00",
                TaxExclusiveAmount="100.00",
                TaxInclusiveAmount="119.00",
                PayableAmount="119.00",
            ),
        ),
        Paper(
            "ubl prepaid and rounded",
            written=_taxes(("19.00",))
            + _total(
                TaxExclusiveAmount="100.00",
                TaxInclusiveAmount="119.00",
                PrepaidAmount="19.10",
                PayableRoundingAmount="0.10",
                PayableAmount="100.00",
            ),
            sums=("100.00", "19.00", "119.00", "100.00"),
        ),
        Paper(
            "ubl names in several places",
            seller_more="<cac:PartyName><cbc:Name>Marke</cbc:Name></cac:PartyName>",
            buyer_more="<cac:PartyName><cbc:Name>Kunde</cbc:Name></cac:PartyName>",
        ),
        Paper(
            "ubl name of the party alone",
            seller_more="<cac:PartyName><cbc:Name>Lieferant GmbH</cbc:Name></cac:PartyName><cac:PartyLegalEntity><cbc:CompanyID/></cac:PartyLegalEntity>",
        ),
        Paper(
            "ubl reference to an order on the line",
            PEPPOL,
            items=(
                Item(
                    "Laptop",
                    before="<cac:OrderLineReference><cbc:LineID>6171175.1</cbc:LineID></cac:OrderLineReference>",
                ),
            ),
        ),
        Paper(
            "ubl with a file of 12 MB",
            settlement=f"<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode='application/pdf'>{'JVBE' * 3_000_000}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>",
        ),
    )
)
CREDITED = (
    Paper("ubl credit note", PEPPOL, day="2024-03-15", code="381"),
    Paper(
        "ubl credit note in SEK",
        day="2024-03-15",
        code="381",
        currency="SEK",
        head="<cbc:Note languageID='en'>Scratch on box</cbc:Note>",
    ),
)
