"""When our buttons were not what they should be."""

from io import BytesIO

from PIL import Image, ImageDraw

from emails.data import Kind, Priority
from emails.simulation.cast import Scene
from emails.simulation.drafts import Attachment, Draft, Scenario, compose, expect
from emails.simulation.scenarios.orders import order_number

COLOURS = ("#1b2a49", "#5d2e8c", "#c9a227", "#3a3a3a", "#7b3f00")


def complaint(scene: Scene) -> Draft:
    number, product = order_number(scene), scene.pick(scene.company.products)
    sku, share = product.sku, scene.dice.randint(5, 30)
    writer = scene.writer(scene.customer())
    subject = scene.say(
        (f"Reklamation zu Bestellung {number}", f"Mangelhafte Lieferung {number}", f"Beschwerde: defekte Knöpfe {sku}"),
        (f"Complaint about order {number}", f"Defective delivery {number}", f"Complaint: broken buttons {sku}"),
    )  # fmt: skip
    text = scene.say(
        (
            f"leider müssen wir die Lieferung zu Bestellung {number} reklamieren: Rund {share} % der Knöpfe {sku} sind gebrochen oder haben Risse. Fotos finden Sie im Anhang.",
            f"die Qualität der Knöpfe {sku} aus Lieferung {number} ist mangelhaft: Etwa {share} % sind zerkratzt und in der Farbe falsch. Wir bitten um kostenlosen Ersatz.",
            f"wir sind mit der Lieferung {number} sehr unzufrieden. {share} % der Knöpfe {sku} sind beschädigt, siehe Bild. Bitte nehmen Sie zu dieser Reklamation Stellung.",
        ),
        (
            f"unfortunately we have to complain about the delivery of order {number}: about {share} % of the buttons {sku} are broken or cracked. Photos are attached.",
            f"the quality of the buttons {sku} from delivery {number} is poor: about {share} % are scratched and the colour is wrong. Please send us a free replacement.",
            f"we are very dissatisfied with delivery {number}. {share} % of the buttons {sku} are damaged, see picture. Please comment on this complaint.",
        ),
    )  # fmt: skip
    return Draft(
        writer=writer,
        to=scene.mailbox("info", "quality", "support", "sales"),
        subject=subject,
        text=compose(scene, writer, text),
        attachments=tuple(photo(scene, at) for at in range(1, scene.dice.randint(2, 3))),
        expected=expect(Kind.COMPLAINT, "quality", priority=Priority.HIGH),
    )


def return_(scene: Scene) -> Draft:
    number, product = order_number(scene), scene.pick(scene.company.products)
    name = f"{product.sku} {product.name.in_language(scene.language)}"
    writer = scene.writer(scene.customer())
    subject = scene.say(
        (f"Rücksendung zu Bestellung {number}", f"Retoure {product.sku}", f"Rückgabe aus Bestellung {number}"),
        (f"Return of order {number}", f"Returning {product.sku}", f"Return request {number}"),
    )  # fmt: skip
    text = scene.say(
        (
            f"wir haben versehentlich zu viel bestellt und möchten zwei ungeöffnete Packungen {name} aus Bestellung {number} zurücksenden. Bitte senden Sie uns einen Rücksendeschein.",
            f"bitte nennen Sie uns die Adresse für eine Retoure: {name} aus Bestellung {number} passt leider nicht zu unserem Stoff und ist originalverpackt.",
        ),
        (
            f"we ordered too many by mistake and would like to return two unopened packs of {name} from order {number}. Please send us a return label.",
            f"please let us know the address for a return: {name} from order {number} does not match our fabric and is still in its original packaging.",
        ),
    )  # fmt: skip
    return Draft(
        writer=writer,
        to=scene.mailbox("info", "support", "quality"),
        subject=subject,
        text=compose(scene, writer, text),
        expected=expect(Kind.RETURN, "quality"),
    )


def photo(scene: Scene, number: int) -> Attachment:
    """Return the picture of a cracked button."""
    picture = Image.new("RGB", (160, 120), "#eeeeea")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((35, 15, 125, 105), fill=scene.pick(COLOURS), outline="#222222", width=3)
    for x, y in ((68, 48), (92, 48), (68, 72), (92, 72)):
        pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill="#eeeeea")
    crack = [(scene.dice.randint(40, 120), y) for y in range(15, 110, 12)]
    pen.line(crack, fill="#eeeeea", width=2)
    kind = scene.pick(("jpeg", "png"))
    target = BytesIO()
    picture.save(target, kind)
    ending = "jpg" if kind == "jpeg" else "png"
    name = scene.say((f"Foto_{number}.{ending}",), (f"IMG_{2000 + number}.{ending}",))
    return Attachment(name, f"image/{kind}", target.getvalue())


SCENARIOS = {"complaint": Scenario(complaint, 5), "return": Scenario(return_, 3)}
