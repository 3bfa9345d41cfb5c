from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from emails.admin import ledger as ledger_page
from emails.models import Delivery, Email
from emails.services import counting, intake, ledger
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.incoming import OddServer, again, later, letter, listening

pytestmark = pytest.mark.django_db


def kinds():
    rows = Event.objects.filter(kind__startswith="mailbox.").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def fetch(mailbox):
    """Fetch, and count though the last count was a moment ago."""
    type(mailbox).objects.update(counted_at=None, lease_until=None)
    intake.fetch(again(mailbox))
    return again(mailbox)


def decide():
    Email.objects.update(state=Email.State.TRIAGED)


def standing(mailbox):
    return counting.standings([again(mailbox)], timezone.now())[mailbox.pk]


def numbers(mailbox):
    now = standing(mailbox)
    return now.server, now.stored, now.decided


def test_e5_the_server_the_rows_and_the_decisions_are_the_same_number(desk):
    desk.put(letter(), letter(), letter())
    fetch(desk.mailbox)
    assert numbers(desk.mailbox) == (3, 3, 0)
    assert standing(desk.mailbox).gap == 0
    decide()
    assert numbers(desk.mailbox) == (3, 3, 3)
    assert len(desk.uids()) == 3
    assert kinds() == []


def test_e5_a_lost_row_is_a_gap_until_its_mail_is_fetched_again(desk, clara):
    desk.put(letter(), letter(), letter())
    fetch(desk.mailbox)
    decide()
    Delivery.objects.filter(uid=2).delete()

    gap = fetch(desk.mailbox)
    assert (gap.missing_uids, numbers(gap)) == ([2], (3, 2, 2))
    assert gap.gap_since
    fetch(desk.mailbox)
    assert kinds() == ["mailbox.gap"]
    event = Event.objects.get(kind="mailbox.gap")
    assert (event.data["server"], event.data["stored"]) == (3, 2)

    assert counting.fetch_again(again(desk.mailbox), by=clara) == 1
    intake.fetch(again(desk.mailbox))
    assert numbers(desk.mailbox) == (3, 3, 3)
    assert Email.objects.count() == 3
    assert again(desk.mailbox).gap_since is None
    assert kinds() == ["mailbox.gap", "mailbox.refetched", "mailbox.gap_closed"]
    with pytest.raises(DomainError):
        counting.fetch_again(again(desk.mailbox), by=clara)


def test_e5_a_mail_that_comes_while_we_fetch_raises_no_alarm(desk, monkeypatch):
    desk.put(letter())
    before = ledger.claim

    def somebody_writes_meanwhile(*args):
        desk.put(letter())
        return before(*args)

    monkeypatch.setattr(ledger, "claim", somebody_writes_meanwhile)
    mailbox = fetch(desk.mailbox)
    monkeypatch.undo()
    assert len(desk.uids()) == 2
    assert (mailbox.held_count, mailbox.missing_uids, mailbox.gap_since) == (1, [], None)
    fetch(desk.mailbox)
    assert numbers(desk.mailbox) == (2, 2, 0)
    assert kinds() == []


@pytest.mark.parametrize("after", ["leave", "seen", "move"])
def test_e5_whatever_is_done_after_storing_nothing_seems_lost(make_desk, after):
    desk = make_desk(after_storing=after)
    desk.put(letter(), letter())
    fetch(desk.mailbox)
    desk.put(letter())
    mailbox = fetch(desk.mailbox)
    assert numbers(mailbox) == (3, 3, 0)
    assert mailbox.gap_since is None


def test_e5_what_was_there_before_our_time_is_not_counted(make_desk):
    desk = make_desk(start="new")
    desk.put(letter(), letter())
    fetch(desk.mailbox)
    desk.put(letter())
    assert numbers(fetch(desk.mailbox)) == (1, 1, 0)
    assert len(desk.uids()) == 3


def test_e5_a_mail_the_server_does_not_give_is_a_gap_once_it_is_given_up(make_foreign, clara):
    server = OddServer(letter(), letter())
    server.cannot_give = {2}
    with listening(server) as port:
        mailbox = make_foreign(port)
        fetch(mailbox)
        assert standing(mailbox).gap == 0
        for _attempt in range(ledger.MAX_ATTEMPTS):
            later()
            fetch(mailbox)
        assert standing(mailbox).not_stored == 1
        assert kinds() == ["mailbox.gap"]
        server.cannot_give = set()
        assert counting.fetch_again(again(mailbox), by=clara) == 1
        intake.fetch(again(mailbox))
    assert standing(mailbox).gap == 0
    assert kinds()[-1] == "mailbox.gap_closed"


def test_e5_a_mail_that_nobody_decides_on_is_a_gap_after_a_while(desk):
    desk.put(letter())
    fetch(desk.mailbox)
    Delivery.objects.update(claimed_at=timezone.now() - counting.PATIENCE - timedelta(minutes=1))
    assert standing(desk.mailbox).not_decided == 1
    assert fetch(desk.mailbox).gap_since
    Email.objects.update(state=Email.State.QUARANTINED)
    assert fetch(desk.mailbox).gap_since is None


def test_a_rebuilt_mailbox_is_counted_from_its_beginning(desk):
    desk.put(letter(), letter())
    fetch(desk.mailbox)
    type(desk.mailbox).objects.update(uidvalidity=1)
    mailbox = fetch(desk.mailbox)
    assert numbers(mailbox)[:2] == (2, 2)
    assert mailbox.gap_since is None


def test_the_server_is_counted_once_a_minute(desk, django_assert_num_queries):
    desk.put(letter())
    intake.fetch(desk.mailbox)
    counted = again(desk.mailbox).counted_at
    desk.put(letter())
    intake.fetch(again(desk.mailbox))
    assert again(desk.mailbox).counted_at == counted
    boxes = [again(desk.mailbox)]
    with django_assert_num_queries(3):
        counting.standings(boxes, timezone.now())


@pytest.fixture
def gapped(desk, client, clara):
    desk.put(letter(), letter(), letter())
    fetch(desk.mailbox)
    decide()
    Delivery.objects.filter(uid=2).delete()
    client.force_login(clara)
    return fetch(desk.mailbox)


def test_e5_the_page_of_the_mailbox_names_what_is_missing_and_fetches_it(gapped, client):
    url = reverse("admin:emails_mailbox_change", args=[gapped.pk])
    page = client.get(url).content.decode()
    assert "The ledger has a gap" in page
    assert "UID 2" in page
    button = reverse("admin:emails_mailbox_transition", args=[gapped.pk, "fetch-missing"])
    assert button in page
    client.post(button)
    intake.fetch(again(gapped))
    page = client.get(url).content.decode()
    assert "The ledger has a gap" not in page
    assert button not in page


def test_e5_each_number_of_the_ledger_opens_as_many_rows(gapped, client):
    def shown(stand):
        return client.get(ledger_page.rows(gapped, stand)).context["cl"].result_count

    email = Email.objects.first()
    email.state = Email.State.RECEIVED
    email.save()
    now = standing(gapped)
    assert (now.server, now.stored, now.decided) == (3, 2, 1)
    assert (shown("known"), shown("stored"), shown("decided")) == (2, 2, 1)
    assert (shown("not_stored"), shown("not_decided")) == (0, 1)
