import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from emails.models import Delivery, Email
from emails.services import intake
from hbu.journal.models import Event
from tests.incoming import again, later, letter
from tests.load.crashing import POINTS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "HBU_TEST_DATABASE_URL" in os.environ, reason="the command opens the test database's file"
    ),
]
ROOT = Path(__file__).resolve().parents[2]
QUICK = [
    ("emails.services.ledger:claim", "after", 1),
    ("emails.services.intake:store", "after", 1),
    ("emails.sources.imap:ImapSource.mark_seen", "after", 1),
]


def fetch_and_die(*crash):
    """Run fetch_mail in a process of its own that is killed at a point; return its exit code."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "HBU_DATA_DIR": str(settings.HBU_DATA_DIR),
        "HBU_IMAP_PORT": str(settings.HBU_IMAP_PORT),
        "HBU_FETCH_BATCH": "4",
    }
    command = [sys.executable, "-m", "tests.load.crashing", *map(str, crash), "fetch_mail"]
    connections.close_all()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode in (0, -9), done.stderr.decode()
    return done.returncode


def survives(desk, crash, count):
    """Kill a fetch, let the next ones finish, and count what is in the books."""
    died = fetch_and_die(*crash)
    for _ in range(2):
        later()
        assert intake.fetch(again(desk.mailbox)) is not None
    uids = list(range(1, count + 1))
    assert Email.objects.count() == count
    assert list(Delivery.objects.order_by("uid").values_list("uid", flat=True)) == uids
    assert set(Delivery.objects.values_list("state", flat=True)) == {"stored"}
    assert Delivery.objects.filter(told_server=False).count() == 0
    assert Event.objects.filter(kind="email.received").count() == count
    assert desk.seen() == uids
    return died


@pytest.mark.parametrize(
    "crash", QUICK, ids=lambda crash: f"{crash[0].partition(':')[2]}-{crash[1]}"
)
def test_a1_a_worker_that_is_killed_loses_and_doubles_nothing(desk, crash):
    desk.put(*(letter(f"mail {n}") for n in range(6)))
    assert survives(desk, crash, 6) == -9


@pytest.mark.load
@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.partition(":")[2])
def test_a1_a_worker_killed_anywhere_loses_and_doubles_nothing(desk, point, when, nth):
    desk.put(*(letter(f"mail {n}") for n in range(12)))
    died = survives(desk, (point, when, nth), 12)
    assert died == -9 or nth > 1
