from hypothesis import given
from hypothesis import strategies as st

from kpis import standing
from kpis.standing import Status, Trend, Weighed

numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda one: round(one, 3))
amounts = st.floats(0, 1e6, allow_nan=False).map(lambda one: round(one, 3))
ways = st.booleans()


@given(numbers, numbers, ways)
def test_what_is_reached_lies_between_nothing_and_all(value, target, less):
    assert 0 <= standing.reached(value, target, less_is_better=less) <= 100


@given(numbers, numbers, ways)
def test_a_target_is_good_exactly_when_it_is_met(value, target, less):
    met = value <= target if less else value >= target
    share = standing.reached(value, target, less_is_better=less)
    assert (standing.status(share) == Status.GOOD) == (met or share >= 100)
    assert not met or share == 100


@given(amounts, amounts, amounts, ways)
def test_who_is_better_reaches_no_less(value, other, target, less):
    worse, better = (max(value, other), min(value, other)) if less else sorted((value, other))
    shares = [standing.reached(one, target, less_is_better=less) for one in (worse, better)]
    assert shares[0] <= shares[1]


@given(st.none() | numbers, st.none() | numbers, ways)
def test_without_a_value_or_a_target_there_is_no_status(value, target, less):
    share = standing.reached(value, target, less_is_better=less)
    assert (share is None) == (value is None or target is None)
    assert (standing.status(share) == Status.NONE) == (share is None)


@given(numbers, numbers, ways)
def test_the_trend_turns_with_the_direction_and_with_time(value, before, less):
    turned = {Trend.BETTER: Trend.WORSE, Trend.WORSE: Trend.BETTER, Trend.STEADY: Trend.STEADY}
    found = standing.trend(value, before, less_is_better=less)
    assert standing.trend(value, before, less_is_better=not less) == turned[found]
    assert standing.trend(before, value, less_is_better=less) == turned[found]


@given(numbers, ways)
def test_what_stays_is_steady_and_what_is_new_has_no_trend(value, less):
    assert standing.trend(value, value, less_is_better=less) == Trend.STEADY
    assert standing.trend(value, None, less_is_better=less) == Trend.NONE


weighed = st.lists(st.tuples(st.integers(1, 20), st.floats(0, 100)), min_size=1, max_size=9)


@given(weighed)
def test_the_score_lies_between_the_least_and_the_most_that_is_reached(parts):
    found = standing.score(Weighed("x", weight, share) for weight, share in parts)
    shares = [share for _weight, share in parts]
    assert min(shares) - 1e-9 <= found <= max(shares) + 1e-9


def test_the_score_is_a_mean_by_weight():
    assert standing.score([Weighed("a", 3, 100), Weighed("b", 1, 60)]) == 90
    assert standing.score([]) is None


def test_near_the_target_is_nine_tenths_of_it():
    shares = [standing.reached(value, 80, less_is_better=False) for value in (80, 72, 71)]
    assert [standing.status(one) for one in shares] == [Status.GOOD, Status.NEAR, Status.MISSED]
    assert standing.reached(8, 4, less_is_better=True) == 50
