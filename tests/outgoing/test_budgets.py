from functools import partial

import pytest

from emails import budgets
from emails.budgets import Spent

refusal = partial(budgets.refusal, per_hour=1000)
FULL = Spent(acknowledgements=1000, lately=1000, commitments=1000, in_thread=1000, by_all=1000)


def test_what_a_person_wrote_needs_no_budget():
    assert refusal(FULL, weight="personal", known=False) == ""


@pytest.mark.parametrize("known", [True, False])
def test_a_conversation_is_acknowledged_once(known):
    assert refusal(Spent(), weight="acknowledgement", known=known) == ""
    assert "conversation" in refusal(Spent(in_thread=1), weight="acknowledgement", known=known)


def test_a_stranger_gets_three_in_the_long_window_whatever_today_says():
    assert refusal(Spent(lately=2), weight="acknowledgement", known=False) == ""
    assert refusal(Spent(lately=3), weight="acknowledgement", known=False)
    assert refusal(Spent(lately=3), weight="acknowledgement", known=True) == ""


def test_a_known_contact_writes_about_many_things_a_day():
    most = budgets.ACKNOWLEDGEMENTS_TO_CONTACT
    assert refusal(Spent(acknowledgements=most - 1), weight="acknowledgement", known=True) == ""
    assert refusal(Spent(acknowledgements=most), weight="acknowledgement", known=True)


def test_commitments_have_a_budget_of_their_own():
    spent = Spent(acknowledgements=1000, lately=1000, in_thread=1000)
    assert refusal(spent, weight="commitment", known=False) == ""
    most = budgets.COMMITMENTS_TO_ADDRESS
    assert refusal(Spent(commitments=most), weight="commitment", known=True)


@pytest.mark.parametrize("weight", ["acknowledgement", "commitment"])
def test_d10_the_whole_house_sends_no_more_than_it_may_in_an_hour(weight):
    assert refusal(Spent(by_all=999), weight=weight, known=True) == ""
    assert refusal(Spent(by_all=1000), weight=weight, known=True) == budgets.STORM
