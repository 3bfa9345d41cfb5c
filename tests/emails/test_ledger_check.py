import pytest

from emails.ledger_check import KEPT, Standing, count


def test_what_the_server_holds_and_the_ledger_does_not_know_is_missing():
    found = count([1, 2, 3, 5], {1: True, 2: True, 5: True}, until=5)
    assert (found.held, found.gone, found.missing) == (4, 0, [3])


def test_what_came_after_the_cursor_is_for_the_next_fetch():
    found = count([1, 2, 3, 4], {1: True, 2: True}, until=2)
    assert (found.held, found.missing) == (2, [])


def test_mails_that_were_moved_after_storing_count_as_seen():
    found = count([3], {1: True, 2: True, 3: True}, until=3)
    assert (found.held, found.gone, found.missing) == (1, 2, [])


def test_a_mail_removed_before_it_could_be_stored_is_on_neither_side():
    found = count([2], {1: False, 2: True}, until=2)
    assert (found.held, found.gone, found.missing) == (1, 0, [])


def test_no_more_missing_mails_are_named_than_can_be_kept():
    assert len(count(range(1, 2 * KEPT), {}, until=5 * KEPT).missing) == KEPT


@pytest.mark.parametrize(
    ("standing", "not_stored", "not_decided"),
    [
        (Standing(server=5, stored=5, decided=5), 0, 0),
        (Standing(server=5, stored=4, decided=4), 1, 0),
        (Standing(server=5, stored=4, decided=4, fetching=1), 0, 0),
        (Standing(server=5, stored=5, decided=3), 0, 2),
        (Standing(server=5, stored=5, decided=3, deciding=2), 0, 0),
        (Standing(server=5, stored=4, decided=2, fetching=1, deciding=1), 0, 1),
        (Standing(server=0, stored=3, decided=3), 0, 0),
    ],
)
def test_what_is_not_on_its_way_is_a_gap(standing, not_stored, not_decided):
    assert (standing.not_stored, standing.not_decided) == (not_stored, not_decided)
    assert standing.gap == not_stored + not_decided
