"""Large customers with frame contracts: their orders come first, their talk has its own desk."""

from emails.data import Kind, Priority
from emails.simulation.baskets import fill, order_paper
from emails.simulation.cast import Scene
from emails.simulation.drafts import Draft, Scenario, compose, expect
from emails.simulation.scenarios.orders import letter_with, order_number, outcome
from emails.simulation.wording import day


def general(scene: Scene) -> Draft:
    customer = scene.customer(oem=True)
    writer = scene.writer(customer)
    meeting = day(scene.workday(scene.dice.randint(8, 20)), scene.language)
    subject = scene.say(
        ("Abstimmung Rahmenvertrag", "Jahresgespräch und Mengenplanung", "Besuch in Ihrem Werk"),
        ("Frame contract review", "Annual meeting and volume planning", "Visit to your plant"),
    )
    text = scene.say(
        (
            f"wir möchten mit Ihnen die Mengenplanung für das kommende Jahr besprechen und schlagen den {meeting} vor. Passt Ihnen dieser Termin?",
            f"zur Verlängerung unseres Rahmenvertrags würden wir uns gerne am {meeting} mit Ihnen zusammensetzen. Wer nimmt von Ihrer Seite teil?",
            f"unser Entwicklungsteam würde Ihr Werk gerne am {meeting} besuchen. Ist das möglich, und wer ist unser Ansprechpartner?",
        ),
        (
            f"We would like to discuss the volume planning for next year and suggest {meeting}. Does this date suit you?",
            f"To extend our frame contract we would like to meet you on {meeting}. Who will join from your side?",
            f"Our engineering team would like to visit your plant on {meeting}. Is that possible, and who would be our contact?",
        ),
    )  # fmt: skip
    return Draft(
        writer=writer,
        to=scene.mailbox("oem1", "info", "sales"),
        subject=subject,
        text=compose(scene, writer, text),
        expected=expect(Kind.GENERAL, "oem1", priority=Priority.HIGH),
    )


def order(scene: Scene) -> Draft:
    customer = scene.customer(oem=True)
    writer = scene.writer(customer)
    basket = fill(scene, customer, scene.dice.randint(2, 6))
    paper = order_paper(scene, writer, basket, order_number(scene))
    layout = scene.pick(("classic", "international", "compact"))
    result = outcome(customer, basket)
    return letter_with(
        scene, writer, layout, paper, order=result, priority=Priority.HIGH, department="oem1"
    )


SCENARIOS = {"oem_general": Scenario(general, 2), "oem_order": Scenario(order, 4)}
