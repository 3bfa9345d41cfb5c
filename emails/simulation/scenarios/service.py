"""What customers ask about their orders and our buttons."""

from emails.data import Kind, Priority
from emails.simulation.baskets import Basket, fill
from emails.simulation.cast import Scene, Writer
from emails.simulation.drafts import Draft, Scenario, compose, expect
from emails.simulation.scenarios.orders import order_number
from emails.simulation.wording import day, pieces


def expedite(scene: Scene) -> Draft:
    number, due = order_number(scene), day(scene.workday(3), scene.language)
    subject = scene.say(
        (f"DRINGEND: Bestellung {number}", f"Eilt! Liefertermin {number} vorziehen", f"Dringend: Lieferung {number} wird früher benötigt"),
        (f"URGENT: order {number}", f"Please expedite order {number}", f"Urgent: delivery of {number} needed earlier"),
    )  # fmt: skip
    text = scene.say(
        (
            f"unsere Produktion steht still: Können Sie den Liefertermin unserer Bestellung {number} bitte auf den {due} vorziehen? Es ist sehr dringend.",
            f"wir benötigen die Lieferung zu Bestellung {number} dringend bis zum {due}. Bitte prüfen Sie, ob ein Expressversand möglich ist; die Mehrkosten übernehmen wir.",
            f"bitte teilen Sie uns umgehend mit, ob Bestellung {number} schon am {due} geliefert werden kann. Unsere Näherei wartet auf die Knöpfe.",
        ),
        (
            f"our production has come to a stop: could you please bring the delivery of order {number} forward to {due}? This is very urgent.",
            f"we urgently need the delivery of order {number} by {due}. Please check whether express shipping is possible; we will bear the extra cost.",
            f"please let us know as soon as possible whether order {number} can already be delivered on {due}. Our sewing room is waiting for the buttons.",
        ),
    )  # fmt: skip
    return _from_customer(
        scene, (subject, text), ("orders", "info", "sales"),
        expect(Kind.ORDER_STATUS, "orders", priority=Priority.URGENT),
    )  # fmt: skip


def change(scene: Scene) -> Draft:
    number, customer = order_number(scene), scene.customer()
    item = fill(scene, customer, 1).items[0]
    sku, count = item.product.sku, pieces(item.quantity, scene.language)
    subject = scene.say(
        (f"Änderung zu Bestellung {number}", f"Bestelländerung {number}", f"Korrektur unserer Bestellung {number}"),
        (f"Change to order {number}", f"Amendment of purchase order {number}", f"Correction to our order {number}"),
    )  # fmt: skip
    text = scene.say(
        (
            f"bitte ändern Sie in unserer Bestellung {number} die Menge des Artikels {sku} auf {count} Stück. Alle anderen Positionen bleiben unverändert.",
            f"wir möchten unsere Bestellung {number} ändern: Statt der ursprünglichen Menge benötigen wir von {sku} nun {count} Stück.",
            f"in der Bestellung {number} hat sich die Lieferanschrift geändert: Bitte liefern Sie an unser Lager, Tor 2. Bitte bestätigen Sie uns die Änderung.",
        ),
        (
            f"please change the quantity of item {sku} in our order {number} to {count} pieces. All other lines remain unchanged.",
            f"we would like to amend our order {number}: instead of the original quantity we now need {count} pieces of {sku}.",
            f"the delivery address of order {number} has changed: please deliver to our warehouse, gate 2. Please confirm the change.",
        ),
    )  # fmt: skip
    return _from_customer(
        scene, (subject, text), ("orders", "info"), expect(Kind.ORDER_CHANGE, "orders"),
        writer=scene.writer(customer), history=0.5,
    )  # fmt: skip


def status(scene: Scene) -> Draft:
    number = order_number(scene)
    subject = scene.say(
        (f"Wo bleibt Bestellung {number}?", f"Lieferstatus {number}", f"Nachfrage zum Stand der Bestellung {number}"),
        (f"Where is order {number}?", f"Order status {number}", f"Delivery status of {number}"),
    )  # fmt: skip
    text = scene.say(
        (
            f"können Sie uns bitte den aktuellen Stand unserer Bestellung {number} mitteilen? Wann dürfen wir mit der Lieferung rechnen?",
            f"wir haben zu Bestellung {number} noch keine Versandbestätigung erhalten. Wie ist der Lieferstatus?",
            f"wann wird unsere Bestellung {number} versendet? Eine Sendungsnummer wäre hilfreich.",
        ),
        (
            f"could you please tell us the current status of our order {number}? When can we expect the delivery?",
            f"we have not received a shipping confirmation for order {number} yet. What is the delivery status?",
            f"when will our order {number} be shipped? A tracking number would be helpful.",
        ),
    )  # fmt: skip
    return _from_customer(
        scene, (subject, text), ("orders", "info", "support"), expect(Kind.ORDER_STATUS, "orders"),
        history=0.5,
    )  # fmt: skip


def quotation(scene: Scene) -> Draft:
    customer = scene.customer()
    wanted = _wanted(scene, fill(scene, customer, scene.dice.randint(1, 3)))
    subject = scene.say(
        ("Anfrage: Angebot für Knöpfe", "Preisanfrage", "Bitte um Angebot", "Angebotsanfrage Herbstkollektion"),
        ("Request for quotation", "RFQ buttons", "Price enquiry", "Please quote: autumn collection"),
    )  # fmt: skip
    text = scene.say(
        (
            f"bitte unterbreiten Sie uns ein Angebot für folgende Artikel:\n\n{wanted}\n\nBitte nennen Sie uns Preise, Staffeln und Lieferzeit.",
            f"wir planen unsere neue Kollektion und bitten um ein Angebot über:\n\n{wanted}\n\nBis wann wäre eine Lieferung möglich?",
        ),
        (
            f"please send us a quotation for the following items:\n\n{wanted}\n\nPlease state prices, volume discounts and lead time.",
            f"we are planning our new collection and kindly ask for your quotation for:\n\n{wanted}\n\nWhat would be the earliest delivery date?",
        ),
    )  # fmt: skip
    return _from_customer(
        scene, (subject, text), ("sales", "sales", "info"), expect(Kind.QUOTATION_REQUEST, "sales"),
        writer=scene.writer(customer) if scene.chance(0.7) else scene.stranger(),
    )  # fmt: skip


def technical(scene: Scene) -> Draft:
    product = scene.pick(scene.company.products)
    name = f"{product.sku} ({product.name.in_language(scene.language)})"
    subject = scene.say(
        (f"Technische Frage zu {product.sku}", "Frage zur Waschbarkeit", f"Datenblatt für {product.sku}"),
        (f"Technical question about {product.sku}", "Question about washability", f"Data sheet for {product.sku}"),
    )  # fmt: skip
    text = scene.say(
        (
            f"wir haben eine technische Frage zum Artikel {name}: Bis zu welcher Temperatur ist der Knopf waschbar, und ist er für die chemische Reinigung geeignet?",
            f"können Sie uns das technische Datenblatt und das Oeko-Tex-Zertifikat für {name} zusenden? Uns interessiert vor allem die Zugfestigkeit der Öse.",
            f"welchen Lochabstand und welche Materialstärke hat {name}? Unsere Knopfannähmaschine muss darauf eingestellt werden.",
        ),
        (
            f"we have a technical question about item {name}: up to which temperature is the button washable, and is it suitable for dry cleaning?",
            f"could you send us the technical data sheet and the Oeko-Tex certificate for {name}? We are mainly interested in the tensile strength of the shank.",
            f"what are the hole spacing and material thickness of {name}? Our button sewing machine has to be adjusted.",
        ),
    )  # fmt: skip
    return _from_customer(
        scene, (subject, text), ("support", "info"), expect(Kind.TECHNICAL, "support")
    )


def feedback(scene: Scene) -> Draft:
    subject = scene.say(
        ("Vielen Dank für die tolle Qualität", "Lob an Ihr Team", "Ein Dankeschön"),
        ("Great quality, thank you", "Compliments to your team", "A word of thanks"),
    )
    text = scene.say(
        (
            "wir möchten Ihnen ein großes Lob aussprechen: Die letzte Lieferung kam pünktlich, und die Qualität der Knöpfe hat unsere Kunden begeistert.",
            "ein herzliches Dankeschön an Ihr Team für die freundliche Beratung. Wir sind sehr zufrieden und empfehlen Sie gerne weiter.",
        ),
        (
            "we would like to compliment you: the last delivery arrived on time and the quality of the buttons delighted our customers.",
            "a heartfelt thank you to your team for the friendly advice. We are very satisfied and happily recommend you.",
        ),
    )  # fmt: skip
    return _from_customer(
        scene, (subject, text), ("info", "sales"), expect(Kind.FEEDBACK, "sales"), history=0.3
    )


def general(scene: Scene) -> Draft:
    subject = scene.say(
        ("Frage zu Ihren Öffnungszeiten", "Werksverkauf?", "Besuch bei Ihnen", "Allgemeine Anfrage"),
        ("Opening hours", "Do you have a factory shop?", "Visiting you", "General question"),
    )  # fmt: skip
    text = scene.say(
        (
            "haben Sie einen Werksverkauf, und wie sind Ihre Öffnungszeiten? Ich bin nächste Woche in der Nähe.",
            "ich schreibe einen Artikel über die Geschichte des Knopfes. Bieten Sie Führungen durch Ihr Haus an?",
            "bilden Sie auch aus? Meine Tochter interessiert sich für ein Praktikum in Ihrem Betrieb.",
        ),
        (
            "do you have a factory shop, and what are your opening hours? I will be in the area next week.",
            "I am writing an article about the history of buttons. Do you offer tours of your premises?",
            "do you offer internships? My daughter is interested in working at your company.",
        ),
    )  # fmt: skip
    return _from_customer(
        scene,
        (subject, text),
        ("info",),
        expect(Kind.GENERAL, "info"),
        writer=scene.private_person(),
    )


def _wanted(scene: Scene, basket: Basket) -> str:
    unit = scene.say(("Stück",), ("pcs",))
    return "\n".join(
        f"- {pieces(item.quantity, scene.language)} {unit} {item.product.name.in_language(scene.language)}"
        for item in basket.items
    )


def _from_customer(
    scene: Scene,
    words: tuple[str, str],
    desks: tuple[str, ...],
    expected: dict[str, object],
    *,
    writer: Writer | None = None,
    history: float = 0.0,
) -> Draft:
    """Return the letter; `history` is the chance that an earlier letter of ours is quoted."""
    subject, text = words
    writer = writer or scene.writer(scene.customer())
    quoted, to = scene.chance(history), scene.mailbox(*desks)
    return Draft(
        writer=writer,
        to=to,
        cc=scene.copies(to),
        subject=f"{scene.say(('AW: ', 'Re: '), ('Re: ', 'RE: '))}{subject}" if quoted else subject,
        text=compose(scene, writer, text),
        quoted=_earlier(scene) if quoted else "",
        expected=expected,
    )


def _earlier(scene: Scene) -> str:
    us = scene.company.company.name
    return scene.say(
        (f"Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihre Nachricht. Wir kümmern uns gerne darum.\n\nMit freundlichen Grüßen\n{us}",),
        (f"Dear customer,\n\nthank you for your message. We will gladly take care of it.\n\nKind regards\n{us}",),
    )  # fmt: skip


SCENARIOS = {
    "expedite": Scenario(expedite, 4),
    "order_change": Scenario(change, 3),
    "order_status": Scenario(status, 5),
    "quotation_request": Scenario(quotation, 5),
    "technical": Scenario(technical, 4),
    "feedback": Scenario(feedback, 2),
    "general": Scenario(general, 3),
}
