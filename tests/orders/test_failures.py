import pytest

from orders.data import Check, CheckState
from orders.documents.failures import OTHER, failure
from orders.documents.reading import read_order

LETTERS = [
    "3 Stk HB-1001 zu 2,00 EUR = 7,00 EUR",
    "500 Stk HB-1001, falls noch da",
    "Bitte 500 Stk. liefern",
]


@pytest.mark.parametrize("letter", LETTERS)
def test_a_failed_check_of_a_letter_says_what_is_wrong(letter):
    failed = [
        check
        for check in read_order(letter, format="text").checks
        if check.state is CheckState.FAILED
    ]
    assert failed
    for check in failed:
        meaning, _ = failure(check)
        assert meaning not in {OTHER, check.name}


def test_a_rule_of_a_standard_is_named():
    check = Check("Sum of lines", CheckState.FAILED, "3.00 ≠ 4.00", rule="BR-CO-10")
    assert failure(check) == (OTHER, "BR-CO-10: 3.00 ≠ 4.00")
