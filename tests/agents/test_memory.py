from agents.data import Ask, Brief, Close, DraftOrder, DraftQuotation, Outcome, Remembered, Reply
from agents.memory import (
    WARY,
    after_confirmation,
    after_correction,
    after_deciding,
    heed,
    remembered,
)

BRIEF = Brief(
    case="C-1", kind="order_status", priority="normal", language="de", subject="", text="",
    sender_name="Anna", customer="", oem=False, automatic="", confidence=1, department="sales",
)  # fmt: skip
STATUS = Outcome(actions=(Reply(template="order_status"), Close(reason="known")), reasons=("a",))


def brief_with(in_a_row):
    values = {name: getattr(BRIEF, name) for name in Brief.__dataclass_fields__}
    return Brief(**values | {"remembered": Remembered(in_a_row=in_a_row)})


def test_what_was_decided_is_counted():
    facts = after_deciding({}, kind="order", language="de", answered=True)
    facts = after_deciding(facts, kind="general", language="en", answered=False)
    known = remembered(facts, case="C-2", kind="general")
    assert (known.kind, known.language, known.case) == ("general", "en", "C-2")
    assert (known.decided, known.answered, known.corrected) == (2, 1, 0)


def test_corrections_are_counted_by_kind_until_one_answer_is_confirmed():
    facts = after_correction(after_correction({}, "order_status"), "order_status")
    facts = after_correction(facts, "payment")
    assert remembered(facts, case="", kind="order_status").in_a_row == 2
    assert remembered(facts, case="", kind="payment").in_a_row == 1
    facts = after_confirmation(facts, "order_status")
    assert remembered(facts, case="", kind="order_status").in_a_row == 0
    assert remembered(facts, case="", kind="payment").in_a_row == 1
    assert remembered(facts, case="", kind="payment").corrected == 3


def test_a_sender_nobody_knows_changes_nothing():
    assert heed(BRIEF, STATUS) is STATUS


def test_one_correction_changes_nothing():
    assert heed(brief_with(1), STATUS) is STATUS


def test_after_two_corrections_a_person_looks_first_and_the_reason_says_so():
    outcome = heed(brief_with(2), STATUS)
    reply, ask = outcome.actions
    assert reply.look_first
    assert isinstance(ask, Ask)
    assert ask.reason == f"{WARY}: 2"
    assert outcome.reasons == ("a", f"{WARY}: 2")


def test_after_two_corrections_nothing_is_confirmed_or_sent():
    outcome = heed(brief_with(3), Outcome(actions=(DraftOrder(confirm=True),)))
    assert not outcome.actions[0].confirm
    outcome = heed(brief_with(3), Outcome(actions=(DraftQuotation(send=True),)))
    assert not outcome.actions[0].send
    assert isinstance(outcome.actions[1], Ask)


def test_who_asks_a_person_anyway_asks_once():
    asking = Outcome(actions=(Reply(template="generic_ack"), Ask(title="Answer", reason="x")))
    assert [type(one) for one in heed(brief_with(2), asking).actions] == [Reply, Ask]
