from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from emails.classifying import classify
from emails.data import Automatic, Priority, Rule, Sender
from emails.routing import DESK_RULE, FALLBACK_RULE, FIELDS, facts, route
from hbu.lib.conditions import NO_TIME_LEFT, TOO_SLOW, validate
from tests.emails.letters import letter

CODES = ("info", "sales", "support", "finance", "orders", "quality", "supplier", "oem1")
ADDRESSES = {code: f"{code}@h-bu.de" for code in CODES}
ALWAYS = {"all": []}
ROWS = yaml.safe_load((Path(__file__).parents[2] / "demo" / "rules.yaml").read_text("utf-8"))
DEMO = [
    Rule(
        id=number,
        name=row["name"],
        version=1,
        condition=row["condition"],
        department=row.get("department", ""),
        sla=row.get("sla", ""),
        priority=row.get("priority", ""),
        stop=row.get("stop", False),
    )
    for number, row in enumerate(sorted(ROWS, key=lambda row: row["order"]), 1)
]
STRANGER = Sender()
OEM = Sender(customer_id=2, customer="Motoren AG", oem=True)


def rule(name, condition=ALWAYS, **outcome):
    return Rule(id=1, name=name, version=3, condition=condition, **outcome)


def asked(mail=None, sender=STRANGER, mailbox="info@h-bu.de"):
    mail = mail or letter("Hallo", "Guten Tag")
    return facts(mail, classify(mail, sender), mailbox=mailbox)


def decide(rules, known=None):
    return route(rules, known or asked(), fallback="support", addresses=ADDRESSES)


def sent(subject, text="", sender=STRANGER, **more):
    mailbox = more.pop("mailbox", "info@h-bu.de")
    return decide(DEMO, asked(letter(subject, text, **more), sender, mailbox))


def test_every_field_that_rules_may_ask_is_answered():
    assert set(asked()) == set(FIELDS)


def test_the_first_to_speak_wins_and_the_later_one_is_overruled():
    decision = decide([rule("a", department="sales"), rule("b", department="quality", sla="oem")])
    assert (decision.department, decision.rule, decision.sla) == ("sales", "a", "oem")
    assert decision.trace[1]["overruled"] == {"department": "quality"}
    assert decision.trace[1]["applied"] == {"sla": "oem"}


def test_stop_ends_the_evaluation_and_the_rest_is_not_reached():
    decision = decide([rule("a", sla="low", stop=True), rule("b", department="sales")])
    assert [entry["reached"] for entry in decision.trace] == [True, False]
    assert (decision.department, decision.rule) == ("support", FALLBACK_RULE)


def test_a_rule_that_misses_does_not_stop():
    never = {"any": []}
    decision = decide([rule("a", never, stop=True), rule("b", department="sales")])
    assert decision.department == "sales"


def test_without_rules_the_fallback_takes_the_mail():
    decision = decide([])
    assert (decision.department, decision.address) == ("support", "support@h-bu.de")
    assert (decision.sla, decision.priority) == ("standard", Priority.NORMAL)


def test_a_rule_may_raise_the_priority_of_the_verdict():
    assert decide([rule("a", priority="urgent")]).priority is Priority.URGENT


def test_a_rule_for_a_department_that_is_gone_does_not_swallow_the_mail():
    decision = decide([rule("a", department="moon", priority="soon"), rule("b", department="info")])
    assert (decision.department, decision.rule) == ("info", "b")
    assert decision.trace[0]["problems"] == ("Unknown department", "Unknown priority")


def test_the_trace_tells_each_check_with_its_value():
    condition = {"field": "subject", "op": "contains", "value": "hallo"}
    (entry,) = decide([rule("a", condition, department="info")]).trace
    assert (entry["rule"], entry["version"], entry["hit"]) == ("a", 3, True)
    assert entry["checks"][0]["actual"] == "Hallo"


def test_the_same_trace_comes_from_the_same_facts():
    known = asked(letter("Reklamation", "defekt"), OEM)
    assert decide(DEMO, known).as_json() == decide(DEMO, known).as_json()


def test_b14_a_slow_pattern_is_skipped_and_marked():
    slow = rule("a", {"field": "text", "op": "matches", "value": "(a+)+$"}, department="sales")
    decision = decide([slow, rule("b", department="info")], asked(letter("x", "a" * 99_999 + "!")))
    assert decision.department == "info"
    assert TOO_SLOW in decision.trace[0]["problems"][0]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_each_demo_rule_may_be_saved(row):
    assert validate(row["condition"], FIELDS) == []
    assert row.get("department", "info") in CODES
    assert row.get("sla", "standard") in {"standard", "express", "oem", "low"}
    assert row.get("priority", "low") in set(Priority)


def test_demo_rules_have_an_order_and_a_name_of_their_own():
    assert len({row["order"] for row in ROWS}) == len({row["name"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("department", "subject", "text", "files"),
    [
        ("orders", "Bestellung 4711", "Anbei unsere Bestellung.", ("Bestellung.pdf",)),
        ("orders", "Bestellung", "Hiermit bestellen wir 5 Stück HB-1.", ()),
        ("finance", "Rechnung 1", "Anbei unsere Rechnung.", ("Rechnung.pdf",)),
        ("finance", "Zahlungsavis", "Ihre Rechnung haben wir bezahlt.", ()),
        ("quality", "Reklamation zu Bestellung 4711", "Die Knöpfe sind defekt.", ()),
        ("quality", "Rücksendung", "Wir möchten die Ware zurücksenden.", ()),
        ("supplier", "Unsere neue Preisliste", "Als Ihr Lieferant bieten wir Ihnen an.", ()),
        ("sales", "Anfrage", "Bitte senden Sie uns ein Angebot.", ()),
        ("orders", "Rückfrage zu unserer Bestellung", "Wann kommt die Ware?", ()),
        ("orders", "Bestellung ändern", "Bitte ändern Sie unsere Bestellung.", ()),
        ("support", "Technische Frage", "Ist HB-1 waschbar?", ()),
        ("info", "You have won", "Lottery bitcoin", ()),
        ("info", "Hallo", "Sind Sie am Montag da?", ()),
    ],
)
def test_a6_content_finds_its_department(department, subject, text, files):
    decision = sent(subject, text, files=files)
    assert decision.department == department
    assert decision.address == f"{department}@h-bu.de"


def test_a6_anything_else_goes_to_support():
    mail = {"mailbox": "support@h-bu.de", "to": ("support@h-bu.de",)}
    assert sent("Hallo", "Sind Sie am Montag da?", **mail).department == "support"


def test_a6_an_oem_customer_reaches_the_own_team_on_the_oem_clock():
    decision = sent("Besuch", "Wir kommen am Montag vorbei.", OEM)
    assert (decision.department, decision.sla, decision.priority) == ("oem1", "oem", Priority.HIGH)


def test_content_beats_sender_and_the_trace_says_so():
    decision = sent("Reklamation", "Ware defekt", OEM)
    (oem,) = [entry for entry in decision.trace if entry["rule"] == "OEM customer"]
    assert (decision.department, decision.sla) == ("quality", "oem")
    assert oem["hit"]
    assert oem["overruled"]["department"] == "oem1"


WITH_DESK = Sender(customer_id=2, customer="Motoren AG", oem=True, desk="OEM1@h-bu.de")


@pytest.mark.parametrize(
    ("subject", "text"),
    [("Reklamation", "Ware defekt"), ("Rechnung", "Ihre Rechnung R-1"), ("Besuch", "Montag?")],
)
def test_a_customer_with_a_desk_reaches_it_whatever_the_mail_says(subject, text):
    decision = sent(subject, text, WITH_DESK)
    assert (decision.department, decision.rule) == ("oem1", DESK_RULE)
    assert decision.sla == "oem"
    first, *others = decision.trace
    assert first["applied"] == {"department": "oem1"}
    assert first["checks"][0]["field"] == "desk"
    assert first["rule_id"] is None
    assert not any("department" in entry["applied"] for entry in others)


def test_the_rule_that_the_desk_overruled_says_so():
    entries = sent("Reklamation", "Ware defekt", WITH_DESK).trace
    (complaint,) = [entry for entry in entries if entry["rule"] == "Complaint"]
    assert complaint["overruled"]["department"] == "quality"


def test_spam_reaches_no_desk():
    decision = sent("Urgent lottery", "You have won bitcoin", WITH_DESK)
    assert decision.department == "info"


def test_a_desk_that_no_department_has_is_nothing():
    gone = replace(WITH_DESK, desk="gone@h-bu.de")
    assert sent("Reklamation", "Ware defekt", gone) == sent("Reklamation", "Ware defekt", OEM)


def test_urgent_mail_runs_on_the_express_clock():
    assert sent("DRINGEND: Bestellung", "wir bestellen 5 Stück").sla == "express"


def test_spam_stops_everything():
    decision = sent("Urgent lottery", "You have won bitcoin", OEM)
    assert (decision.department, decision.sla, decision.priority) == ("info", "low", Priority.LOW)
    assert not any(entry["reached"] for entry in decision.trace[1:])


def test_a_newsletter_waits():
    decision = sent("Frühling", "Unser Newsletter", automatic=Automatic.BULK)
    assert (decision.rule, decision.sla) == ("Newsletters and bulk mail", "low")


def test_b14_many_slow_rules_hold_up_a_mail_for_no_longer_than_its_patience():
    slow = [
        rule(f"slow {n}", {"field": "text", "op": "matches", "value": f"(a{{1,{n}}})+$"})
        for n in range(10, 60)
    ]
    facts = asked(letter("x", "a" * 99_999 + "!"))
    decision = decide([*slow, rule("b", department="info")], facts)
    errors = [entry["checks"][0]["error"] for entry in decision.trace[:-1]]
    assert decision.department == "info"
    assert errors.count(TOO_SLOW) <= 12
    assert errors == sorted(errors, key=[TOO_SLOW, NO_TIME_LEFT].index)


def test_the_trace_names_what_was_found_and_what_had_to_miss():
    condition = {
        "all": [
            {"field": "text", "op": "contains_any", "value": ["reklam"]},
            {"not": {"field": "subject", "op": "contains", "value": "storno"}},
        ]
    }
    known = asked(letter("Knöpfe", "Eine Reklamation"))
    (entry,) = decide([rule("a", condition, department="info")], known).trace
    found, denied = entry["checks"]
    assert (found["found"], denied["denied"], denied["hit"]) == ("Reklamation", True, False)
