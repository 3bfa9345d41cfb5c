"""O8: whoever holds pieces and dies gives them back, exactly once and by himself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from shop.models import Product, Reservation
from shop.services import stock
from tests.orders.books import AURORA, confirmed, stock_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "HBU_TEST_DATABASE_URL" in os.environ, reason="the buyer opens the test database's file"
    ),
]
ROOT = Path(__file__).resolve().parents[2]


def hold_and_die(number, when):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "HBU_DATA_DIR": str(settings.HBU_DATA_DIR),
    }
    product = Product.objects.get(sku=AURORA).pk
    command = [
        sys.executable, "-m", "tests.load.dying_buyer",
        str(product), "200", f"cart:{number}", when,
    ]  # fmt: skip
    connections.close_all()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == -9, done.stderr.decode()


def dies_and_all_is_back(rounds):
    confirmed((AURORA, 400))
    before = stock_of(AURORA)
    for number in range(rounds):
        hold_and_die(number, "inside" if number % 2 else "after")
    on_hand, reserved = stock_of(AURORA)
    assert (on_hand, reserved) == (before[0], before[1] + 200 * ((rounds + 1) // 2))
    while stock.expire(timezone.now()):
        pass
    assert stock_of(AURORA) == before
    assert Reservation.objects.count() == 1


def test_o8_a_buyer_who_dies_at_the_checkout_gives_everything_back(company):
    dies_and_all_is_back(2)


@pytest.mark.load
def test_o8_thirty_buyers_who_die_at_the_checkout_give_everything_back(company):
    dies_and_all_is_back(30)
