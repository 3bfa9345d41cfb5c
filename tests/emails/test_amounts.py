from decimal import Decimal

import pytest

from emails import amounts
from tests.explosions import no_explosion


@pytest.mark.parametrize(
    ("text", "words", "value", "currency"),
    [
        ("über 1.234,50 EUR.", "1.234,50 EUR", "1234.50", "EUR"),
        ("EUR 99", "EUR 99", "99", "EUR"),
        ("total $1,200.00!", "$1,200.00", "1200.00", "USD"),
        ("500 Euro", "500 Euro", "500", "EUR"),
        ("1.234 EUR", "1.234 EUR", "1234", "EUR"),
        ("zu 0,385 € je Stück", "0,385 €", "0.385", "EUR"),
        ("zu 0.3825 EUR", "0.3825 EUR", "0.3825", "EUR"),
        ("99,- €", "99,- €", "99", "EUR"),
        ("1’250.00 CHF", "1’250.00 CHF", "1250.00", "CHF"),
        ("£19.99", "£19.99", "19.99", "GBP"),
        ("2,5 Mio. Euro", "2,5 Mio. Euro", "2500000", "EUR"),
        ("5 million dollars", "5 million dollars", "5000000", "USD"),
        ("€ 1.000.000", "€ 1.000.000", "1000000", "EUR"),
    ],
)
def test_a_sum_is_read_in_either_spelling(text, words, value, currency):
    (one,) = amounts.find(text)
    assert (one.found, one.currency) == (words, currency)
    assert one.value == Decimal(value)


@pytest.mark.parametrize(
    "text", ["Artikel 4711", "EUR4711x", "12.12.2026 EUR", "500 Eurocent", "EURO", "neuro 5", ""]
)
def test_what_is_no_sum_is_left_alone(text):
    assert amounts.find(text) == ()


def test_the_same_sum_is_named_once_and_many_are_cut():
    assert [one.found for one in amounts.find("5 EUR, 5,00 EUR, 6 EUR")] == ["5 EUR", "6 EUR"]
    assert len(amounts.find(" ".join(f"{n} EUR" for n in range(1, 90)))) == amounts.AT_MOST


@pytest.mark.parametrize("piece", ["1.000", "1.234.567,", "€", "9", "1 ", "1.1,1.1,", "EUR "])
def test_b14_crafted_numbers_cost_no_time(piece):
    with no_explosion():
        amounts.find(piece * (100_000 // len(piece)))
