import pytest

from agents.data import CHECK_THE_ORDER, Ask, Brief, Close, DraftOrder, OrderBrief, Reply
from agents.registry import ROLES
from agents.roles.acknowledging import TEMPLATES, TITLES
from emails.data import Kind, Priority
from emails.models import RoyalTemplate

KINDS = [kind for kind in Kind if kind != Kind.SPAM]
CERTAIN = OrderBrief(reference="PO-1", lines=1, gross="85.92", certain=True)
DOUBTFUL = OrderBrief("PO-1", 1, "85.92", certain=False, doubts=("The price differs 1 ≠ 2",))


def brief(**values) -> Brief:
    return Brief(
        **{
            "case": "C-2026-000001",
            "kind": "general",
            "priority": "normal",
            "language": "de",
            "subject": "Frage",
            "text": "",
            "sender_name": "Anna",
            "customer": "",
            "oem": False,
            "automatic": "",
            "confidence": 0.9,
            "department": "info",
            **values,
        }
    )


def kinds_of(outcome) -> list[type]:
    return [type(action) for action in outcome.actions]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answered", [False, True])
def test_every_mail_gets_an_answer_once_and_somebody_who_cares(role, kind, answered):
    outcome = ROLES[role](brief(kind=kind, answered_before=answered))
    assert outcome.reasons
    assert kinds_of(outcome).count(Reply) == (0 if answered else 1)
    assert Ask in kinds_of(outcome) or Close in kinds_of(outcome)


@pytest.mark.django_db
def test_every_letter_a_role_can_choose_is_there_in_both_languages(company):
    chosen = {"expedite_ack", "document_unreadable", "order_status", *TEMPLATES.values()}
    there = set(RoyalTemplate.objects.values_list("code", "language"))
    assert {(code, language) for code in chosen for language in ("de", "en")} <= there
    assert set(TITLES) == set(TEMPLATES) == set(KINDS)


def test_a_certain_order_is_confirmed_without_further_words():
    outcome = ROLES["sales"](brief(kind="order", order=CERTAIN))
    assert outcome.actions == (DraftOrder(confirm=True),)


def test_a_doubtful_order_is_entered_acknowledged_and_checked():
    outcome = ROLES["sales"](brief(kind="order", order=DOUBTFUL))
    assert kinds_of(outcome) == [DraftOrder, Reply, Ask]
    assert not outcome.actions[0].confirm
    assert outcome.actions[2].title == CHECK_THE_ORDER
    assert "price differs" in outcome.actions[2].reason


def test_a_machines_order_is_never_confirmed():
    outcome = ROLES["sales"](brief(kind="order", order=CERTAIN, automatic="bulk"))
    assert outcome.actions[0] == DraftOrder(confirm=False)


def test_an_order_whose_paper_cannot_be_read_asks_for_it_again():
    outcome = ROLES["sales"](brief(kind="order", unread=("Scan.pdf",)))
    assert outcome.actions[0] == Reply(template="document_unreadable")


def test_one_named_order_is_answered_two_are_for_a_person():
    one, two = ("B-2026-000001", "packed", "1 May"), ("B-2026-000002", "packed", "1 May")
    outcome = ROLES["sales"](brief(kind="order_status", open_orders=(one,)))
    assert kinds_of(outcome) == [Reply, Close]
    assert outcome.actions[0].variables == {"order_number": "B-2026-000001"}
    outcome = ROLES["sales"](brief(kind="order_status", open_orders=(one, two)))
    assert kinds_of(outcome) == [Reply, Ask]


def test_urgent_questions_are_told_so_and_urgent_complaints_keep_their_letter():
    urgent = Priority.URGENT
    outcome = ROLES["info"](brief(priority=urgent))
    assert outcome.actions[0] == Reply(template="expedite_ack")
    outcome = ROLES["support"](brief(kind="complaint", priority=urgent))
    assert outcome.actions[0] == Reply(template="complaint_ack")


def test_thanks_for_thanks_would_never_end():
    outcome = ROLES["info"](brief(kind="feedback"))
    assert kinds_of(outcome) == [Reply, Close]
    outcome = ROLES["info"](brief(kind="feedback", answered_before=True))
    assert kinds_of(outcome) == [Close]
