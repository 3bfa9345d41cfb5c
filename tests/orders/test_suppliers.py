import pytest

from orders.data import Check, CheckState, Party, ReadDocument
from orders.suppliers import Known, Suppliers, concerns, name_key

HORN = Known(
    1,
    "Hornwerk Oberpfalz GmbH",
    vat_id="DE999049837",
    iban="DE02 1203 0000 0000 2020 51",
    domains=("hornwerk.example",),
    other_names=("Hornwerk",),
)
BOXES = Known(2, "Kartonagen Rheinland KG", addresses=("kartons@big-provider.example",))
BOOKS = Suppliers([HORN, BOXES])
OTHER_IBAN = "DE89 3704 0044 0532 0130 00"


def invoice(**fields):
    return ReadDocument(kind="invoice", format="pdf", **{"number": "RE-1", **fields})


def codes(document, supplier):
    return [one.code for one in concerns(document, supplier)]


@pytest.mark.parametrize(
    ("seller", "sender", "expected"),
    [
        (Party(vat_id="DE 999 049 837"), "", HORN),
        (Party(iban="DE02120300000000202051"), "", HORN),
        (Party(), "Rechnung@Hornwerk.example", HORN),
        (Party(), "kartons@big-provider.example", BOXES),
        (Party(), "somebody@big-provider.example", None),
        (Party(name="HORNWERK Oberpfalz G.m.b.H."), "", HORN),
        (Party(name="Hornwerk"), "", HORN),
        (Party(name="Hornwerk Oberpfalz GmbH & Co. KG"), "", None),
        (Party(name="Hornwerk Oberpfals GmbH"), "", None),
        (Party(), "", None),
        # What identifies better decides, whoever sent it.
        (Party(vat_id="DE999049837"), "kartons@big-provider.example", HORN),
    ],
)
def test_a_supplier_is_known_by_what_identifies_and_never_by_likeness(seller, sender, expected):
    assert BOOKS.who(seller, sender) is expected


def test_what_two_suppliers_share_identifies_neither():
    twins = Suppliers([HORN, Known(3, "Hornwerk Süd GmbH", domains=("hornwerk.example",))])
    assert twins.who(Party(), "a@hornwerk.example") is None
    assert twins.who(Party(vat_id=HORN.vat_id), "a@hornwerk.example") is HORN


def test_another_account_than_the_known_one_is_said_first():
    document = invoice(
        seller=Party(vat_id="DE111", iban=OTHER_IBAN),
        checks=(Check("Sum", CheckState.FAILED, "1 ≠ 2"),),
    )
    assert codes(document, HORN) == ["other_iban", "other_vat_id", "check_failed"]


def test_the_same_account_in_other_spelling_is_no_concern():
    assert codes(invoice(seller=Party(iban="de02120300000000202051")), HORN) == []


def test_the_three_steps_are_told_apart():
    checks = tuple(
        Check(f"About {part}", CheckState.FAILED, "why", part, rule)
        for part, rule in (("format", ""), ("rules", "BR-CO-10"), ("content", ""))
    )
    document = invoice(checks=checks)
    assert codes(document, HORN) == ["format", "rules", "content"]
    assert concerns(document, HORN)[1].evidence == "About rules: BR-CO-10: why"


def test_what_could_not_be_checked_is_no_concern():
    checks = (Check("Schematron", CheckState.NOT_CHECKED, "", "rules"),)
    assert codes(invoice(checks=checks), HORN) == []


def test_a_scan_is_unreadable_and_nothing_worse():
    assert codes(invoice(number="", error="no text"), None) == ["unreadable", "unknown_supplier"]


def test_a_thousand_findings_stay_a_short_list():
    checks = tuple(Check(f"{n}", CheckState.FAILED) for n in range(1000))
    assert len(concerns(invoice(checks=checks), HORN)) <= 12


def test_legal_forms_and_umlauts_have_one_spelling():
    assert name_key("Müller  G.m.b.H.") == name_key("Mueller GmbH") != name_key("Müller KG")
