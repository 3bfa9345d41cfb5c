"""Letters that are words and nothing else: written down in both languages, with blanks to fill."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from emails.data import Kind, Priority
from emails.simulation.baskets import fill
from emails.simulation.cast import Scene, Writer
from emails.simulation.drafts import Draft, Scenario, compose, expect
from emails.simulation.scenarios.orders import order_number
from emails.simulation.wording import amount, day, pieces

Casting = Callable[[Scene], Writer]


def a_customer(scene: Scene) -> Writer:
    return scene.writer(scene.customer())


def an_oem(scene: Scene) -> Writer:
    return scene.writer(scene.customer(oem=True))


def somebody(scene: Scene) -> Writer:
    return scene.private_person()


def a_supplier(scene: Scene) -> Writer:
    return scene.supplier()


@dataclass(frozen=True, slots=True)
class Plain:
    """What is written, by whom, to which desks; and what should become of it."""

    kind: Kind
    department: str
    german: Sequence[str]
    """The subject, and one or more ways to put the text."""
    english: Sequence[str]
    by: Casting = a_customer
    to: Sequence[str] = ("info",)
    priority: Priority = Priority.NORMAL
    auto_reply: bool = True
    terse: bool = False
    """As typed on a telephone: no salutation, no signature."""
    reply: bool = False
    """In a conversation: the subject says so."""
    weight: int = 1


def scenario(letter: Plain) -> Scenario:
    return Scenario(partial(_write, letter), letter.weight)


def _write(letter: Plain, scene: Scene) -> Draft:
    writer = letter.by(scene)
    blanks = _blanks(scene)
    subject, *texts = letter.german if scene.language == "de" else letter.english
    text = scene.pick(texts).format(**blanks)
    again = scene.say(("AW: ",), ("Re: ",)) if letter.reply else ""
    return Draft(
        writer=writer,
        to=scene.mailbox(*letter.to),
        subject=again + subject.format(**blanks),
        text=f"{text}\n\n{writer.name}" if letter.terse else compose(scene, writer, text),
        expected=expect(
            letter.kind, letter.department, priority=letter.priority, auto_reply=letter.auto_reply
        ),
    )


def _blanks(scene: Scene) -> dict[str, str]:
    product = scene.pick(scene.company.products)
    item = fill(scene, None, 1, among=(product,)).items[0]
    return {
        "number": order_number(scene),
        "sku": product.sku,
        "name": product.name.in_language(scene.language),
        "count": pieces(item.quantity, scene.language),
        "invoice": scene.number("R"),
        "amount": amount(Decimal(scene.dice.randint(5_000, 400_000)) / 100, scene.language),
        "later": day(scene.workday(scene.dice.randint(15, 30)), scene.language),
        "soon": day(scene.workday(1), scene.language),
        "before": day(scene.workday(-scene.dice.randint(4, 12)), scene.language),
    }
