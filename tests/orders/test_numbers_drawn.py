import threading
from random import Random

import pytest
import time_machine
from django.db import connection, transaction

from hbu.company.numbers import draw

pytestmark = pytest.mark.django_db


def test_numbers_run_on_by_series_and_year():
    with time_machine.travel("2026-12-31T20:00:00+01:00", tick=False):
        assert draw("B", 2) == ["B-2026-000001", "B-2026-000002"]
        assert draw("C") == ["C-2026-000001"]
        assert draw("B") == ["B-2026-000003"]
    with time_machine.travel("2026-12-31T23:30:00Z", tick=False):
        assert draw("B") == ["B-2027-000001"]


def test_drawing_none_uses_none():
    assert draw("B", 0) == []
    assert draw("B")[0].endswith("-000001")


def test_o5_a_rollback_gives_its_numbers_back():
    draw("B")
    with transaction.atomic():
        draw("B", 5)
        transaction.set_rollback(True)
    assert draw("B")[0].endswith("000002")


@pytest.mark.django_db(transaction=True)
def test_o5_no_gaps_and_no_doubles_with_rollbacks_in_between():
    drawn, lock = [], threading.Lock()

    def work(seed):
        dice = Random(seed)
        try:
            for _ in range(20):
                with transaction.atomic():
                    numbers = draw("B", dice.choice([1, 2, 3]))
                    back = dice.random() < 0.2
                    if back:
                        transaction.set_rollback(True)
                if not back:
                    with lock:
                        drawn.extend(numbers)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number[-6:]) for number in drawn) == list(range(1, len(drawn) + 1))
