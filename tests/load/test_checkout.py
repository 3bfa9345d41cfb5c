"""P11 through the real pages: twenty rounds of fifty buyers of the last ten."""

import pytest

from tests.orders.test_checkout_races import buyers_of_the_last_ten, terms

__all__ = ["terms"]
pytestmark = [pytest.mark.load, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("round_", range(20))
def test_p11_fifty_buyers_of_the_last_ten_twenty_times(round_):
    buyers_of_the_last_ten(50, looked=round_ % 2 == 0)
