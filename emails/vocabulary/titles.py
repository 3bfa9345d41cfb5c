"""Titles of documents, and the marks of electronic ones."""

from collections.abc import Mapping

from emails.data import Kind

TITLES: Mapping[Kind, Mapping[int, str]] = {
    Kind.QUOTATION_REQUEST: {
        0: "anfrage, preisanfrage, angebotsanfrage, request for quotation, rfq, enquiry"
    },
    Kind.SUPPLIER: {
        1: "angebot, preisliste, quotation, quote, offer, price list",
        4: """auftragsbestätigung, order confirmation, order acknowledgement, lieferavis,
            versandanzeige, dispatch advice, packing list, packliste, lieferschein,
            delivery note""",
    },
    Kind.ORDER: {
        2: """bestellung, bestellschein, bestellauftrag, nachbestellung, einkaufsbestellung,
            lieferabruf, purchase order, order, order form, po"""
    },
    Kind.ORDER_CHANGE: {
        3: """bestelländerung, änderungsbestellung, auftragsänderung, stornierung, storno,
            purchase order change, change order, order change, cancellation"""
    },
    Kind.INVOICE: {
        5: """rechnung, schlussrechnung, teilrechnung, abschlagsrechnung, sammelrechnung,
            handelsrechnung, gutschrift, rechnungskorrektur, invoice, tax invoice,
            commercial invoice, credit note, xrechnung, factur x, zugferd""",
        6: "mahnung, zahlungserinnerung, payment reminder, reminder",
    },
    Kind.PAYMENT: {7: "zahlungsavis, avis, remittance advice, payment advice, remittance"},
    Kind.COMPLAINT: {
        8: "reklamation, mängelrüge, mängelbericht, 8d report, 8d bericht, complaint, claim"
    },
    Kind.RETURN: {8: "rücksendeschein, retourenschein, rücksendung, return form, rma"},
    Kind.TECHNICAL: {
        0: """datenblatt, sicherheitsdatenblatt, technische zeichnung, zeichnung, data sheet,
            datasheet, technical drawing, drawing"""
    },
}
"""Titles of documents, by their place in the chain of trade: a document refers to those before
it ("zu Ihrer Bestellung 4711") and never to those after it, so the latest title names it."""

E_DOCUMENTS = (
    ("scrdmccbdaciomessagestructure", Kind.ORDER),
    ("specification:order-2", Kind.ORDER),
    ("crossindustryinvoice", Kind.INVOICE),
    ("specification:invoice-2", Kind.INVOICE),
    ("specification:creditnote-2", Kind.INVOICE),
)
"""Order-X, UBL and CII name themselves in their first lines."""
