"""Invoices and orders as plain facts: what the writers put into XML and what must be read again."""

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

D = Decimal
CENT = D("0.01")
FULL_RATE, NO_RATE = D(19), D(0)


def cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Side:
    name: str
    trading_name: str = ""
    identifier: str = ""
    gln: str = ""
    legal_id: str = ""
    vat_id: str = ""
    tax_number: str = ""
    street: str = ""
    street2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "DE"
    contact: str = ""
    phone: str = ""
    email: str = ""
    endpoint: str = ""


@dataclass(frozen=True)
class Item:
    name: str
    quantity: Decimal
    price: Decimal
    sku: str = ""
    buyer_sku: str = ""
    gtin: str = ""
    unit: str = "C62"
    basis: Decimal | None = None
    gross_price: Decimal | None = None
    rate: Decimal | None = FULL_RATE
    category: str = "S"
    allowance: Decimal | None = None
    charge: Decimal | None = None
    note: str = ""
    description: str = ""
    id: str = ""
    parent: str = ""
    role: str = ""
    order_line: str = ""
    wanted: str = ""

    @property
    def total(self):
        made = self.quantity * self.price / (self.basis or 1)
        return cents(made - (self.allowance or 0) + (self.charge or 0))


@dataclass(frozen=True)
class Extra:
    """An allowance or charge on the whole document."""

    amount: Decimal
    is_charge: bool = False
    reason: str = "Rabatt"
    rate: Decimal | None = FULL_RATE
    category: str = "S"
    freight: bool = False


SELLER = Side(
    name="Knopfmanufaktur Lüneburg GmbH",
    identifier="549910",
    legal_id="HRB 4711",
    vat_id="DE136695976",
    tax_number="201/113/40209",
    street="Bäckerstraße 14",
    postcode="21335",
    city="Lüneburg",
    contact="Jana Groß",
    phone="+49 4131 998877",
    email="rechnung@knopf-lueneburg.example",
    endpoint="rechnung@knopf-lueneburg.example",
)
BUYER = Side(
    name="Happy Buttons GmbH",
    identifier="K-20077",
    vat_id="DE811569869",
    street="Knopfgasse 5",
    street2="Hinterhaus",
    postcode="80331",
    city="München",
    email="finance@h-bu.de",
    endpoint="finance@h-bu.de",
)


@dataclass(frozen=True)
class Bill:
    number: str = "RE-2026-0042"
    date: str = "2026-03-05"
    type_code: str = "380"
    currency: str = "EUR"
    seller: Side = SELLER
    buyer: Side = BUYER
    items: tuple = ()
    extras: tuple = ()
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    due: str = "2026-04-04"
    terms: str = ""
    delivered: str = "2026-03-02"
    period: tuple = ()
    note: str = ""
    order: str = ""
    buyer_reference: str = "04011000-12345-34"
    preceding: str = ""
    iban: str = "DE89370400440532013000"
    payment_code: str = "58"
    tax_currency: str = ""
    foreign_tax: Decimal | None = None
    reasons: dict = field(default_factory=dict)
    ship_to: Side | None = None
    attachment: str = ""
    wanted: str = ""

    @property
    def counted(self):
        return [one for one in self.items if one.role in {"", "DETAIL"}]

    @property
    def line_sum(self):
        return sum((one.total for one in self.counted), D(0))

    def extra_sum(self, *, is_charge):
        return sum((one.amount for one in self.extras if one.is_charge is is_charge), D(0))

    @property
    def net(self):
        return self.line_sum - self.extra_sum(is_charge=False) + self.extra_sum(is_charge=True)

    @property
    def rows(self):
        """category, rate, basis, tax."""
        sums = {}
        for one in self.counted:
            key = one.category, one.rate
            sums[key] = sums.get(key, D(0)) + one.total
        for one in self.extras:
            key = one.category, one.rate
            sums[key] = sums.get(key, D(0)) + (one.amount if one.is_charge else -one.amount)
        return [
            (category, rate, basis, cents(basis * (rate or 0) / 100))
            for (category, rate), basis in sums.items()
        ]

    @property
    def tax(self):
        return sum((row[3] for row in self.rows), D("0.00"))

    @property
    def gross(self):
        return self.net + self.tax

    @property
    def payable(self):
        return self.gross - (self.prepaid or 0) + (self.rounding or 0)


def button(name="Perlmuttknopf 18 mm", quantity="500", price="0.42", **fields):
    return Item(name, D(quantity), D(price), **fields)


ONE = (button(sku="PK-18", gtin="4012345001235"),)
TWO = (
    button(sku="PK-18", buyer_sku="HB-1001", order_line="10"),
    button("Nähgarn, schwarz & weiß", "12.5", "3.2500", sku="NG <2>", unit="MTR", rate=D(7)),
)
PER_HUNDRED = (
    button("Hornknopf 23 mm", "1200", "89.90", sku="HK-23", basis=D(100)),
    button("Druckknopf", "10000", "4.56", sku="DK-10", basis=D(1000), unit="H87"),
)
ADJUSTED = (
    button("Holzknopf 20 mm", "300", "0.2700", gross_price=D("0.3000"), sku="HO-20"),
    button("Kordel", "40", "1.10", unit="MTR", allowance=D("4.40"), charge=D("2.00")),
)
EXEMPT = {"reasons": {"E": "Umsatzsteuerbefreit nach § 4 UStG"}}
ABROAD = replace(
    BUYER, name="Boutons & Fils S.A.R.L.", vat_id="FR40303265045", country="FR",
    street="12 Rue de l'Étoile", street2="", postcode="75017", city="Paris",
)  # fmt: skip


def untaxed(category, rate=NO_RATE):
    return (button(category=category, rate=rate, sku="PK-18"),)


def many(count):
    return tuple(
        button(f"Knopf Nr. {n}", f"{n}", f"0.{n % 90 + 10}", sku=f"K{n}")
        for n in range(1, count + 1)
    )


SUBLINES = (
    button("Nähset Reise", "10", "5.00", sku="SET-1", id="1", role="GROUP"),
    button("Nadeln", "10", "2.00", sku="N-1", id="1.1", parent="1", role="DETAIL"),
    button("Garn", "10", "3.00", sku="G-1", id="1.2", parent="1", role="DETAIL"),
    button("Etui, kostenlos", "10", "0.00", sku="E-1", id="1.3", parent="1", role="INFORMATION"),
)
# Each shape of invoice by its name; writers that cannot say something leave the shape out.
SHAPES = {
    "plain": Bill(items=ONE),
    "two rates": Bill(items=TWO, order="B-2026-118", note="Vielen Dank für Ihren Auftrag."),
    "per hundred": Bill(items=PER_HUNDRED, due="", terms="14 Tage 2 % Skonto, 30 Tage netto"),
    "adjusted": Bill(
        items=ADJUSTED,
        extras=(Extra(D("10.00")), Extra(D("6.90"), is_charge=True, reason="Versand")),
    ),
    "prepaid": Bill(items=TWO, prepaid=D("100.00")),
    "rounded": Bill(items=TWO, prepaid=D("50.00"), rounding=D("-0.02")),
    "credit note": Bill(items=ONE, type_code="381", preceding="RE-2026-0040", number="GS-7"),
    "correction": Bill(items=ONE, type_code="384", preceding="RE-2026-0041"),
    "negative": Bill(items=(button(quantity="-20", sku="PK-18"),), number="ST/2026/9", terms="Gutschrift"),
    "within EU": Bill(
        items=untaxed("K"), buyer=ABROAD, ship_to=ABROAD,
        reasons={"K": "Innergemeinschaftliche Lieferung"}, buyer_reference="n/a",
    ),
    "reverse charge": Bill(items=untaxed("AE"), reasons={"AE": "Reverse charge"}),
    "exempt": Bill(items=untaxed("E"), **EXEMPT),
    "zero": Bill(items=untaxed("Z")),
    "export": Bill(items=untaxed("G"), buyer=replace(ABROAD, vat_id="", country="CH", city="Zürich", postcode="8001"), reasons={"G": "Ausfuhr"}),
    "not subject": Bill(
        items=untaxed("O", None), seller=replace(SELLER, vat_id=""), buyer=replace(BUYER, vat_id=""),
        reasons={"O": "Kleinunternehmer"},
    ),
    "mixed": Bill(items=(*ONE, *untaxed("E")), **EXEMPT),
    "period": Bill(items=ONE, delivered="", period=("2026-02-01", "2026-02-28")),
    "foreign": Bill(
        items=TWO, currency="CHF", tax_currency="EUR", foreign_tax=D("44.10"), order="PO/77",
    ),
    "traded": Bill(items=ONE, seller=replace(SELLER, trading_name="Knopf & Co", gln="4000001123452")),
    "attached": Bill(items=ONE, attachment="Lieferschein.pdf"),
    "many lines": Bill(items=many(60)),
    "long": Bill(items=(button("Knopf " * 40, "1", "123456.78", description="Zeile 1\nZeile 2", note="Muster"),), number="2026/000/00001-A"),
    "fine prices": Bill(items=(button(quantity="12345", price="0.01234567"), button(quantity="0.333", price="9.9"))),
    "same ids": Bill(items=(button(id="A"), button("Garn", id="A.1"), button("Nadel", id="03"))),
    "umlauts": Bill(items=(button("Größe „Ø 18 mm“ – weiß"),), number="RÄ-1", note="Straße <&> 'Öl' \"x\""),
}  # fmt: skip
EXTENDED_ONLY = {
    "freight": Bill(items=ONE, extras=(Extra(D("12.50"), is_charge=True, reason="Fracht", freight=True),)),
    "sub-lines": Bill(items=SUBLINES),
}  # fmt: skip
ORDERS = {
    "plain": Bill(items=ONE, number="4500012345", type_code="220", wanted="2026-03-20"),
    "two": Bill(items=(replace(TWO[0], wanted="2026-03-18"), replace(TWO[1], wanted="2026-03-18")), number="B-2026/118", type_code="220"),
    "per hundred": Bill(items=PER_HUNDRED, number="PO 77", type_code="220", wanted="2026-04-01"),
    "adjusted": Bill(items=ADJUSTED, extras=(Extra(D("5.00")),), number="A1", type_code="220"),
    "only theirs": Bill(items=(button(buyer_sku="HB-1001"),), number="99", type_code="220"),
    "only gtin": Bill(items=(button(gtin="4012345001235"),), number="100", type_code="220"),
    "many": Bill(items=many(30), number="101", type_code="220", note="Bitte bestätigen"),
}  # fmt: skip
