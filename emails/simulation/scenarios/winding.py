"""Letters that come in a roundabout way: forwarded, answered, in two languages, about two things."""

from emails.data import Kind, Priority
from emails.simulation.baskets import fill, order_paper
from emails.simulation.cast import Scene
from emails.simulation.drafts import Draft, Scenario, compose, expect
from emails.simulation.scenarios.orders import letter_with, order_number, outcome
from emails.simulation.scenarios.plain import Plain, scenario, somebody
from emails.simulation.wording import day

LETTERS = {
    "mixed_language_status": Plain(
        Kind.ORDER_STATUS, "orders",
        ("Order status {number}", "kurze Frage zum order status: Wann wird unsere Bestellung {number} geliefert? Unser warehouse wartet. Thanks und viele Grüße"),
        ("Lieferstatus {number}", "quick question on the Lieferstatus: when will our order {number} be delivered? Our warehouse is waiting. Vielen Dank!"),
        to=("orders", "info"),
    ),
    "thanks_and_complaint": Plain(
        Kind.COMPLAINT, "quality",
        ("Lieferung {number}", "vielen Dank für die schnelle Lieferung. Leider sind zwanzig Knöpfe {sku} beschädigt, und eine Packung ist unvollständig. Wir müssen das beanstanden."),
        ("Delivery {number}", "thank you for the delivery. Unfortunately twenty buttons {sku} are damaged and one pack is incomplete; we have to complain about that."),
        to=("quality", "info"), priority=Priority.HIGH,
    ),
    "reply_that_confirms": Plain(
        Kind.GENERAL, "info",
        ("Ihre Nachricht", "alles klar, so machen wir es. Vielen Dank!"),
        ("Your message", "all right, let us do it that way. Thank you!"),
        by=somebody, reply=True,
    ),
}  # fmt: skip


def forwarded_order(scene: Scene) -> Draft:
    """The branch office hands a paper on with a line of its own."""
    customer = scene.customer()
    writer = scene.writer(customer)
    basket = fill(scene, customer, scene.dice.randint(1, 3))
    paper = order_paper(scene, writer, basket, order_number(scene))
    draft = letter_with(scene, writer, "classic", paper, order=outcome(customer, basket))
    subject = f"{scene.say(('WG: ', 'Fwd: '), ('Fwd: ', 'FW: '))}{draft.subject}"
    text = scene.say(
        ("anbei die Bestellung unserer Filiale zur Bearbeitung.",),
        ("please process the attached order of our branch office.",),
    )
    return Draft(
        writer=writer,
        to=draft.to,
        subject=subject,
        text=compose(scene, writer, text),
        attachments=draft.attachments,
        expected=draft.expected,
    )


def forwarded_complaint(scene: Scene) -> Draft:
    number, writer = order_number(scene), scene.writer(scene.customer())
    sent = day(scene.workday(-1), scene.language)
    text = scene.say(
        (
            f"unsere Kundin beschwert sich, siehe unten. Bitte nehmen Sie zur Reklamation Stellung.\n\n---------- Weitergeleitete Nachricht ----------\nVon: Petra Lang\nDatum: {sent}\nBetreff: Jacke\n\nDie Knöpfe sind nach einer Wäsche verblasst und zwei sind gebrochen.",
        ),
        (
            f"our customer complains, see below. Please comment on this complaint.\n\n---------- Forwarded message ----------\nFrom: Jane Wood\nDate: {sent}\nSubject: jacket\n\nThe buttons faded after one wash and two of them are broken.",
        ),
    )  # fmt: skip
    return Draft(
        writer=writer,
        to=scene.mailbox("info", "quality"),
        subject=scene.say((f"WG: Reklamation {number}",), (f"Fwd: complaint {number}",)),
        text=compose(scene, writer, text),
        expected=expect(Kind.COMPLAINT, "quality", priority=Priority.HIGH),
    )


SCENARIOS = {
    **{name: scenario(letter) for name, letter in LETTERS.items()},
    "forwarded_order": Scenario(forwarded_order, 2),
    "forwarded_complaint": Scenario(forwarded_complaint, 1),
}
