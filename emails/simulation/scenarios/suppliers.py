"""Those whom we pay, and customers who tell us that they paid."""

from decimal import ROUND_HALF_UP, Decimal

from emails.data import Kind
from emails.simulation.baskets import CENT, TAX
from emails.simulation.cast import Scene, Writer
from emails.simulation.drafts import Attachment, Draft, Scenario, compose, expect
from emails.simulation.papers import Paper, PaperLine, Party, delivery_note, invoice
from emails.simulation.wording import amount, day

Goods = tuple[str, str, str]
GOODS: dict[str, tuple[Goods, ...]] = {
    "Hornwerk Oberpfalz GmbH": (
        ("RM-HORN-20", "Büffelhornscheiben 20 mm", "0.2150"),
        ("RM-HORN-28", "Büffelhornscheiben 28 mm", "0.3425"),
        ("RM-HIR-23", "Hirschhornstangen", "1.0800"),
    ),
    "Polymer Granulate Nord GmbH": (
        ("RM-PES-01", "Polyesterstäbe weiß", "0.0480"),
        ("RM-PES-07", "Polyesterstäbe schwarz", "0.0510"),
        ("RM-PA6-V0", "Polyamid flammhemmend, Granulat", "0.0935"),
    ),
    "Kartonagen Rheinland KG": (
        ("VP-K12", "Faltschachteln 12 x 8 cm", "0.1125"),
        ("VP-K30", "Versandkartons 30 x 20 cm", "0.4680"),
    ),
    "Pacific Shell Trading Ltd": (
        ("SH-MOP-18", "Mother-of-pearl blanks 18 mm", "0.1900"),
        ("SH-BLK-15", "Black-lip shell blanks 15 mm", "0.2875"),
    ),
    "Corozo Exporters B.V.": (
        ("CZ-NUT-15", "Corozo slices 15 mm", "0.0985"),
        ("CZ-NUT-23", "Corozo slices 23 mm", "0.1640"),
    ),
}


def supplier_invoice(scene: Scene) -> Draft:
    (writer, firm), number = _supplier(scene), scene.number(scene.pick(("RE-", "INV-", "R")))
    due = day(scene.workday(20), scene.language)
    subject = scene.say(
        (f"Rechnung {number}", f"Unsere Rechnung Nr. {number}", f"Rechnung {number} zu Ihrer Bestellung"),
        (f"Invoice {number}", f"Our invoice no. {number}", f"Invoice {number} for your order"),
    )  # fmt: skip
    text = scene.say(
        (
            f"anbei erhalten Sie unsere Rechnung {number}. Bitte überweisen Sie den Rechnungsbetrag bis zum {due}.",
            f"für unsere letzte Lieferung erlauben wir uns, Ihnen die beigefügte Rechnung {number} zu stellen. Zahlbar bis {due} ohne Abzug.",
        ),
        (
            f"please find attached our invoice {number}. Kindly transfer the amount by {due}.",
            f"for our last delivery we take the liberty of sending you the attached invoice {number}, payable by {due}.",
        ),
    )  # fmt: skip
    file = scene.say((f"Rechnung_{number}.pdf",), (f"Invoice_{number}.pdf",))
    paper = Attachment(file, "application/pdf", invoice(_paper(scene, firm, number)))
    return _from_supplier(
        scene, writer, subject, text, ("finance", "info"), expect(Kind.INVOICE, "finance"), paper
    )


def offer(scene: Scene) -> Draft:
    writer, firm = _supplier(scene)
    article, name, price = scene.pick(GOODS[firm.name])
    subject = scene.say(
        (f"Unser Angebot: {name}", "Preisliste für Rohmaterial", f"Lieferantenangebot {article}"),
        (f"Our offer: {name}", "Price list for raw material", f"Supplier offer {article}"),
    )
    each = amount(Decimal(price), scene.language)
    text = scene.say(
        (
            f"als Ihr Lieferant möchten wir Ihnen unser aktuelles Angebot unterbreiten: {name} ({article}) zu {each} EUR je Stück ab Werk. Gerne senden wir Ihnen Muster.",
            f"ab dem kommenden Monat gelten neue Lieferkonditionen für Rohmaterial: {name} liefern wir Ihnen zu {each} EUR je Stück. Als Lieferant beraten wir Ihren Einkauf gerne.",
        ),
        (
            f"as your supplier we would like to submit our current offer: {name} ({article}) at {each} EUR per piece ex works. We will gladly send samples.",
            f"from next month new supply terms apply to raw material: we supply {name} at {each} EUR per piece. As your supplier we are happy to advise your purchasing team.",
        ),
    )  # fmt: skip
    return _from_supplier(
        scene, writer, subject, text, ("supplier", "info"),
        expect(Kind.SUPPLIER, "supplier"),
    )  # fmt: skip


def delivered(scene: Scene) -> Draft:
    (writer, firm), number = _supplier(scene), scene.number("LS-")
    arrival = day(scene.workday(2), scene.language)
    subject = scene.say(
        (f"Lieferschein {number}", f"Lieferavis {number}", f"Ihre Warensendung {number} ist unterwegs"),
        (f"Delivery note {number}", f"Shipping advice {number}", f"Your goods {number} are on their way"),
    )  # fmt: skip
    text = scene.say(
        (f"Ihre Rohmaterialien haben heute unser Lager verlassen und treffen voraussichtlich am {arrival} im Wareneingang ein. Den Lieferschein {number} finden Sie im Anhang.",),
        (f"your raw materials left our warehouse today and should reach your goods-in on {arrival}. Delivery note {number} is attached.",),
    )  # fmt: skip
    file = scene.say((f"Lieferschein_{number}.pdf",), (f"Delivery_note_{number}.pdf",))
    paper = Attachment(file, "application/pdf", delivery_note(_paper(scene, firm, number)))
    return _from_supplier(
        scene, writer, subject, text, ("supplier", "info"), expect(Kind.SUPPLIER, "supplier"), paper
    )


def payment_advice(scene: Scene) -> Draft:
    writer, number = scene.writer(scene.customer()), scene.number("R")
    paid = amount(Decimal(scene.dice.randint(5_000, 400_000)) / 100, scene.language)
    subject = scene.say(
        (f"Zahlungsavis zu Rechnung {number}", "Zahlungsavis", f"Überweisung Rechnung {number}"),
        (f"Payment advice for invoice {number}", "Remittance advice", f"Payment of invoice {number}"),
    )  # fmt: skip
    text = scene.say(
        (
            f"wir haben heute {paid} EUR zur Begleichung Ihrer Rechnung {number} überwiesen. Bitte prüfen Sie den Zahlungseingang.",
            f"hiermit avisieren wir unsere Zahlung über {paid} EUR zu Ihrer Rechnung {number}. Die Gutschrift auf Ihrem Konto erfolgt in den nächsten Tagen.",
        ),
        (
            f"today we transferred {paid} EUR to settle your invoice {number}. Please check that the payment has arrived.",
            f"this is our remittance advice for {paid} EUR, payment of your invoice {number}. Your account will be credited within the next days.",
        ),
    )  # fmt: skip
    return _from_supplier(
        scene, writer, subject, text, ("finance", "info"), expect(Kind.PAYMENT, "finance")
    )


def _supplier(scene: Scene) -> tuple[Writer, Party]:
    writer = scene.supplier()
    if writer.firm is None:
        raise ValueError("suppliers are firms")
    return writer, writer.firm


def _paper(scene: Scene, seller: Party, number: str) -> Paper:
    goods = GOODS[seller.name]
    chosen = scene.dice.sample(goods, scene.dice.randint(1, len(goods)))
    lines = tuple(_line(scene, *one) for one in chosen)
    net = sum((line.total for line in lines), Decimal(0))
    tax = (net * TAX / 100).quantize(CENT, ROUND_HALF_UP)
    return Paper(
        number=number,
        issued=scene.now.date(),
        buyer=scene.ourselves,
        seller=seller,
        lines=lines,
        net=net,
        tax=tax,
        gross=net + tax,
        due=scene.workday(20),
        reference=f"E-{scene.dice.randint(1000, 9999)}",
        language=scene.language,
    )


def _line(scene: Scene, article: str, name: str, price: str) -> PaperLine:
    quantity = scene.dice.randint(2, 20) * 500
    total = (Decimal(price) * quantity).quantize(CENT, ROUND_HALF_UP)
    return PaperLine(article, name, quantity, Decimal(price), total)


def _from_supplier(
    scene: Scene,
    writer: Writer,
    subject: str,
    text: str,
    desks: tuple[str, ...],
    expected: dict[str, object],
    *papers: Attachment,
) -> Draft:
    return Draft(
        writer=writer,
        to=scene.mailbox(*desks),
        subject=subject,
        text=compose(scene, writer, text),
        attachments=papers,
        expected=expected,
    )


SCENARIOS = {
    "supplier_invoice": Scenario(supplier_invoice, 5),
    "supplier_offer": Scenario(offer, 3),
    "supplier_delivery_note": Scenario(delivered, 3),
    "payment_advice": Scenario(payment_advice, 3),
}
