import errno
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connections
from django.utils import timezone

from emails.models import Email
from emails.services import quarantine, stages
from hbu.journal.models import Event

pytestmark = pytest.mark.django_db
State = Email.State


def receive(count, **fields):
    start = Email.objects.count()
    return Email.objects.bulk_create(
        Email(fingerprint=f"{n:064}", subject=f"mail {n}", **fields)
        for n in range(start, start + count)
    )


class Bench:
    """A stage whose work is written down, and goes wrong where it is told to."""

    def __init__(self):
        self.chunks = []
        self.faults = {}
        self.stage = stages.Stage("bench", State.RECEIVED, self.work)

    def work(self, emails):
        self.chunks.append([email.subject for email in emails])
        for email in emails:
            if email.subject in self.faults:
                raise self.faults[email.subject]
        pks = [email.pk for email in emails]
        Email.objects.filter(pk__in=pks).update(state=State.TRIAGED, claimed_until=None, attempts=0)

    def run(self):
        return stages.run(self.stage, Email.objects.values_list("pk", flat=True))

    def sweep(self):
        return stages.run(self.stage, stages.overdue(timezone.now(), State.RECEIVED))


@pytest.fixture
def bench():
    return Bench()


def states():
    return dict(Email.objects.order_by("pk").values_list("subject", "state"))


def test_mails_are_worked_off_in_chunks(bench, settings):
    settings.HBU_CHUNK = 4
    receive(10)
    assert bench.run() == 10
    assert [len(chunk) for chunk in bench.chunks] == [4, 4, 2]
    assert bench.run() == 0


def test_large_mails_do_not_meet_in_one_chunk(bench, settings):
    settings.HBU_MAX_MAIL_BYTES = 100
    for size in (10, 80, 20, 100, 100, 1):
        receive(1, size=size)
    bench.run()
    assert bench.chunks == [["mail 0", "mail 1"], ["mail 2"], ["mail 3"], ["mail 4"], ["mail 5"]]


def test_a_mail_in_another_state_is_not_touched(bench):
    receive(1, state=State.HANDLED)
    assert bench.run() == 0


def test_a9_a_mail_that_fails_alone_goes_to_quarantine_and_the_others_go_on(bench, ben):
    receive(5)
    bench.faults["mail 2"] = ValueError("a NUL\x00 and half a pair \ud800")
    assert bench.run() == 5
    bad = Email.objects.get(subject="mail 2")
    assert states() == {
        f"mail {n}": State.QUARANTINED if n == 2 else State.TRIAGED for n in range(5)
    }
    assert (bad.failed_in, bad.error) == (State.RECEIVED, "ValueError: a NUL and half a pair ")
    assert Event.objects.get(kind="email.quarantined").data["stage"] == "bench"
    assert bench.run() == 0

    bench.faults.clear()
    quarantine.retry(bad, by=ben)
    assert bench.sweep() == 1
    assert states()["mail 2"] == State.TRIAGED


def test_i3_a_mail_that_kills_its_worker_is_quarantined_after_three_and_others_go_on(bench):
    receive(4)
    bench.faults["mail 1"] = SystemExit()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(8):
            try:
                bench.sweep()
            except SystemExit:
                clock.shift(stages.CLAIM_SECONDS + 1)
    assert states() == {
        f"mail {n}": State.QUARANTINED if n == 1 else State.TRIAGED for n in range(4)
    }
    assert sum("mail 1" in chunk for chunk in bench.chunks) == 3
    assert Email.objects.get(subject="mail 1").error.startswith("RuntimeError: The worker died")


def test_i3_after_a_death_each_mail_is_worked_on_alone(bench):
    receive(3, attempts=1)
    assert bench.run() == 3
    assert [len(chunk) for chunk in bench.chunks] == [1, 1, 1]


def test_i3_a_claim_ends_by_itself(bench):
    receive(2)
    bench.faults["mail 0"] = SystemExit()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        with pytest.raises(SystemExit):
            bench.run()
        bench.faults.clear()
        assert bench.sweep() == 0
        clock.shift(stages.CLAIM_SECONDS - 1)
        assert bench.sweep() == 0
        clock.shift(2)
        assert bench.sweep() == 2


def test_mails_behind_slow_ones_are_not_claimed_before_their_turn(bench, settings):
    settings.HBU_CHUNK = 1
    receive(3)
    held = []
    work = bench.work

    def slow(emails):
        held.append(Email.objects.exclude(claimed_until=None).count())
        work(emails)

    stages.run(
        stages.Stage("slow", State.RECEIVED, slow), Email.objects.values_list("pk", flat=True)
    )
    assert held == [1, 1, 1]


def test_i3_a_mail_that_takes_all_the_time_there_is_goes_to_quarantine(bench):
    receive(3)
    bench.faults["mail 1"] = SoftTimeLimitExceeded()
    for _ in range(stages.MAX_ATTEMPTS):
        with pytest.raises(SoftTimeLimitExceeded):
            bench.sweep()
    bench.sweep()
    assert states() == {
        "mail 0": State.TRIAGED,
        "mail 1": State.QUARANTINED,
        "mail 2": State.TRIAGED,
    }


@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("database is locked"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
)
def test_a13_when_the_house_fails_no_mail_is_at_fault(bench, fault):
    receive(3)
    bench.faults = {f"mail {n}": fault for n in range(3)}
    for _ in range(9):
        with pytest.raises(type(fault)):
            bench.sweep()
    assert set(states().values()) == {State.RECEIVED}
    bench.faults.clear()
    assert bench.sweep() == 3
    assert set(states().values()) == {State.TRIAGED}


def test_a13_a_mail_for_which_the_house_always_fails_hides_no_mail_behind_it(bench):
    receive(3)
    bench.faults["mail 0"] = OSError(errno.EACCES, "Permission denied")
    for _ in range(3):
        with pytest.raises(OSError, match="Permission"):
            bench.sweep()
    receive(1)
    with pytest.raises(OSError, match="Permission"):
        bench.sweep()
    assert states() == {
        "mail 0": State.RECEIVED,
        "mail 1": State.TRIAGED,
        "mail 2": State.TRIAGED,
        "mail 3": State.TRIAGED,
    }


@pytest.mark.django_db(transaction=True)
def test_a2_workers_that_are_rung_for_the_same_mails_share_them(bench, settings):
    settings.HBU_CHUNK = 5
    receive(40)
    start = Barrier(3)

    def work(_):
        try:
            start.wait()
            return bench.run()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(work, range(3)))
    worked = [subject for chunk in bench.chunks for subject in chunk]
    assert sum(counts) == len(worked) == len(set(worked)) == 40
