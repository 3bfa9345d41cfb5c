"""Questions about conversations, and addresses that get no automatic mail, on the pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from emails.models import BlockedAddress, Email, Reference, Thread
from tests.admin import rows
from tests.admin.test_transitions import page, step, told
from tests.factories import company


@pytest.fixture
def mixed(db):
    """A conversation with a case, and a mail in it that may be about something else."""
    case = rows.case()
    first = rows.mail(thread=case.thread, message_id="<1@b.example>")
    other = rows.mail(
        "Rechnung 88", thread=case.thread, message_id="<2@b.example>", joined_by="reference",
        new_topic=True, references=["<1@b.example>"],
    )  # fmt: skip
    Reference.objects.create(message_id="<2@b.example>", thread=case.thread)
    rows.join(case, first, other)
    return case, first, other


@pytest.fixture
def house(db):
    """The rules by which cases are opened."""
    return company.load()


def shown(office, obj):
    answer = office.get(page(obj))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_topic_asks_with_its_buttons_and_is_split_with_one(house, office, mixed):
    case, first, other = mixed
    text = shown(office, other)
    assert "A new topic?" in text
    assert text.count(step(other, "split")) >= 2
    assert step(other, "keep") in text
    assert "A new topic?" not in shown(office, first)
    asked = office.get(reverse("admin:emails_email_changelist"), {"place": "asked"})
    assert list(asked.context["cl"].result_list) == [other]
    office.post(step(other, "split"))
    other.refresh_from_db()
    assert other.link.case != case
    text = shown(office, other)
    assert "It was split off from" in text
    assert step(other, "join") in text
    assert step(other, "keep") not in text
    office.post(step(other, "join"))
    other.refresh_from_db()
    assert other.link.case == case


def test_a_mail_that_possibly_belongs_elsewhere_leads_there(house, office, mixed):
    case, *_ = mixed
    thread = Thread.objects.create(subject="Let me in")
    stranger = rows.mail("AW: Bestellung", thread=thread, possibly_of=case.thread)
    text = shown(office, stranger)
    assert "possibly belongs to another conversation" in text
    assert case.number in text
    assert stranger.subject in shown(office, case.thread)
    office.post(step(stranger, "join"))
    stranger.refresh_from_db()
    assert (stranger.thread, stranger.link.case) == (case.thread, case)
    assert "All of it went into another conversation." in shown(office, thread)


def test_what_cannot_be_done_is_told_in_words(office, mixed):
    _, first, _ = mixed
    answer = office.post(step(first, "split"))
    assert "Nothing" not in told(answer)[0]
    assert "beginning" in told(answer)[0]


def test_who_may_only_look_is_offered_no_button(desk, mixed):
    _, _, other = mixed
    desk.may("emails.view_email")
    text = shown(desk, other)
    assert "A new topic?" in text
    assert step(other, "split") not in text
    assert desk.post(step(other, "split")).status_code == 403


def test_d3_a_mail_under_our_own_address_says_so_in_red(office, mixed):
    _, _, other = mixed
    Email.objects.filter(pk=other.pk).update(impostor=True, new_topic=False)
    assert "It claims to come from our own house" in shown(office, other)
    assert "under our own address" in shown(office, other.thread)


def test_d5_a_name_that_shows_another_address_is_warned_of(office):
    email = rows.mail(from_name="chef@h-bu.de", from_address="mallory@evil.example")
    assert "The name shows chef@h-bu.de, but the mail comes from mallory@evil.example." in shown(
        office, email
    )
    assert "Another address as a name" not in shown(office, rows.mail())


def test_a_conversation_is_shown_in_order_with_why_each_mail_is_there(office, mixed):
    case, first, other = mixed
    now = timezone.now()
    letter = rows.letter("sent", thread=case.thread, sent_at=now + timedelta(minutes=2))
    Email.objects.filter(pk=first.pk).update(received_at=now)
    Email.objects.filter(pk=other.pk).update(received_at=now + timedelta(minutes=5))
    text = shown(office, case.thread)
    places = [text.index(page(one)) for one in (first, letter, other)]
    assert places == sorted(places)
    assert "it names a mail of this conversation" in text
    assert "new topic?" in text
    assert "&lt;2@b.example&gt;" in text


def test_a_block_is_seen_where_it_matters_and_lifted_with_one_button(office, clara):
    email, letter = rows.mail(), rows.letter()
    row = BlockedAddress.objects.create(
        address=email.from_address, letter=letter, report=email, status="5.1.1",
        until=timezone.now() + timedelta(days=60), reason="The mail could not be delivered: 5.1.1",
    )  # fmt: skip
    for one in (email, letter):
        assert "Automatic mail to this address is held back" in shown(office, one)
    text = shown(office, row)
    assert page(letter) in text
    assert page(email) in text
    office.post(step(row, "lift"))
    row.refresh_from_db()
    assert row.lifted_by == clara
    assert "held back" not in shown(office, email)
    assert "free again" in shown(office, row)
    office.post(step(row, "block"), {"reason": "Asked for it"})
    row.refresh_from_db()
    assert row.is_in_force(timezone.now())


def test_an_address_is_blocked_by_hand(office, clara):
    add = reverse("admin:emails_blockedaddress_add")
    assert office.get(add).status_code == 200
    office.post(add, {"address": "Anna@Kunde.example", "reason": "Asked for it"})
    row = BlockedAddress.objects.get()
    assert (row.address, row.blocked_by, row.until) == ("anna@kunde.example", clara, None)
    answer = office.get(reverse("admin:emails_blockedaddress_changelist"), {"in_force": "yes"})
    assert answer.context["cl"].result_count == 1
    wrong = office.post(add, {"address": "Anna", "reason": "x"})
    assert told(wrong) == ["That is no mail address."]


def test_only_who_may_add_blocks_an_address(desk):
    desk.may("emails.view_blockedaddress")
    assert desk.get(reverse("admin:emails_blockedaddress_add")).status_code == 403
