from datetime import timedelta

import pytest
from django.utils import timezone

from emails.models import Delivery, Email, Mailbox
from kpis import today
from tests.kpis.test_today import part


@pytest.fixture
def box(department, receive):
    """A mailbox of which the server holds three mails; two are stored, one is decided."""
    box = Mailbox.objects.create(
        address="orders@h-bu.de",
        department=department,
        uidvalidity=7,
        counted_at=timezone.now(),
        counted_until_uid=9,
        held_count=3,
    )
    long_ago = timezone.now() - timedelta(hours=1)
    for uid, state in enumerate((Email.State.TRIAGED, Email.State.RECEIVED), start=1):
        Delivery.objects.create(
            mailbox=box, folder="INBOX", uidvalidity=7, uid=uid, state="stored",
            email=receive(state=state), claimed_at=long_ago,
        )  # fmt: skip
    return box


def shown(client):
    return " ".join(part(client, "mailboxes").split())


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


def test_e5_a_gap_is_red_and_says_what_is_missing(clara_in, box):
    page = shown(clara_in)
    assert "hb-gap" in page
    assert "1 mail not stored" in page
    assert "1 mail not decided" in page


def test_e5_a_complete_ledger_is_quiet(clara_in, box):
    Mailbox.objects.update(held_count=2)
    Email.objects.update(state=Email.State.TRIAGED)
    page = shown(clara_in)
    assert "hb-gap" not in page
    assert page.count('<span aria-hidden="true">=</span>') == 2


def test_e5_each_number_opens_its_rows(clara_in, box):
    ledger = today.mailboxes(None, timezone.now())[0].ledger
    for url, count in (
        (ledger.stored_url, ledger.standing.stored),
        (ledger.decided_url, ledger.standing.decided),
        (ledger.undecided_url, ledger.standing.not_decided),
    ):
        assert clara_in.get(url).context["cl"].result_count == count


def test_a_mailbox_that_was_never_counted_shows_no_numbers(clara_in, box):
    Mailbox.objects.update(counted_at=None)
    assert "hb-ledger" not in shown(clara_in)


def test_the_ledgers_of_many_mailboxes_ask_as_often_as_of_one(
    box, department, django_assert_num_queries
):
    for number in range(5):
        Mailbox.objects.create(
            address=f"box{number}@h-bu.de", department=department, counted_at=timezone.now()
        )
    with django_assert_num_queries(4):
        today.mailboxes(None, timezone.now())
