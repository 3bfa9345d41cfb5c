from dataclasses import replace
from datetime import date

import pytest

from orders.documents.einvoice.content import TO_US, Recipient, received
from orders.documents.einvoice.reading import read_xml
from orders.documents.einvoice.values import day, number
from tests.corpora import bill_cii, bill_ubl
from tests.corpora.bills import EXTENDED_ONLY, ORDERS, SELLER, SHAPES, D, Extra
from tests.corpora.faults import FAULTS

PLAIN = SHAPES["plain"]
US = Recipient(("Happy Buttons", "Happy Buttons GmbH"), "DE811569869")


def checks_of(bill, kind="en16931"):
    return read_xml(bill_cii.written(bill, kind).encode()).checks


def by_rule(checks):
    return {check.rule: check for check in checks if check.rule}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_e7_a_fault_is_named_by_its_rule(fault):
    assert fault.rule in fault.found()


def test_e7_an_equation_is_told_with_its_figures():
    found = by_rule(checks_of(SHAPES["two rates"]))
    assert found["BR-CO-15"].state == "ok"
    assert found["BR-CO-15"].detail == "250.63 + 42.74 = 293.37"
    wrong = next(fault for fault in FAULTS if fault.rule == "BR-CO-15")
    failed = by_rule(read_xml(wrong.spoil(wrong.xml()).encode()).checks)["BR-CO-15"]
    assert failed.detail == "210.00 + 39.90 = 249.90 ≠ 294.90"


def test_e7_what_cannot_be_checked_is_never_green():
    for kind in ("minimum", "basicwl", "zugferd1 comfort", "en16931", "xrechnung 3.0"):
        states = {check.state for check in checks_of(PLAIN, kind) if check.part == "rules"}
        assert "not checked" in states
    order = read_xml(bill_ubl.ordered(ORDERS["plain"]).encode())
    schema = [check.state for check in order.checks if check.name == "The XML follows its schema"]
    assert schema == ["not checked"]


def test_e7_the_three_steps_are_all_reported():
    assert {check.part for check in checks_of(PLAIN)} == {"format", "rules", "content"}


def test_the_rules_of_a_profile_are_those_it_can_keep():
    rules = by_rule(checks_of(PLAIN, "minimum"))
    assert "BR-CO-15" in rules
    assert "BR-CO-10" not in rules
    assert by_rule(checks_of(replace(PLAIN, due=""), "zugferd1 comfort")).get("BR-CO-25") is None


def test_profiles_without_lines_are_no_invoices_in_germany():
    name = "The profile holds all that an invoice needs by law"
    at_home = {check.name: check.state for check in checks_of(PLAIN, "basicwl")}
    abroad = {
        check.name: check.state
        for check in checks_of(replace(PLAIN, seller=replace(SELLER, country="FR")), "basicwl")
    }
    assert (at_home[name], abroad[name]) == ("failed", "not checked")


def test_national_rules_hold_for_xrechnung_alone():
    bill = replace(PLAIN, buyer_reference="")
    assert "BR-DE-15" in by_rule(checks_of(bill, "xrechnung 3.0"))
    assert "BR-DE-15" not in by_rule(checks_of(bill, "en16931"))


def test_freight_counts_as_a_charge():
    found = by_rule(checks_of(EXTENDED_ONLY["freight"], "extended"))
    assert (found["BR-CO-12"].state, found["BR-CO-13"].state) == ("ok", "ok")


def test_the_tolerances_are_those_of_the_standard():
    # Two lines rounded one by one: the VAT may be off by less than one unit, the sums by nothing.
    xml = bill_cii.written(PLAIN, "en16931").replace("39.90", "39.99").replace("249.90", "249.99")
    found = by_rule(read_xml(xml.encode()).checks)
    assert "BR-CO-17" not in found
    content = {check.name: check.state for check in read_xml(xml.encode()).checks}
    assert content["The tax amounts follow from the rates"] == "failed"


def test_a_price_rounded_to_cents_explains_a_small_difference():
    bill = replace(PLAIN, items=(replace(PLAIN.items[0], quantity=D(3000), price=D("0.33")),))
    xml = (
        bill_cii.written(bill, "en16931")
        .replace("990.00", "1000.00")
        .replace("188.10", "190.00")
        .replace("1178.10", "1190.00")
    )
    failed = [check.name for check in read_xml(xml.encode()).checks if check.state == "failed"]
    assert failed == []


def test_allowances_and_charges_of_lines_count():
    wrong = replace(SHAPES["adjusted"], extras=(Extra(D(5), reason=""),))
    assert "BR-33" in by_rule(checks_of(wrong))


@pytest.mark.parametrize(
    ("buyer", "vat_id", "state"),
    [
        ("Happy Buttons GmbH", "DE811569869", "ok"),
        ("Someone GmbH", "DE 811 569 869", "ok"),
        ("Happy Buttons GmbH", "DE136695976", "failed"),
        ("HAPPY BUTTONS GMBH, Einkauf", "", "ok"),
        ("Sad Buttons GmbH", "", "failed"),
        ("", "", "not checked"),
    ],
)
def test_e7_the_recipient_says_whether_it_is_the_one(buyer, vat_id, state):
    bill = replace(PLAIN, buyer=replace(PLAIN.buyer, name=buyer, vat_id=vat_id))
    read = received(
        read_xml(bill_cii.written(bill, "en16931").encode()), US, today=date(2026, 3, 10)
    )
    assert [check.state for check in read.checks if check.name == TO_US] == [state]


def test_a_date_in_the_future_is_told():
    read = read_xml(bill_cii.written(PLAIN, "en16931").encode())
    early = received(read, US, today=date(2026, 3, 1)).checks[-1]
    assert (early.state, early.detail) == ("failed", "2026-03-05")
    again = received(received(read, US, today=date(2026, 3, 1)), US, today=date(2026, 3, 6))
    assert [check.state for check in again.checks if check.name == early.name] == ["ok"]


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("20260305", "102", date(2026, 3, 5)),
        ("202603051230", "203", date(2026, 3, 5)),
        ("20260305123015", "204", date(2026, 3, 5)),
        ("202603", "610", date(2026, 3, 1)),
        ("202611", "616", date(2026, 3, 9)),
        ("260305", "101", date(2026, 3, 5)),
        ("2026-03-05", "102", date(2026, 3, 5)),
        ("2026-03-05T12:30:15.000+01:00", "", date(2026, 3, 5)),
        ("2026-03-05Z", "", date(2026, 3, 5)),
        ("2026-03-05-05:00", "", date(2026, 3, 5)),
        ("05.03.2026", "102", date(2026, 3, 5)),
        ("20260230", "102", None),
        ("March", "102", None),
        ("", "", None),
    ],
)
def test_dates_in_every_form(text, form, expected):
    assert day(text, form) == expected


def test_amounts_keep_their_decimals_and_nothing_else_is_an_amount():
    assert str(number("+010.50")) == "10.50"
    assert number(".5") == D("0.5")
    assert number("-3.") == D(-3)
    for text in ("", "NaN", "Infinity", "1,50", "1 000.00", "0x10", "9" * 60, "1e999"):
        assert number(text) is None
