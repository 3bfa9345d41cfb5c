import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbu.lib.conditions import evaluate, implies
from tests.explosions import no_explosion


def leaf(field, op, value=None):
    return {"field": field, "op": op, "value": value}


ORDER, PDF = leaf("kind", "is", "order"), leaf("has_pdf", "true")
ALWAYS = {"all": []}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ORDER, ALWAYS),
        (ORDER, ORDER),
        (ORDER, leaf("kind", "is", "Order ")),
        ({"all": [ORDER, PDF]}, ORDER),
        ({"all": [ORDER, PDF]}, {"all": [PDF, ORDER]}),
        (ORDER, {"any": [PDF, ORDER]}),
        ({"any": [{"all": [ORDER, PDF]}, ORDER]}, ORDER),
        (ORDER, leaf("kind", "in", ["invoice", "order"])),
        (leaf("kind", "in", ["order"]), ORDER),
        (leaf("subject", "contains", "Reklamation"), leaf("subject", "contains", "reklam")),
        (leaf("subject", "contains_any", ["a"]), leaf("subject", "contains_any", ["b", "a"])),
        (leaf("size", "greater", 10), leaf("size", "greater", "5")),
        (leaf("size", "less", 5), leaf("size", "less", 10)),
        ({"not": {"any": [ORDER, PDF]}}, {"not": ORDER}),
        (leaf("customer", "is", "Berger"), leaf("customer", "exists")),
    ],
)
def test_what_follows_is_seen(first, second):
    assert implies(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ALWAYS, ORDER),
        (ORDER, {"all": [ORDER, PDF]}),
        ({"any": [ORDER, PDF]}, ORDER),
        ({"not": ORDER}, {"not": {"any": [ORDER, PDF]}}),
        (leaf("kind", "in", ["invoice", "order"]), ORDER),
        (leaf("subject", "contains", "reklam"), leaf("subject", "contains", "Reklamation")),
        (leaf("subject", "is", "order"), leaf("kind", "is", "order")),
        (leaf("size", "greater", 5), leaf("size", "greater", 10)),
        (leaf("recipients", "is", "a"), leaf("recipients", "is_not", "b")),
    ],
)
def test_what_does_not_follow_is_not_claimed(first, second):
    assert not implies(first, second)


WORDS = st.sampled_from(["a", "b", "ab", ""])
FACTS = st.fixed_dictionaries(
    {
        "one": WORDS,
        "two": st.lists(WORDS, max_size=2).map(tuple),
        "size": st.integers(0, 3),
        "yes": st.booleans(),
    }
)
LEAVES = st.one_of(
    st.builds(leaf, st.sampled_from(["one", "two"]), st.sampled_from(["is", "is_not"]), WORDS),
    st.builds(
        leaf,
        st.sampled_from(["one", "two"]),
        st.sampled_from(["in", "contains_any"]),
        st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=2),
    ),
    st.builds(
        leaf, st.sampled_from(["one", "two"]), st.just("contains"), st.sampled_from(["a", "ab"])
    ),
    st.builds(leaf, st.sampled_from(["one", "two"]), st.just("exists")),
    st.builds(leaf, st.just("size"), st.sampled_from(["greater", "less"]), st.integers(0, 3)),
    st.builds(leaf, st.just("yes"), st.sampled_from(["true", "false"])),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda some: {"all": some}, st.lists(inner, max_size=3)),
        st.builds(lambda some: {"any": some}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda one: {"not": one}, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None)
@given(CONDITIONS, CONDITIONS, FACTS)
def test_an_implication_that_is_claimed_holds_for_all_facts(first, second, facts):
    if implies(first, second) and evaluate(first, facts).hit:
        assert evaluate(second, facts).hit


def test_large_conditions_are_compared_in_proportion_to_their_size():
    def tree(depth, name):
        group = "all" if depth % 2 else "any"
        return (
            {group: [tree(depth - 1, name), tree(depth - 1, name + "x")]}
            if depth
            else leaf("kind", "is", name)
        )

    with no_explosion():
        assert not implies(tree(6, "a"), tree(6, "b"))
