from hypothesis import given
from hypothesis import strategies as st

from orders.progress import Pieces, follows, progress


@st.composite
def lines(draw):
    """Any line that the constraints of the database allow."""
    ordered = draw(st.integers(1, 60))
    cancelled = draw(st.integers(0, ordered))
    shipped = draw(st.integers(0, ordered - cancelled))
    invoiced = draw(st.integers(0, ordered))
    return Pieces(
        ordered=ordered,
        cancelled=cancelled,
        shipped=shipped,
        delivered=draw(st.integers(0, shipped)),
        returned=draw(st.integers(0, shipped)),
        invoiced=invoiced,
        credited=draw(st.integers(0, invoiced)),
    )


@given(st.lists(lines(), min_size=1, max_size=5))
def test_what_is_open_is_never_negative_and_nothing_is_to_bill_and_to_credit_at_once(rows):
    for line in rows:
        assert line.to_ship >= 0
        assert line.to_bill >= 0
        assert line.to_credit >= 0
        assert not (line.to_bill and line.to_credit)
    done = progress(rows)
    assert done.total.ordered == sum(line.ordered for line in rows)
    assert done.delivered <= done.shipped <= done.begun


@given(st.lists(lines(), min_size=1, max_size=4), st.booleans())
def test_a_state_follows_only_where_every_line_is_so_far(rows, paid):
    done = progress(rows)
    if follows("PACKED", done, paid=paid):
        assert all(line.to_ship == 0 for line in rows)
    if follows("SHIPPED", done, paid=paid):
        assert all(line.delivered == line.shipped for line in rows)
    if follows("DELIVERED", done, paid=paid):
        assert all(line.to_bill == 0 for line in rows)
    if follows("INVOICED", done, paid=paid):
        assert paid
        assert done.to_credit == 0
    for state in ("CREATED", "CONFIRMED", "PLANNED", "IN_PRODUCTION", "PRODUCED", "CLOSED"):
        assert follows(state, done, paid=paid) == ""


def test_pieces_that_came_back_before_they_were_billed_are_not_billed():
    line = Pieces(ordered=10, shipped=10, delivered=10, returned=3, invoiced=7)
    assert (line.to_bill, line.to_credit) == (0, 0)


def test_pieces_that_are_billed_and_came_back_or_were_cancelled_are_to_credit():
    assert Pieces(ordered=10, shipped=10, returned=3, invoiced=10).to_credit == 3
    assert Pieces(ordered=10, shipped=6, cancelled=4, invoiced=10).to_credit == 4
    assert Pieces(ordered=10, shipped=10, returned=3, invoiced=10, credited=3).to_credit == 0
