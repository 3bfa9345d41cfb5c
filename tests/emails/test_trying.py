from emails.data import Rule
from emails.shadowing import shadows
from emails.trying import Houses, Trial, replaced

ADDRESSES = {code: f"{code}@h-bu.de" for code in ("info", "sales", "orders", "quality")}
ALWAYS = {"all": []}
ORDER = {"field": "kind", "op": "is", "value": "order"}
PDF = {"field": "has_pdf", "op": "true"}


def rule(number, condition=ALWAYS, **outcome):
    return Rule(id=number, name=f"rule {number}", version=1, condition=condition, **outcome)


def shadowed(*rules):
    return {one.rule.id: ([by.id for by in one.by], one.stops) for one in shadows(rules, ADDRESSES)}


def trial(before, after, tried, *mails):
    made = Trial(tried, before, after, Houses(ADDRESSES, "info"))
    for number, facts in enumerate(mails, 1):
        made.look(number, {"priority": "normal", **facts})
    return made


def test_a_rule_behind_a_wider_one_that_stops_is_unreachable():
    wide = rule(1, ORDER, department="orders", stop=True)
    narrow = rule(2, {"all": [ORDER, PDF]}, department="sales")
    assert shadowed(wide, narrow) == {2: ([1], True)}
    assert shadowed(narrow, wide) == {}


def test_a_rule_that_says_nothing_new_is_shadowed():
    first, second = rule(1, ALWAYS, department="info"), rule(2, ORDER, sla="express")
    third = rule(3, {"all": [ORDER, PDF]}, department="orders", sla="oem")
    assert shadowed(first, second, third) == {3: ([1, 2], False)}


def test_a_rule_that_says_one_thing_more_is_not_shadowed():
    first = rule(1, ALWAYS, department="info")
    assert shadowed(first, rule(2, ORDER, department="orders", priority="high")) == {}
    assert shadowed(first, rule(2, ORDER, department="orders", stop=True)) == {}


def test_a_rule_for_a_department_that_is_gone_shadows_nobody():
    assert shadowed(rule(1, department="moon"), rule(2, ORDER, department="orders")) == {}


def test_the_rule_that_is_tried_takes_its_place_by_position_and_a_new_one_comes_last():
    rules = [(10, rule(1)), (20, rule(2)), (20, rule(3))]
    order = lambda tried, gone: [one.id for one in replaced(rules, tried, gone)]  # noqa: E731
    assert order((5, rule(3)), 3) == [3, 1, 2]
    assert order((20, rule(0)), 0) == [1, 2, 3, 0]
    assert order((20, rule(2)), 2) == [1, 2, 3]
    assert order(None, 2) == [1, 3]


def test_a_trial_tells_gained_lost_and_changed_mails():
    before = [rule(1, ORDER, department="orders")]
    after = [rule(1, PDF, department="quality", sla="express")]
    found = trial(
        before,
        after,
        1,
        {"kind": "order", "has_pdf": False},
        {"kind": "other", "has_pdf": True},
        {"kind": "order", "has_pdf": True},
        {"kind": "other", "has_pdf": False},
    )
    assert (found.gained, found.lost) == ([2], [1])
    assert [effect.email for effect in found.changed] == [1, 2, 3]
    assert found.changed[2].changes == {
        "department": ("orders", "quality"),
        "sla": ("standard", "express"),
    }
    assert found.moves["department", "orders", "info"] == 1


def test_a_rule_that_stops_changes_mails_it_decides_nothing_about():
    last = rule(2, ALWAYS, department="sales")
    found = trial([last], [rule(0, ORDER, stop=True), last], 0, {"kind": "order"})
    assert (found.gained, found.lost) == ([], [])
    assert found.changed[0].changes == {"department": ("sales", "info")}


def test_rules_that_hold_and_never_decide_are_named_with_who_overrules_them():
    rules = [rule(1, ORDER, department="orders"), rule(2, PDF, department="sales")]
    found = trial(rules, rules, 2, *[{"kind": "order", "has_pdf": True}] * 3)
    ((idle, tally),) = found.idle
    assert (idle.id, tally.hits, tally.overruled_by) == (2, 3, {1: 3})


def test_a_condition_that_stands_in_both_sets_is_asked_once():
    asked = []

    class Facts(dict):
        def get(self, name, default=None):
            asked.append(name)
            return super().get(name, default)

    kept, tried = rule(1, ORDER, department="orders"), rule(2, PDF, department="sales")
    made = Trial(2, [kept], [kept, tried], Houses(ADDRESSES, "info"))
    made.look(1, Facts(kind="order", has_pdf=True, priority="normal"))
    assert sorted(one for one in asked if one != "desk") == ["has_pdf", "kind"]
