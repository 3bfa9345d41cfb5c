import pytest

from emails.belonging import Author, Books, Circle, House, leads_of, notice_key, only_a_copy, place
from emails.data import Address, Automatic, Joined
from emails.threading import signed_message_id, topic, with_token
from tests.emails.letters import letter

HOUSE = House.of(["info@h-bu.de", "sales@h-bu.de"], ["ben@gmail.com"])
ANCESTOR = "<question@atelier-nord.example>"
OURS = signed_message_id(b"key", "1", "h-bu.de")
NUMBER = "[C-2026-000001]"


def circle(*addresses, subject="500 buttons", customer=None):
    made = Circle(topics={topic(subject)})
    made.welcome(addresses or ["anna@atelier-nord.example"], customer, HOUSE)
    return made


ROOM = circle("anna@atelier-nord.example", "Lisa@Spedition.example", "otto@gmx.de", customer=7)
BOOKS = Books(HOUSE, {ANCESTOR: ROOM, OURS: ROOM, NUMBER: ROOM}, {ANCESTOR, OURS})


def found(sender, subject="AW: 500 buttons", *, customer=None, person=True, books=BOOKS, **fields):
    mail = letter(subject, sender=sender, **fields)
    leads = leads_of(mail, signed=lambda one: one == OURS, alone=True)
    return place(mail, leads, Author(sender, customer, person), books)


@pytest.mark.parametrize(
    ("sender", "customer"),
    [
        ("anna@atelier-nord.example", None),
        ("ANNA@atelier-nord.example", None),
        ("a.colleague@atelier-nord.example", None),
        ("lisa@spedition.example", None),
        ("otto@gmx.de", None),
        ("anna.private@gmx.de", 7),
    ],
)
def test_d3_who_takes_part_or_is_of_the_company_is_let_in(sender, customer):
    for lead in ({"in_reply_to": ANCESTOR}, {"references": (ANCESTOR,)}):
        there = found(sender, customer=customer, **lead)
        assert (there.circle, there.how, there.possibly) == (ROOM, Joined.REFERENCE, None)


@pytest.mark.parametrize(
    "sender", ["mallory@evil.example", "mallory@gmx.de", "anna@atelier-nord.example.evil", ""]
)
def test_d3_a_stranger_stays_outside_and_is_told_where_he_wanted_to_go(sender):
    for lead in ({"in_reply_to": ANCESTOR}, {"subject": f"Re: {NUMBER}"}):
        there = found(sender, **lead)
        assert (there.circle, there.possibly, there.impostor) == (None, ROOM, False)


def test_an_answer_to_our_letter_proves_itself_and_its_new_writer_is_named():
    there = found("somebody@bank.example", in_reply_to=OURS)
    assert (there.circle, there.how, there.new_participant) == (ROOM, Joined.PROOF, True)
    assert not found("anna@atelier-nord.example", in_reply_to=OURS).new_participant
    assert not found("absent@bank.example", in_reply_to=OURS, person=False).new_participant


@pytest.mark.parametrize(
    "sender", ["sales@h-bu.de", "Sales+x@H-BU.de", "nobody@h-bu.de", "ben@gmail.com"]
)
def test_d3_under_our_own_address_a_mail_is_linked_and_named(sender):
    there = found(sender, in_reply_to=ANCESTOR)
    assert (there.circle, there.impostor, there.new_topic) == (ROOM, True, False)
    there = found(sender, subject=f"Re: {NUMBER}")
    assert (there.circle, there.possibly, there.impostor) == (None, ROOM, True)
    assert not found(sender).impostor


def test_a_machine_of_ours_is_no_impostor():
    assert not found("mailer-daemon@h-bu.de", in_reply_to=OURS, person=False).impostor


def test_d2_our_letter_that_came_back_is_let_in_whoever_sends_it():
    for sender in ("list@list.example", "sales@h-bu.de"):
        mail = letter("[Liste] x", sender=sender)
        leads = [(OURS, Joined.LETTER), (ANCESTOR, Joined.REFERENCE)]
        there = place(mail, leads, Author(sender), BOOKS)
        assert (there.circle, there.how, there.impostor) == (ROOM, Joined.LETTER, False)


def test_what_two_strangers_both_name_says_nothing_about_either():
    unseen = Books(HOUSE, {ANCESTOR: ROOM}, set())
    there = found("mallory@evil.example", in_reply_to=ANCESTOR, books=unseen)
    assert (there.circle, there.possibly) == (None, None)
    assert found("anna@atelier-nord.example", in_reply_to=ANCESTOR, books=unseen).circle is ROOM


def test_a_closed_door_does_not_hide_the_open_one_behind_it():
    other = circle("mallory@evil.example")
    books = Books(HOUSE, {ANCESTOR: ROOM, "<b@x>": other}, {ANCESTOR, "<b@x>"})
    there = found("mallory@evil.example", references=("<b@x>", ANCESTOR), books=books)
    assert (there.circle, there.possibly) == (other, None)


def test_another_subject_in_a_conversation_is_asked_about():
    anna = "anna@atelier-nord.example"
    assert found(anna, "Reklamation", in_reply_to=ANCESTOR).new_topic
    assert not found(anna, "Re: 500 buttons, two more", in_reply_to=ANCESTOR).new_topic
    assert not found(anna, "Out of office", in_reply_to=ANCESTOR, person=False).new_topic
    assert not found(anna, with_token("Noch eine Frage", NUMBER.strip("[]"))).new_topic


def test_leads_are_asked_in_order_the_surest_first():
    mail = letter(f"Re: {NUMBER}", in_reply_to="<b@x>", references=("<a@x>", OURS, "<b@x>"))
    leads = list(leads_of(mail, signed=lambda one: one == OURS, alone=True))
    assert leads == [
        ("<b@x>", Joined.REFERENCE),
        (OURS, Joined.PROOF),
        ("<a@x>", Joined.REFERENCE),
        (mail.message_id, Joined.REFERENCE),
        (NUMBER, Joined.NUMBER),
    ]
    borrowed = leads_of(mail, signed=lambda one: False, alone=False)
    assert mail.message_id not in dict(borrowed)


def test_two_of_a_free_provider_are_not_of_one_company():
    room = circle("otto@gmx.de")
    assert not room.holds(Author("anna@gmx.de"))
    assert not House.of(["knopfladen@gmx.de"]).claims("anna@gmx.de")


def test_our_own_company_is_nobody_s_company():
    room = circle("anna@atelier-nord.example", "info@h-bu.de")
    assert not room.holds(Author("mallory@h-bu.de"))


def test_only_notices_of_machines_that_name_nothing_are_grouped():
    bulk = {"automatic": Automatic.BULK, "sender": "alarm@plant.example"}
    key = notice_key(letter("AW: Sensor 5: low", **bulk), "general")
    assert key == notice_key(letter("Sensor 5: low", **bulk), "technical") != ""
    assert key != notice_key(letter("Sensor 6: low", **bulk), "general")
    for kind in ("order", "invoice", "complaint", "return", "spam", ""):
        assert notice_key(letter("Sensor 5: low", **bulk), kind) == ""
    assert notice_key(letter("Sensor 5: low"), "general") == ""
    assert notice_key(letter("", **bulk), "general") == ""
    assert notice_key(letter("Sensor 5: low", in_reply_to="<a@x>", **bulk), "general") == ""


@pytest.mark.parametrize(
    ("to", "cc", "copied"),
    [
        (["max@kunde.example"], ["info@h-bu.de"], True),
        (["max@kunde.example", "info@h-bu.de"], [], False),
        (["info@h-bu.de"], ["max@kunde.example"], False),
        (["vertrieb@h-bu.de"], ["info@h-bu.de"], False),
        ([], ["info@h-bu.de"], False),
        (["max@kunde.example"], [], False),
    ],
)
def test_a_copy_is_told_from_a_mail_to_us(to, cc, copied):
    from dataclasses import replace

    mail = replace(letter(to=tuple(to)), cc=tuple(Address("", one) for one in cc))
    assert only_a_copy(mail, HOUSE) is copied
