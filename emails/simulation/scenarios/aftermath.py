"""What is written once goods and invoices are there: anger, money, praise, and all that is not business."""

from emails.data import Kind, Priority
from emails.simulation.scenarios.plain import Plain, a_supplier, an_oem, scenario, somebody

QUALITY = ("info", "quality", "support")
MONEY = ("finance", "info")
LETTERS = {
    "complaint_angry": Plain(
        Kind.COMPLAINT, "quality",
        ("So nicht! Lieferung {number}", "das ist nun schon das dritte Mal, dass die Knöpfe {sku} zerkratzt ankommen. Das ist inakzeptabel, wir sind sehr verärgert und erwarten bis zum {later} Ersatz!"),
        ("This is not acceptable: delivery {number}", "this is the third time that the buttons {sku} arrive scratched. That is unacceptable, we are very annoyed and expect a replacement by {later}!"),
        to=QUALITY, priority=Priority.HIGH,
    ),
    "complaint_short_delivery": Plain(
        Kind.COMPLAINT, "quality",
        ("Fehlmenge in Lieferung {number}", "in der Lieferung {number} fehlen zwei Packungen {sku}. Laut Lieferschein sollten es {count} Stück sein."),
        ("Short delivery {number}", "two packs of {sku} are missing in delivery {number}. According to the delivery note there should be {count} pieces."),
        to=QUALITY, priority=Priority.HIGH,
    ),
    "complaint_wrong_colour": Plain(
        Kind.COMPLAINT, "quality",
        ("Farbabweichung {sku}", "die Farbe der gelieferten Knöpfe {sku} weicht deutlich vom Muster ab. So können wir die Ware nicht verarbeiten und müssen reklamieren."),
        ("Colour deviation {sku}", "the colour of the delivered buttons {sku} does not match the sample at all. We cannot use the goods like this and have to make a complaint."),
        to=QUALITY, priority=Priority.HIGH,
    ),
    "complaint_oem": Plain(
        Kind.COMPLAINT, "oem1",
        ("Mängelrüge {number}, 8D-Report erforderlich", "hiermit rügen wir die Lieferung {number}: Bei 3 % der Knöpfe {sku} bricht die Öse. Wir erwarten einen 8D-Report."),
        ("Notice of defects {number}, 8D report required", "we hereby give notice of defects in delivery {number}: the shank of 3 % of the buttons {sku} is broken. We expect an 8D report."),
        by=an_oem, to=("oem1", "quality"), priority=Priority.HIGH,
    ),
    "complaint_phone": Plain(
        Kind.COMPLAINT, "quality",
        ("kaputt", "hallo, die Hälfte der Knöpfe aus der letzten Lieferung ist kaputt. Was nun?"),
        ("broken", "hi, half of the buttons from the last delivery are broken. What now?"),
        to=QUALITY, priority=Priority.HIGH, terse=True,
    ),
    "return_wrong_size": Plain(
        Kind.RETURN, "quality",
        ("Umtausch {sku}", "wir haben versehentlich die falsche Größe gewählt und möchten zwei Packungen {sku} aus Bestellung {number} umtauschen. Sie sind ungeöffnet."),
        ("Exchange of {sku}", "we chose the wrong size by mistake and would like to exchange two packs of {sku} from order {number}. They are unopened."),
        to=QUALITY,
    ),
    "return_revocation": Plain(
        Kind.RETURN, "quality",
        ("Widerruf Bestellung {number}", "hiermit widerrufe ich meine Bestellung {number} und schicke die Knöpfe zurück. Bitte senden Sie mir einen Rücksendeschein."),
        ("Withdrawal from order {number}", "I withdraw from my order {number} and will send back the buttons. Please send me a return label."),
        by=somebody, to=QUALITY,
    ),
    "invoice_wrong": Plain(
        Kind.INVOICE, "finance",
        ("Rechnung {invoice} ist falsch", "in Ihrer Rechnung {invoice} fehlt der vereinbarte Rabatt. Bitte senden Sie uns eine Rechnungskorrektur.", "auf der Rechnung {invoice} steht unsere alte Umsatzsteuer-ID. Bitte stellen Sie eine korrigierte Rechnung aus."),
        ("Invoice {invoice} is wrong", "the agreed discount is missing in your invoice {invoice}. Please send us a corrected invoice.", "your invoice {invoice} shows our old VAT ID. Please issue a corrected invoice."),
        to=MONEY,
    ),
    "invoice_copy": Plain(
        Kind.INVOICE, "finance",
        ("Rechnungskopie {invoice}", "für unsere Buchhaltung benötigen wir eine Kopie der Rechnung {invoice} über {amount} EUR."),
        ("Copy of invoice {invoice}", "our bookkeeping needs a copy of the invoice {invoice} for {amount} EUR."),
        to=MONEY,
    ),
    "invoice_reminder": Plain(
        Kind.INVOICE, "finance",
        ("Zahlungserinnerung {invoice}", "unsere Rechnung {invoice} über {amount} EUR vom {before} ist noch offen. Wir bitten um Ausgleich bis zum {later}."),
        ("Payment reminder {invoice}", "our invoice {invoice} of {before} for {amount} EUR is still outstanding. Please settle it by {later}."),
        by=a_supplier, to=MONEY,
    ),
    "payment_done": Plain(
        Kind.PAYMENT, "finance",
        ("Rechnung {invoice} bezahlt", "den Betrag von {amount} EUR zu Ihrer Rechnung {invoice} haben wir heute überwiesen. Bitte bestätigen Sie den Zahlungseingang."),
        ("Invoice {invoice} paid", "today we have paid your invoice {invoice} with a bank transfer of {amount} EUR. Please confirm receipt of the payment."),
        to=MONEY,
    ),
    "payment_instalments": Plain(
        Kind.PAYMENT, "finance",
        ("Bitte um Ratenzahlung", "wegen der schwachen Saison bitten wir darum, die Rechnung {invoice} über {amount} EUR in drei Raten zahlen zu dürfen. Ist eine Ratenzahlung möglich?"),
        ("Payment by instalments", "because of a weak season we would like to pay the invoice {invoice} for {amount} EUR in three instalments. Could you agree to such a payment plan?"),
        to=MONEY,
    ),
    "payment_twice": Plain(
        Kind.PAYMENT, "finance",
        ("Rechnung {invoice} doppelt bezahlt", "wir haben die Rechnung {invoice} doppelt bezahlt. Bitte erstatten Sie uns {amount} EUR auf unser Konto; um Rückerstattung wird gebeten."),
        ("Paid twice: {invoice}", "by mistake {invoice} was paid twice. Please arrange the refund of {amount} EUR to our bank account."),
        to=MONEY,
    ),
    "feedback_private": Plain(
        Kind.FEEDBACK, "sales",
        ("Wunderschöne Knöpfe", "die Knöpfe sind wunderschön, und mein Mantel ist toll geworden. Großes Lob und weiter so!"),
        ("Wonderful buttons", "the buttons are perfect and my coat looks amazing. I am delighted, keep up the good work!"),
        by=somebody, to=("info", "sales"),
    ),
    "feedback_thanks": Plain(
        Kind.FEEDBACK, "sales",
        ("Danke für die schnelle Lieferung", "vielen Dank für die schnelle Lieferung, wir sind rundum zufrieden und empfehlen Sie gerne weiter."),
        ("Thank you for the excellent service", "thank you for the excellent service. We are very happy with the buttons and will recommend you."),
        to=("info", "sales"), reply=True,
    ),
    "supplier_price_increase": Plain(
        Kind.SUPPLIER, "supplier",
        ("Preisanpassung zum Quartal", "wegen gestiegener Rohstoffpreise müssen wir zum nächsten Quartal eine Preiserhöhung von 4 % vornehmen. Unsere neue Preisliste folgt."),
        ("Price adjustment next quarter", "because of raw material prices we have to announce a price increase of 4 % from next quarter. Our new price list follows."),
        by=a_supplier, to=("supplier", "info"),
    ),
    "supplier_delay": Plain(
        Kind.SUPPLIER, "supplier",
        ("Lieferverzögerung Ihre Bestellung {number}", "Ihre Bestellung {number} verzögert sich leider um zwei Wochen, weil eine Maschine ausgefallen ist."),
        ("Delivery delay, your purchase order {number}", "we regret that your purchase order {number} will be delayed by two weeks because a machine broke down."),
        by=a_supplier, to=("supplier", "info"),
    ),
    "supplier_confirmation": Plain(
        Kind.SUPPLIER, "supplier",
        ("Auftragsbestätigung {number}", "vielen Dank für Ihren Auftrag. Hiermit erhalten Sie unsere Auftragsbestätigung zu Ihrer Bestellung; Versand am {later}."),
        ("Order confirmation {number}", "thank you for your business. This is our order confirmation for your purchase order; dispatch on {later}."),
        by=a_supplier, to=("supplier", "info"),
    ),
    "supplier_cold_call": Plain(
        Kind.SUPPLIER, "supplier",
        ("Verpackungen aus Graspapier", "wir sind Hersteller von Verpackungen aus Graspapier und würden gerne Ihr Lieferant werden. Anbei unser Angebot und unser Sortiment."),
        ("Packaging made of grass paper", "we are a manufacturer of packaging made of grass paper and would like to become your supplier. Our offer and our product range are below."),
        by=a_supplier, to=("supplier", "info"),
    ),
    "general_application": Plain(
        Kind.GENERAL, "info",
        ("Bewerbung als Industriekauffrau", "hiermit bewerbe ich mich um einen Ausbildungsplatz in Ihrem Haus. Meinen Lebenslauf sende ich Ihnen gerne zu."),
        ("Job application", "I would like to apply for an internship at your company and will gladly send you my CV."),
        by=somebody,
    ),
    "general_press": Plain(
        Kind.GENERAL, "info",
        ("Presseanfrage", "für einen Beitrag über alte Handwerke suche ich eine Gesprächspartnerin für ein Interview. Wäre das bei Ihnen möglich?"),
        ("Press enquiry", "for an article on old crafts I am looking for somebody to interview. Would that be possible at your company?"),
        by=somebody,
    ),
    "general_privacy": Plain(
        Kind.GENERAL, "info",
        ("Auskunft nach DSGVO", "nach Artikel 15 DSGVO bitte ich um Auskunft, welche personenbezogenen Daten über mich gespeichert sind."),
        ("Data you hold about me", "under Article 15 GDPR I ask you which personal data are stored about me."),
        by=somebody,
    ),
    "spam_loan": Plain(
        Kind.SPAM, "info",
        ("Sofortkredit bewilligt", "Ihr Kredit ohne Schufa ist bewilligt! Jetzt klicken und Geld in 24 Stunden erhalten: http://kredit.example"),
        ("Your loan is approved", "your loan is approved without any credit check! Click here and act now: http://loan.example"),
        by=somebody, priority=Priority.LOW, auto_reply=False,
    ),
    "spam_ranking": Plain(
        Kind.SPAM, "info",
        ("Auf Platz 1 bei Google", "ich habe Ihre Webseite gesehen. Mit unserer Suchmaschinenoptimierung und Backlinks stehen Sie auf Seite 1 bei Google."),
        ("First page of Google", "I saw your website. With our SEO services and backlinks you will be on the first page of Google and get more traffic."),
        by=somebody, priority=Priority.LOW, auto_reply=False,
    ),
    "spam_inheritance": Plain(
        Kind.SPAM, "info",
        ("Vertraulich: Erbschaft", "ich bin Notar und suche den nächsten Angehörigen einer Erbschaft von 8 Millionen Dollar. Bitte antworten Sie vertraulich."),
        ("Confidential: inheritance", "I am a lawyer and look for the next of kin to an inheritance of 8 million dollars. Please answer in confidence."),
        by=somebody, priority=Priority.LOW, auto_reply=False,
    ),
    "phishing": Plain(
        Kind.SPAM, "info",
        ("Ihr Konto wurde gesperrt", "Ihr Konto wurde gesperrt. Bitte bestätigen Sie Ihre Daten, klicken Sie hier: http://bank.example"),
        ("Verify your account", "your account is suspended. Please confirm your details and verify your account, click here: http://bank.example"),
        by=somebody, priority=Priority.LOW, auto_reply=False,
    ),
}  # fmt: skip
SCENARIOS = {name: scenario(letter) for name, letter in LETTERS.items()}
