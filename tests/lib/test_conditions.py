import time

import pytest

from hbu.lib.conditions import (
    NO_TIME_LEFT,
    TOO_SLOW,
    Patience,
    evaluate,
    fields_of,
    in_words,
    slow_patterns,
    validate,
)

FIELDS = {"subject", "text", "kind", "size", "recipients", "oem", "customer"}


def leaf(field, op, value=None):
    return {"field": field, "op": op, "value": value}


def holds(condition, **facts):
    return evaluate(condition, facts).hit


@pytest.mark.parametrize(
    ("condition", "facts", "hit"),
    [
        (leaf("kind", "is", "Order"), {"kind": "order"}, True),
        (leaf("kind", "is", "order"), {}, False),
        (leaf("kind", "is_not", "order"), {}, True),
        (leaf("kind", "in", ["order", "invoice"]), {"kind": "invoice"}, True),
        (leaf("kind", "in", ["order", "invoice"]), {"kind": "spam"}, False),
        (
            leaf("recipients", "is", "info@h-bu.de"),
            {"recipients": ("a@b.de", "INFO@h-bu.de")},
            True,
        ),
        (leaf("recipients", "contains", "info@"), {"recipients": ("a@b.de", "info@h-bu.de")}, True),
        (leaf("subject", "contains", "änder"), {"subject": "Bitte AENDERN"}, True),
        (leaf("subject", "contains_any", ["eilt"]), {"subject": "Es eilt!"}, True),
        (leaf("subject", "contains_any", ["eilt"]), {"subject": "Wir haben es geteilt"}, False),
        (leaf("subject", "contains_any", ["reklam"]), {"subject": "Unsere Reklamation"}, True),
        (leaf("subject", "contains_any", ["wann kommt"]), {"subject": "wann\n  kommt es"}, True),
        (leaf("subject", "contains_any", ["!!!"]), {"subject": "Jetzt!!!"}, True),
        (leaf("subject", "contains_any", ["@acme"]), {"subject": "info@acme.de"}, True),
        (leaf("subject", "matches", r"PO-\d+"), {"subject": "our po-77"}, True),
        (leaf("size", "greater", "1000"), {"size": 1001}, True),
        (leaf("size", "less", 10), {"size": 11}, False),
        (leaf("customer", "exists"), {"customer": ""}, False),
        (leaf("customer", "exists"), {"customer": "Atelier Nord"}, True),
        (leaf("oem", "true"), {"oem": True}, True),
        (leaf("oem", "false"), {"oem": True}, False),
        ({"all": []}, {}, True),
        ({"any": [leaf("kind", "is", "a"), leaf("kind", "is", "b")]}, {"kind": "b"}, True),
        ({"not": leaf("kind", "is", "a")}, {"kind": "a"}, False),
    ],
)
def test_each_comparison_means_what_it_says(condition, facts, hit):
    assert evaluate(condition, facts).hit is hit


def test_every_leaf_that_was_looked_at_is_listed_with_its_value():
    condition = {"all": [leaf("kind", "is", "order"), leaf("subject", "contains", "PO")]}
    result = evaluate(condition, {"kind": "order", "subject": "Our PO 7"})
    assert [(check.field, check.actual, check.hit) for check in result.checks] == [
        ("kind", "order", True),
        ("subject", "Our PO 7", True),
    ]


def test_a_decided_group_looks_no_further():
    condition = {"all": [leaf("kind", "is", "spam"), leaf("subject", "contains", "PO")]}
    assert len(evaluate(condition, {"kind": "order"}).checks) == 1


def test_a_long_text_is_shown_around_the_place_that_was_found():
    text = "ü" * 5000 + " Reklamation " + "x" * 5000
    (check,) = evaluate(leaf("text", "contains_any", ["Reklamation"]), {"text": text}).checks
    assert check.hit
    assert "reklamation" in check.actual
    assert len(check.actual) <= 200


@pytest.mark.parametrize(
    "condition",
    [
        leaf("text", "guess", "x"),
        leaf("text", "matches", "(("),
        leaf("text", "greater", 3),
        leaf("text", "contains", 5),
        {"all": "nonsense"},
        {"all": [7]},
        {},
        "text",
    ],
)
def test_a_broken_condition_never_holds_and_says_so(condition):
    result = evaluate(condition, {"text": "x"})
    assert not result.hit
    assert result.errors


def test_a_broken_condition_does_not_hold_when_negated_either():
    assert not holds({"not": leaf("text", "matches", "((")}, text="x")
    assert holds({"any": [leaf("text", "matches", "(("), leaf("text", "is", "x")]}, text="x")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*a){25}", "(a|aa)+$"])
def test_b14_an_exploding_pattern_is_stopped_and_called_too_slow(pattern):
    begun = time.process_time()
    result = evaluate(leaf("text", "matches", pattern), {"text": "a" * 100_000 + "!"})
    assert time.process_time() - begun < 1
    assert result.hit or result.checks[0].error == TOO_SLOW


def test_b14_ten_exploding_rules_are_tried_within_two_seconds():
    begun = time.process_time()
    slow = {"any": [leaf("text", "matches", f"(a{{1,{n}}})+$") for n in range(10, 20)]}
    result = evaluate(slow, {"text": "a" * 100_000 + "!"})
    assert time.process_time() - begun < 2
    assert not result.hit
    assert TOO_SLOW in result.errors[0]


@pytest.mark.parametrize(
    "text", [" wort" * 20_000, "w " * 50_000, "ä" * 100_000, "a\u0316\u0301" * 33_000]
)
def test_b14_many_words_on_a_hundred_kilobytes_take_no_time(text):
    words = [f"wort{number}" for number in range(200)]
    begun = time.process_time()
    assert not holds(leaf("text", "contains_any", words), text=text)
    assert time.process_time() - begun < 0.5


def test_decomposed_umlauts_are_the_same_letters():
    assert holds(leaf("subject", "contains", "Grüße"), subject="Gru\u0308ße")


def test_a_sound_condition_has_no_problems():
    condition = {
        "all": [
            leaf("kind", "in", ["order"]),
            {"not": leaf("subject", "contains_any", ["storno", "cancel"])},
            {
                "any": [
                    leaf("oem", "true"),
                    leaf("size", "greater", 5),
                    leaf("text", "matches", "a+"),
                ]
            },
        ]
    }
    assert validate(condition, FIELDS) == []


def nested(depth):
    return {"not": nested(depth - 1)} if depth else leaf("kind", "is", "a")


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        (leaf("nope", "is", "x"), "Unknown field"),
        (leaf("kind", "guess", "x"), "Unknown comparison"),
        (leaf("text", "matches", "(("), "cannot be read"),
        (leaf("text", "matches", ""), "needs a text"),
        (leaf("size", "greater", "much"), "needs a number"),
        (leaf("size", "greater", "NaN"), "needs a number"),
        (leaf("kind", "is", ["a"]), "one value"),
        (leaf("kind", "in", []), "needs a list"),
        (leaf("kind", "in", ["a", " "]), "not empty"),
        (leaf("kind", "contains_any", ["w"] * 201), "needs a list"),
        (leaf("kind", "contains", "w" * 501), "longer than"),
        (leaf("kind", "in", ["w" * 501]), "longer than"),
        ({"any": []}, "never holds"),
        ({"all": {}}, "needs a list"),
        ({"all": [], "any": []}, "beside"),
        ({**leaf("kind", "is", "x"), "extra": 1}, "beside"),
        ({"all": [leaf("kind", "is", "a")] * 101}, "Too many"),
        (nested(9), "Nested deeper"),
        (["kind"], "Not a condition"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said_in_words(condition, word):
    assert any(word in problem for problem in validate(condition, FIELDS))


def test_a_condition_deeper_than_allowed_never_holds():
    assert not holds(nested(2000 // 100), kind="b")


def test_a_condition_reads_as_a_sentence():
    condition = {
        "all": [
            leaf("subject", "contains_any", ["storno", "cancel"]),
            {"not": leaf("oem", "true")},
            {"any": [leaf("kind", "is", "order"), leaf("size", "greater", 3)]},
        ]
    }
    assert in_words(condition, {"oem": "the customer is an OEM"}) == (
        'subject contains any of "storno", "cancel" and not (the customer is an OEM is true)'
        ' and (kind is "order" or size is greater than "3")'
    )
    assert in_words({"all": []}) == "always"


def test_b14_patterns_share_the_time_of_a_mail_and_the_rest_is_not_tried():
    patience, facts = Patience(0.35), {"text": "a" * 100_000 + "!"}
    rules = [leaf("text", "matches", f"(a{{1,{n}}})+$") for n in range(10, 40)]
    errors = [evaluate(rule, facts, patience).checks[0].error for rule in rules]
    tried = errors.count(TOO_SLOW)
    assert 1 <= tried <= 5
    assert errors == [TOO_SLOW] * tried + [NO_TIME_LEFT] * (len(rules) - tried)
    assert evaluate(leaf("text", "contains", "a"), facts, patience).hit


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", r"(x+x+)+y"])
def test_b14_a_pattern_that_may_explode_is_named_before_it_is_saved(pattern):
    assert slow_patterns({"any": [leaf("text", "matches", pattern)]}) == [pattern]


@pytest.mark.parametrize(
    "pattern", [r"PO-\d+", r"Bestell(ung|nummer).{0,40}\d{4,}", r"\bKW\s*\d{1,2}\b", "(("]
)
def test_an_honest_pattern_is_not_suspected(pattern):
    assert slow_patterns(leaf("text", "matches", pattern)) == []


def test_a_check_names_the_words_that_were_found_and_what_was_denied():
    facts = {"text": "Ihre Mängelrüge ging ein", "subject": "Neu"}
    condition = {
        "all": [
            leaf("text", "contains_any", ["mängel"]),
            {"not": leaf("subject", "contains", "alt")},
        ]
    }
    found, denied = evaluate(condition, facts).checks
    assert (found.found, found.denied) == ("maengelruege", False)
    assert (denied.hit, denied.denied) == (False, True)


def test_the_fields_of_a_condition_are_known_without_asking_it():
    nested_ones = {"all": [leaf("kind", "is", "a"), {"not": {"any": [leaf("text", "is", "b")]}}]}
    assert fields_of(nested_ones) == {"kind", "text"}
    assert fields_of({"all": "nonsense"}) == fields_of(7) == frozenset()
