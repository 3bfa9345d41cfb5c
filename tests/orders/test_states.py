from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from orders import drawing
from orders.models import Order
from tests.orders.books import enter, in_state
from tests.orders.test_fulfilling import LIFE

pytestmark = pytest.mark.django_db
State = Order.State
STEPS = {(before, after) for _, before, after in LIFE}


def test_o3_the_database_itself_refuses_every_jump(company):
    refused = set()
    for before, after in product(State.values, State.values):
        order = in_state(enter(), before)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE orders_order SET state = %s WHERE id = %s", [after, order.pk]
                )
        except IntegrityError:
            refused.add((before, after))
    every = {pair for pair in product(State.values, State.values) if len(set(pair)) == 2}
    assert every - refused == STEPS


def test_the_picture_draws_the_life_that_the_model_knows():
    for drawn in (drawing.wide(), drawing.narrow()):
        assert {(edge.before, edge.after) for edge in drawn.edges} == STEPS
        assert {node.state for node in drawn.nodes} == set(State.values)
        for node in drawn.nodes:
            assert 0 <= node.x <= node.right <= drawn.width
            assert 0 <= node.y <= node.bottom <= drawn.height


def test_an_order_can_be_read_anew_and_its_state_still_cannot_be_set(company):
    order = enter()
    in_state(order, State.CONFIRMED)
    order.refresh_from_db(fields=["number"])
    assert order.state == State.CREATED
    order.refresh_from_db()
    assert order.state == State.CONFIRMED
    with pytest.raises(AttributeError):
        order.state = State.CLOSED
