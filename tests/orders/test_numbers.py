from datetime import date
from decimal import Decimal

import pytest

from orders.documents.dates import parse_date, without_dates
from orders.documents.numbers import (
    Notation,
    ambiguous,
    is_pack,
    notation,
    parse_decimal,
    unit_factor,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0000", "1000"),
        ("EUR 12,50", "12.50"),
        ("12,50 €", "12.50"),
        ("$12.50", "12.50"),
        ("12,-", "12"),
        ("12,-- €", "12"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1.000.000", "1000000"),
        ("1234,5", "1234.5"),
        ("-5,00", "-5.00"),
        ("500", "500"),
    ],
)
def test_what_can_be_read_one_way_is_read_so_in_any_language(text, value):
    assert parse_decimal(text, "de") == parse_decimal(text, "en") == Decimal(value)
    assert not ambiguous(text)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,23,4", "1.23.456,0,0", "12 34", "1.000,00.0", "1e5", "NaN", "9" * 41]
)
def test_what_is_no_number_is_none(text):
    assert parse_decimal(text) is None


def test_thousands_or_decimals_is_decided_by_the_language_where_both_are_possible():
    assert parse_decimal("1.000", "de") == 1000
    assert parse_decimal("1.000", "en") == 1
    assert parse_decimal("1,000", "en") == 1000
    assert parse_decimal("1,000", "de") == 1
    assert ambiguous("1.000")
    assert ambiguous("1,000")


def test_the_other_amounts_of_a_document_decide_how_it_writes_numbers():
    assert notation("1,500 pcs at 0.85", "de") == Notation("en", proven=True)
    assert notation("500,000 ST zu 0,85 EUR", "en") == Notation("de", proven=True)


def test_dates_and_times_do_not_decide_how_numbers_are_written():
    assert notation("am 24.12.2026 um 10.30 Uhr", "de") == Notation("de")


def test_amounts_that_contradict_each_other_decide_nothing():
    assert notation("12,50 und 12.50", "de") == Notation("de")


def test_h2_a_thousand_in_the_letters_own_language_is_taken_at_its_word():
    assert not Notation("de").doubtful("1.000")
    assert not Notation("en").doubtful("1,000")


def test_h2_a_foreign_separator_without_other_amounts_is_doubtful():
    assert Notation("de").doubtful("1,000")
    assert Notation("en").doubtful("1.000")
    assert not Notation("de", proven=True).doubtful("1,000")


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("", 1),
        ("Stk.", 1),
        ("STÜCK", 1),
        ("pcs", 1),
        ("Dtzd.", 12),
        ("Dutzend", 12),
        ("dozen", 12),
        ("Gros", 144),
        ("gross", 144),
        ("VE", None),
        ("kg", None),
    ],
)
def test_units_know_how_many_pieces_they_hold(unit, factor):
    assert unit_factor(unit) == factor


def test_packages_are_told_from_units_that_nobody_knows():
    assert all(is_pack(unit) for unit in ("VE", "Pkg.", "Karten", "cards"))
    assert not is_pack("kg")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24.12.2026", date(2026, 12, 24)),
        ("24.12.26", date(2026, 12, 24)),
        ("2026-12-24", date(2026, 12, 24)),
        ("24/12/2026", date(2026, 12, 24)),
        ("12/24/2026", date(2026, 12, 24)),
        ("05/06/2026", date(2026, 6, 5)),
        ("24 December 2026", date(2026, 12, 24)),
        ("December 24th, 2026", date(2026, 12, 24)),
        ("24. Dezember 2026", date(2026, 12, 24)),
        ("3. März 2027", date(2027, 3, 3)),
        ("KW 48/2026", date(2026, 11, 27)),
        ("week 48 2026", date(2026, 11, 27)),
        ("spätestens am 24.12.2026, besser früher", date(2026, 12, 24)),
    ],
)
def test_dates_of_business_letters_are_read(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["", "31.02.2026", "24.12.", "KW 48", "1.234,56", "KW 60/2026"])
def test_what_names_no_day_is_no_date(text):
    assert parse_date(text) is None


def test_without_a_year_the_next_such_day_is_meant():
    today = date(2026, 11, 21)
    assert parse_date("bis 24.12.", near=today) == date(2026, 12, 24)
    assert parse_date("bis 5. Januar", near=today) == date(2027, 1, 5)
    assert parse_date("KW 3", near=today) == date(2027, 1, 22)


def test_dates_can_be_blanked_out_and_amounts_stay():
    assert without_dates("500 bis 24.12.2026 zu 0.85").split() == ["500", "bis", "zu", "0.85"]
