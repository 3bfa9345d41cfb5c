from datetime import date, timedelta
from itertools import product

import pytest

from orders import pace
from orders.pace import ALL, HAND, PRODUCTION, Situation, next_step

TODAY = date(2026, 3, 10)
TOMORROW = TODAY + timedelta(days=1)
STATES = [*pace.STEPS, "CREATED", "CLOSED", "CANCELLED"]


def at(state, **terms):
    return Situation(state=state, today=TODAY, **terms)


def why(situation):
    return [wait.what for wait in next_step(situation).waits]


def test_every_situation_is_answered_with_a_step_or_with_what_is_in_its_way():
    choices = product(
        STATES, (HAND, PRODUCTION, ALL), *[(False, True)] * 4, (None, TODAY, TOMORROW), (0, 5)
    )
    for state, progression, held, stock, advance, paid, day, open_pieces in choices:
        decision = next_step(
            at(
                state,
                progression=progression,
                on_hold=held,
                from_stock=stock,
                in_advance=advance,
                paid=paid,
                billed=paid,
                due={"SHIPPED": day, "IN_PRODUCTION": day, "PRODUCED": day} if day else {},
                expected_on=day,
                to_bill=open_pieces,
            )
        )
        if state in pace.ENDED:
            assert decision == pace.Decision()
        else:
            assert bool(decision.step) != bool(decision.waits)
        if held:
            assert not decision.step


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("CONFIRMED", "plan"),
        ("PLANNED", "start_production"),
        ("IN_PRODUCTION", "finish_production"),
    ],
)
def test_goods_on_the_shelf_pass_production_by_themselves(state, step):
    due = {"IN_PRODUCTION": TOMORROW, "PRODUCED": TOMORROW}
    assert next_step(at(state, due=due)).step == step


def test_made_goods_wait_for_the_day_of_their_production():
    due = {"IN_PRODUCTION": TOMORROW, "PRODUCED": TOMORROW}
    for state in ("PLANNED", "IN_PRODUCTION"):
        (wait,) = next_step(at(state, from_stock=False, due=due)).waits
        assert wait.until == TOMORROW
        assert next_step(at(state, from_stock=False, due=dict.fromkeys(due, TODAY))).step
    assert next_step(at("CONFIRMED", from_stock=False, due=due)).step == "plan"


def test_a_customer_moved_by_hand_waits_for_a_person_at_each_step():
    for state in ("CONFIRMED", "PLANNED", "IN_PRODUCTION", "PRODUCED", "PACKED", "SHIPPED"):
        assert "Orders of this customer are moved by hand" in why(at(state, progression=HAND))


def test_until_it_is_produced_means_that_a_person_packs():
    assert next_step(at("IN_PRODUCTION")).step
    assert not next_step(at("PRODUCED")).step
    assert next_step(at("PRODUCED", progression=ALL)).step == "pack"


def test_what_is_paid_in_advance_is_billed_first_and_waits_for_the_money():
    terms = {"in_advance": True, "progression": ALL}
    assert next_step(at("CONFIRMED", **terms)).step == pace.BILL
    assert why(at("CONFIRMED", billed=True, **terms)) == ["Its payment in advance has not come in"]
    assert next_step(at("CONFIRMED", billed=True, paid=True, **terms)).step == "plan"
    assert why(at("PACKED", billed=True, **terms)) == ["Its payment in advance has not come in"]


def test_all_the_way_ships_on_its_day_bills_and_counts_as_delivered_after_the_transit():
    assert next_step(at("PACKED", progression=ALL, due={"SHIPPED": TOMORROW})).waits
    assert next_step(at("PACKED", progression=ALL, due={"SHIPPED": TODAY})).step == "ship"
    assert next_step(at("SHIPPED", progression=ALL, to_bill=3, expected_on=TODAY)).step == "bill"
    assert next_step(at("SHIPPED", progression=ALL, expected_on=TOMORROW)).waits
    assert next_step(at("SHIPPED", progression=ALL, expected_on=TODAY)).step == "deliver"


def test_the_rest_of_a_partly_shipped_order_is_sent_by_a_person():
    assert why(at("PACKED", progression=ALL, part_shipped=True)) == [
        "Part of it has left the house: a person sends the rest"
    ]


def test_the_end_follows_from_invoices_and_payments_whoever_moves_it():
    for progression in (HAND, PRODUCTION, ALL):
        assert next_step(at("DELIVERED", progression=progression)).step == "follow"
        assert why(at("INVOICED", progression=progression)) == ["Its invoices are not paid"]
        assert next_step(at("INVOICED", progression=progression, paid=True)).step == "follow"
    assert why(at("DELIVERED", to_bill=3)) == ["Its invoice is not written"]
    assert next_step(at("DELIVERED", to_bill=3, progression=ALL)).step == "bill"
    assert why(at("INVOICED", paid=True, to_credit=2)) == [
        "What came back or was cancelled is not credited"
    ]


def test_on_hold_says_so_with_its_reason():
    (wait,) = next_step(at("CONFIRMED", on_hold=True, hold_reason="wrong colour")).waits
    assert wait.evidence == "wrong colour"


def test_what_nobody_confirmed_waits_for_a_person():
    assert next_step(at("CREATED")).waits
    assert "doubtful" in why(at("CREATED", doubtful=True))[0]
