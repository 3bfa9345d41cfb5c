"""Orders that nobody may confirm unseen: something in them does not fit."""

from dataclasses import replace
from decimal import Decimal

from emails.simulation.baskets import fill, order_paper
from emails.simulation.cast import Scene
from emails.simulation.drafts import Draft, Scenario
from emails.simulation.papers import PaperLine
from emails.simulation.scenarios.orders import letter_with, order_number

STRANGE = {
    "de": (("KX-88120", "Reißverschluss Spirale 60 cm"), ("HB-7999", "Glasknopf Böhmen 14 mm")),
    "en": (("ZP-4410", "Spiral zip fastener 60 cm"), ("HB-7998", "Bohemian glass button 14 mm")),
}


def with_wrong_total(scene: Scene) -> Draft:
    """The lines are right, the sum below them is not."""
    customer = scene.customer()
    writer = scene.writer(customer)
    basket = fill(scene, customer, scene.dice.randint(2, 5))
    paper = order_paper(scene, writer, basket, order_number(scene))
    wrong = paper.gross + scene.pick((Decimal("9.00"), Decimal("-27.50"), Decimal("100.00")))
    layout = scene.pick(("classic", "international", "compact"))
    return letter_with(scene, writer, layout, replace(paper, gross=wrong), order="created")


def with_unknown_article(scene: Scene) -> Draft:
    """One line asks for something that is not in our catalogue; the sums tie."""
    customer = scene.customer()
    writer = scene.writer(customer)
    paper = order_paper(
        scene, writer, fill(scene, customer, scene.dice.randint(1, 3)), order_number(scene)
    )
    article, name = scene.pick(STRANGE[scene.language])
    line = PaperLine(article, name, 200, Decimal("0.55"), Decimal("110.00"))
    net = paper.net + line.total
    tax = (net * paper.tax_rate / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    paper = replace(paper, lines=(*paper.lines, line), net=net, tax=tax, gross=net + tax)
    return letter_with(scene, writer, "classic", paper, order="created")


def from_unknown_customer(scene: Scene) -> Draft:
    """A firm that is not in our books orders at list prices."""
    writer = scene.stranger()
    basket = fill(scene, None, scene.dice.randint(1, 4))
    paper = order_paper(scene, writer, basket, order_number(scene))
    return letter_with(scene, writer, "classic", paper, order="created")


SCENARIOS = {
    "order_wrong_total": Scenario(with_wrong_total, 2),
    "order_unknown_article": Scenario(with_unknown_article, 2),
    "order_unknown_customer": Scenario(from_unknown_customer, 2),
}
