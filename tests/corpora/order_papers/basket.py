"""Orders to be printed: what a paper says, and so what should be read in it."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NAMES = {
    "de": (
        "Perlmuttknopf 18 mm weiß", "Hornknopf 23 mm dunkel, 4-Loch", "Druckknopf 10 mm silber",
        "Holzknopf Buche natur 20 mm", "Steinnussknopf 15 mm olivgrün matt", "Metallknopf Anker 22 mm altgold",
        "Knebelknopf Büffelhorn 50 mm", "Polsterknopf Chesterfield 22 mm bordeaux", "Hemdenknopf 11 mm, 2-Loch, Polyester",
        "Jeansknopf 17 mm mit Niete, vernickelt", "Kinderknopf Marienkäfer 15 mm rot", "Ösenknopf Strass 12 mm kristallklar",
        "Trachtenknopf Hirsch 18 mm, Zinkdruckguss, antik silberfarben, nickelfrei nach Norm",
        "Kunststoffknopf RAL 9010, DIN 61575, Ø 25 mm, glänzend, im Beutel zu je 50 Stück verpackt",
    ),
    "en": (
        "Mother-of-pearl button 18 mm white", "Horn button 23 mm dark, 4 holes", "Snap fastener 10 mm silver",
        "Wooden button beech 20 mm", "Corozo button 15 mm olive matt", "Metal button anchor 22 mm antique gold",
        "Toggle buffalo horn 50 mm", "Upholstery button 22 mm burgundy", "Shirt button 11 mm, 2 holes, polyester",
        "Jeans button 17 mm with rivet, nickel plated", "Kids button ladybird 15 mm red", "Shank button rhinestone 12 mm",
        "Traditional button stag 18 mm, zinc die-cast, antique silver finish, nickel free",
        "Plastic button RAL 9010, 25 mm dia., glossy, packed in bags of 50 pieces each",
    ),
}  # fmt: skip
UNITS = {
    "de": (("Stk", 1), ("Stück", 1), ("Stk.", 1), ("St", 1), ("Dtzd", 1), ("VE", 1), ("Paar", 1)),
    "en": (("pcs", 1), ("pc", 1), ("EA", 1), ("ea", 1), ("doz", 1), ("pack", 1), ("C62", 1)),
}
SKUS = (
    lambda r: f"HB-{r.randint(1000, 9999)}",
    lambda r: f"{r.randint(1000, 9999)}-{r.randint(10, 99)}",
    lambda r: f"{r.randint(70000000, 79999999)}",
    lambda r: f"KN.{r.randint(10, 30)}.{r.choice('WSBG')}{r.randint(1, 9)}",
    lambda r: f"A{r.randint(1000, 9999)}/{r.choice('ABC')}",
    lambda r: f"BTN{r.randint(10000, 99999)}",
)
BUYERS = (
    "Modehaus Berger GmbH", "Atelier Nordlicht OHG", "Trachten Huber KG", "Wentworth Tailors Ltd",
    "Maison Lefèvre SARL", "Näherei Sonnenschein e.K.", "Pacific Garments Inc.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    position: int
    sku: str
    own: str
    gtin: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    """Net of one unit, after the discount."""
    total: Decimal
    list_price: Decimal
    discount: int
    wanted: date


@dataclass(frozen=True, slots=True)
class Basket:
    number: str
    issued: date
    wanted: date
    language: str
    swiss: bool
    buyer: str
    lines: tuple[Line, ...]
    charges: tuple[tuple[str, Decimal], ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    step: int = 1
    unsaid: tuple[str, ...] = ()
    """Fields that this paper does not show."""

    @property
    def german(self):
        return self.language == "de"

    def say(self, german, english):
        return german if self.german else english

    def amount(self, value, places=2):
        """As this writer writes numbers."""
        plain = f"{value:,.{places}f}"
        if self.swiss:
            return plain.replace(",", "'")
        return plain.translate(str.maketrans(",.", ".,")) if self.german else plain

    def pieces(self, value):
        if value != value.to_integral_value():
            return self.amount(value, 2)
        return self.amount(value, 0)

    def price(self, value):
        places = max(2, -value.normalize().as_tuple().exponent)
        return self.amount(value, places)

    def day(self, day):
        return day.strftime("%d.%m.%Y") if self.german else f"{day.day} {day:%B} {day.year}"

    def short_day(self, day):
        return day.strftime("%d.%m.%y") if self.german else day.strftime("%d/%m/%Y")


def basket(seed, *, count=None, language=None, units=True, charges=False, discounts=False,
           measures=False, per=1, returns=False, unsaid=()):  # fmt: skip
    r = random.Random(seed)
    language = language or r.choice(("de", "de", "en"))
    issued = date(2026, 1, 5) + timedelta(days=r.randint(0, 330))
    make_sku, step = r.choice(SKUS), r.choice((1, 1, 10))
    units_of = UNITS[language] if units else UNITS[language][:1]
    unit = r.choice(units_of)[0]
    lines = []
    for at in range(1, (count or r.randint(2, 9)) + 1):
        quantity = Decimal(
            r.choice((1, 3, 12, 25, 50, 100, 144, 200, 250, 500, 1000, 1200, 2500, 10000))
        )
        if measures and at % 3 == 0:
            quantity, own_unit = Decimal(r.choice(("2.5", "12.75", "0.5", "37.5"))), "m"
        else:
            own_unit = unit if r.random() < 0.8 else r.choice(units_of)[0]
        if returns and at == 2:
            quantity = -quantity
        discount = r.choice((0, 5, 10)) if discounts else 0
        list_price = Decimal(r.randint(4, 4000)) / (100 if per == 1 else 100 * per)
        price = list_price * (100 - discount) / 100
        total = (quantity * price).quantize(CENT, ROUND_HALF_UP)
        lines.append(
            Line(
                at * step, make_sku(r), f"{r.randint(100, 999)}.{r.randint(100, 999)}", f"40{r.randint(10**10, 10**11 - 1)}",
                r.choice(NAMES[language]), quantity, own_unit, price, total, list_price, discount,
                issued + timedelta(days=r.randint(10, 60)),
            )
        )  # fmt: skip
    extra = []
    goods = sum(line.total for line in lines)
    if charges:
        labels = (("Fracht und Verpackung", "Mengenrabatt 3 %") if language == "de"
                  else ("Freight", "Volume discount 3%"))  # fmt: skip
        extra.append((labels[0], Decimal(r.randint(490, 4900)) / 100))
        if r.random() < 0.5:
            extra.append((labels[1], -(goods * 3 / 100).quantize(CENT, ROUND_HALF_UP)))
    net = goods + sum(amount for _, amount in extra)
    tax = (net * 19 / 100).quantize(CENT, ROUND_HALF_UP)
    number = r.choice((f"45000{r.randint(10000, 99999)}", f"B-{issued.year}-{r.randint(100, 999)}",
                       f"{issued.year}/{r.randint(1000, 9999)}", f"PO{r.randint(100000, 999999)}"))  # fmt: skip
    return Basket(
        number, issued, issued + timedelta(days=r.randint(10, 60)), language,
        language == "de" and r.random() < 0.1, r.choice(BUYERS), tuple(lines), tuple(extra),
        net, tax, net + tax, step, unsaid,
    )  # fmt: skip
