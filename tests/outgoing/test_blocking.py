from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from emails.models import BlockedAddress, OutgoingEmail
from emails.services import blocking, releasing
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.outgoing.letters import again, queued
from tests.outgoing.test_writing import write

pytestmark = pytest.mark.django_db
State, Weight = OutgoingEmail.State, OutgoingEmail.Weight
READER = "einkauf@modehaus-berger.example"


def block(address=READER, **values):
    row = BlockedAddress(address=address, until=timezone.now() + blocking.BLOCKED_FOR, **values)
    blocking.block([row])
    return BlockedAddress.objects.get(address=address.lower())


@pytest.mark.parametrize("spelling", [READER, READER.upper()])
def test_c8_automatic_mail_to_a_blocked_address_is_withheld_and_says_why(company, spelling):
    block(spelling)
    letters = [write(1), write(2, weight="commitment"), write(3, weight="personal")]
    assert [one.state for one in letters] == [State.WITHHELD, State.WITHHELD, State.QUEUED]
    until = timezone.localdate(timezone.now() + blocking.BLOCKED_FOR).isoformat()
    assert letters[0].reason == f"{blocking.HELD_UNTIL}: {until}"


def test_c8_a_block_ends_by_itself_after_sixty_days(company):
    block()
    with time_machine.travel(timezone.now() + timedelta(days=59), tick=False):
        assert write(1).state == State.WITHHELD
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        assert write(2).state == State.QUEUED


def test_c8_a_person_lifts_a_block_and_it_can_come_again(company, ben):
    row = block()
    blocking.lift(row, by=ben)
    assert write(1).state == State.QUEUED
    assert Event.objects.get(kind="address.freed").actor == ben
    with pytest.raises(DomainError, match="not blocked"):
        blocking.lift(row, by=ben)
    assert block().pk == row.pk
    assert write(2).state == State.WITHHELD


def test_a_block_without_an_end_outlasts_a_letter_that_comes_back(company, ben):
    blocking.block_by_hand(BlockedAddress(address=READER, reason="Never again"), by=ben)
    row = block(reason="5.1.1")
    assert (row.until, row.reason) == (None, "Never again")


def test_what_waits_for_a_blocked_address_is_withheld_unless_a_person_let_it_go(company, ben):
    waiting, retrying = queued(to_address=READER), queued(to_address=READER, state=State.RETRYING)
    spared = [
        queued(to_address=READER, weight=Weight.PERSONAL),
        queued(to_address=READER, approved_by=ben),
        queued(to_address="somebody@else.example"),
    ]
    block()
    assert {again(one).state for one in (waiting, retrying)} == {State.WITHHELD}
    assert {again(one).state for one in spared} == {State.QUEUED}
    releasing.release(again(waiting), by=ben)
    assert again(waiting).state == State.QUEUED


def test_a_person_blocks_by_hand_until_somebody_lifts_it(company, ben):
    blocking.block_by_hand(BlockedAddress(address=f" {READER} ", reason="Asked for it"), by=ben)
    row = BlockedAddress.objects.get()
    assert (row.address, row.until, row.blocked_by) == (READER, None, ben)
    assert write(1).reason == blocking.HELD
    with pytest.raises(DomainError, match="already"):
        blocking.block_by_hand(BlockedAddress(address=READER), by=ben)
    with pytest.raises(DomainError, match="no mail address"):
        blocking.block_by_hand(BlockedAddress(address="Berger"), by=ben)


def test_d10_a_storm_waits_for_a_person_and_is_told_once(company, settings):
    settings.HBU_AUTOMATIC_PER_HOUR = 3
    letters = [write(n, to_address=f"a{n}@x{n}.example") for n in range(6)]
    assert [one.state for one in letters] == [State.QUEUED] * 3 + [State.WITHHELD] * 3
    assert Event.objects.filter(kind="outgoing.storm").count() == 1
    assert write(7, weight="personal").state == State.QUEUED
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert write(8, to_address="b@y.example").state == State.QUEUED


def test_a_letter_carries_the_number_of_its_case_once(company):
    subject = write(1).subject
    assert subject.count("C-2026-000001") == 1
