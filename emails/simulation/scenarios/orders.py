"""Orders in order: as PDF in five layouts, as a list and in prose."""

from dataclasses import replace
from functools import partial

from emails.data import Kind, Priority
from emails.simulation.baskets import Basket, Item, fill, order_paper
from emails.simulation.cast import Scene, Writer
from emails.simulation.drafts import Attachment, Draft, Scenario, compose, expect
from emails.simulation.papers import Paper, purchase_order
from emails.simulation.wording import amount, day, pieces
from hbu.company.partners import Customer

DESKS = ("orders", "orders", "orders", "info", "sales")


def as_pdf(scene: Scene, layout: str) -> Draft:
    customer = scene.customer()
    basket = fill(scene, customer, 30 if layout == "long" else scene.dice.randint(1, 6))
    writer = scene.writer(customer)
    paper = order_paper(scene, writer, basket, order_number(scene))
    return letter_with(scene, writer, layout, paper, order=outcome(customer, basket))


def as_pdf_with_own_numbers(scene: Scene) -> Draft:
    customer = scene.customer(aliases=True)
    theirs = {sku: article for article, sku in customer.aliases.items()}
    known = [product for product in scene.company.products if product.sku in theirs]
    basket = fill(scene, customer, scene.dice.randint(1, 5), among=known)
    writer = scene.writer(customer)
    paper = order_paper(scene, writer, basket, order_number(scene))
    lines = tuple(replace(line, article=theirs[line.article]) for line in paper.lines)
    paper = replace(paper, lines=lines)
    return letter_with(scene, writer, "own_numbers", paper, order=outcome(customer, basket))


def as_list(scene: Scene) -> Draft:
    customer = scene.customer()
    basket, number = fill(scene, customer, scene.dice.randint(2, 6)), order_number(scene)
    row = scene.pick(
        (
            lambda item: f"{_pieces(scene, item)} {item.product.sku} {_name(scene, item)}",
            lambda item: f"- {item.product.sku} {_name(scene, item)}: {_pieces(scene, item)}",
            lambda item: f"* {item.quantity} x {item.product.sku} {_name(scene, item)}",
            lambda item: f"{item.product.sku}\t{_pieces(scene, item)}\t{_name(scene, item)}",
        )
    )
    opening = scene.say(
        (f"hiermit bestellen wir (Bestellnummer {number}):", f"bitte liefern Sie uns zu unserer Bestellnummer {number}:"),
        (f"we would like to order (order number {number}):", f"please accept our order number {number}:"),
    )  # fmt: skip
    return _in_words(scene, customer, basket, opening, "\n".join(map(row, basket.items)))


def in_prose(scene: Scene) -> Draft:
    customer = scene.customer()
    basket, number = fill(scene, customer, scene.dice.randint(1, 2)), order_number(scene)
    of, also = (" ", " sowie ") if scene.language == "de" else (" of ", " and ")
    wanted = also.join(
        f"{_pieces(scene, item)}{of}{item.product.sku} ({_name(scene, item)})"
        for item in basket.items
    )
    sentence = scene.say(
        (f"bitte liefern Sie uns {wanted}. Unsere Bestellnummer lautet {number}.", f"hiermit bestellen wir unter der Bestellnummer {number} {wanted}.", f"wir benötigen {wanted} und möchten das hiermit bestellen, Bestellnummer {number}."),
        (f"please send us {wanted}. Our order number is {number}.", f"we would like to order {wanted}, order number {number}.", f"please take this as our order {number} for {wanted}."),
    )  # fmt: skip
    return _in_words(scene, customer, basket, sentence)


def order_number(scene: Scene) -> str:
    return scene.number(scene.pick(("45-", "BE-", "PO-", "B")))


def outcome(customer: Customer, basket: Basket) -> str:
    return "confirmed" if basket.gross <= customer.auto_confirm_limit else "created"


def letter_with(  # noqa: PLR0913 - what tells one such letter from another
    scene: Scene,
    writer: Writer,
    layout: str,
    paper: Paper,
    *,
    order: str,
    priority: Priority = Priority.NORMAL,
    department: str = "orders",
) -> Draft:
    """Return the short letter that carries an order as PDF."""
    number = paper.number
    subject = scene.say(
        (f"Bestellung {number}", f"Unsere Bestellung Nr. {number}", f"Auftrag {number} für Knöpfe", f"Neue Bestellung {number}"),
        (f"Purchase order {number}", f"New order {number}", f"PO {number} attached", f"Order no. {number}"),
    )  # fmt: skip
    text = scene.say(
        (f"anbei erhalten Sie unsere Bestellung {number}.", f"im Anhang finden Sie unsere Bestellung {number} als PDF.", f"wir bestellen gemäß beigefügtem Dokument {number}.", "bitte beachten Sie unsere angehängte Bestellung."),
        (f"please find attached our purchase order {number}.", f"attached is our order {number} as PDF.", "we are pleased to place the attached order."),
    )  # fmt: skip
    request = scene.say(
        ("Bitte bestätigen Sie uns Preise und Liefertermin.", "Wir bitten um eine kurze Auftragsbestätigung.", "Über eine Bestätigung würden wir uns freuen.", "Vielen Dank im Voraus."),
        ("Please confirm prices and delivery date.", "Kindly send us an order confirmation.", "Many thanks in advance."),
    )  # fmt: skip
    file = scene.say(
        (f"Bestellung_{number}.pdf", f"{number}.pdf", f"Bestellung für Knöpfe {number}.pdf"),
        (f"PO_{number}.pdf", f"purchase-order-{number}.pdf", f"{number}.pdf"),
    )
    to = scene.mailbox(*DESKS)
    return Draft(
        writer=writer,
        to=to,
        cc=scene.copies(to),
        subject=subject,
        text=compose(scene, writer, text, request),
        attachments=(Attachment(file, "application/pdf", purchase_order(layout, paper)),),
        expected=expect(Kind.ORDER, department, priority=priority, order=order),
    )


def _in_words(scene: Scene, customer: Customer, basket: Basket, *paragraphs: str) -> Draft:
    wished = day(scene.workday(25), scene.language)
    subject = scene.say(
        ("Bestellung", "Bestellung Knöpfe", "Neue Bestellung", "Unsere Bestellung von heute"),
        ("New order", "Order for buttons", "Our order of today", "Purchase order"),
    )
    wishes = scene.say(
        (f"Liefertermin: {wished}.", f"Bitte liefern Sie bis zum {wished} an die bekannte Anschrift."),
        (f"Delivery date: {wished}.", f"Please deliver by {wished} to our usual address."),
    )  # fmt: skip
    total = amount(basket.gross, scene.language)
    sums = scene.say((f"Gesamtbetrag: {total} EUR",), (f"Total amount: {total} EUR",))
    writer = scene.writer(customer)
    return Draft(
        writer=writer,
        to=scene.mailbox(*DESKS),
        subject=subject,
        text=compose(scene, writer, *paragraphs, sums if scene.chance(0.4) else "", wishes),
        expected=expect(Kind.ORDER, "orders", order=outcome(customer, basket)),
    )


def _pieces(scene: Scene, item: Item) -> str:
    return f"{pieces(item.quantity, scene.language)} {scene.say(('Stück',), ('pieces',))}"


def _name(scene: Scene, item: Item) -> str:
    return item.product.name.in_language(scene.language)


SCENARIOS = {
    "order_pdf_classic": Scenario(partial(as_pdf, layout="classic"), 8),
    "order_pdf_international": Scenario(partial(as_pdf, layout="international"), 6),
    "order_pdf_compact": Scenario(partial(as_pdf, layout="compact"), 5),
    "order_pdf_long": Scenario(partial(as_pdf, layout="long"), 2),
    "order_pdf_own_numbers": Scenario(as_pdf_with_own_numbers, 3),
    "order_text_list": Scenario(as_list, 5),
    "order_text_prose": Scenario(in_prose, 3),
}
