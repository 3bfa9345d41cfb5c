"""What a page missed comes from the journal (promises G1 and G6)."""

import random
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from cases.models import Case, Task
from emails.models import Email, OutgoingEmail
from hbu.journal import audiences, live, resuming
from hbu.journal.catching_up import SETTLED
from hbu.journal.models import Event
from hbu.journal.recording import record, record_many
from orders.models import Order
from tests.rights.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail():
    return Email.objects.create(fingerprint="one")


@pytest.fixture
def world(db):
    with override("en"):
        yield World()


def numbers(frames):
    return [frame["event"] for frame in frames]


def test_g6_what_came_since_is_told_in_order(mail):
    first, *later = record_many("email.triaged", [(mail, {})] * 4)
    record("email.received", mail)
    assert numbers(resuming.since(first.pk)) == [event.pk for event in later]
    assert resuming.since(first.pk)[0] | {"to": None} == {
        "type": "new_email",
        "kind": "email.triaged",
        "id": mail.pk,
        "event": later[0].pk,
        "to": None,
    }


def test_g6_an_event_that_was_committed_late_is_told_though_its_number_is_lower(mail):
    late, heard = record_many("email.triaged", [(mail, {})] * 2)
    assert numbers(resuming.since(heard.pk)) == [late.pk]


def test_what_was_settled_long_before_is_not_told_again(mail):
    before = timezone.now() - SETTLED - timedelta(seconds=1)
    Event.objects.bulk_create(
        [Event(at=before, kind="email.triaged", subject_type="emails.email", subject_id=mail.pk)]
    )
    heard = record("email.triaged", mail)
    assert resuming.since(heard.pk) == []


@pytest.mark.parametrize("number", [0, 10**15])
def test_who_names_an_event_that_is_not_there_reads_everything_anew(number):
    assert resuming.since(number) is None


def test_who_missed_too_much_reads_everything_anew(mail, monkeypatch):
    monkeypatch.setattr(resuming, "MOST", 3)
    first, *_later = record_many("email.triaged", [(mail, {})] * 4)
    assert len(resuming.since(first.pk)) == 3
    record("email.triaged", mail)
    assert resuming.since(first.pk) is None
    assert resuming.lately(timezone.now(), ()) is None


def test_the_hub_is_told_what_it_did_not_hear(mail):
    heard, missed = record_many("email.triaged", [(mail, {})] * 2)
    assert numbers(resuming.lately(timezone.now(), {heard.pk})) == [missed.pk]
    in_two_minutes = timezone.now() + timedelta(seconds=120)
    assert resuming.lately(in_two_minutes, ()) == []


def test_as_many_questions_for_many_events_as_for_few(mail, django_assert_num_queries):
    first = record("email.triaged", mail)
    record("email.triaged", mail)
    with django_assert_num_queries(3):
        resuming.since(first.pk)
    others = [Email.objects.create(fingerprint=f"n{n}") for n in range(30)]
    record_many("email.triaged", [(one, {}) for one in others])
    with django_assert_num_queries(3):
        assert len(resuming.since(first.pk)) == 31


KINDS = {
    Email: ("email.triaged", "email.handled"),
    OutgoingEmail: ("outgoing.queued", "outgoing.sent"),
    Case: ("case.opened", "case.assigned"),
    Task: ("task.opened",),
    Order: ("order.created",),
}


def test_g1_everybody_hears_and_catches_up_with_what_they_could_read_and_nothing_else(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    """200 events at random, of two departments: heard live, and read after the line was down."""
    sent = []
    monkeypatch.setattr(live, "_send", lambda message: sent.extend(message["events"]))
    people = [*world.people.values(), world.other_clerk, world.mallory]
    start = record("email.triaged", world.own[Email])
    dice = random.Random(6)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for _ in range(200):
            model = dice.choice(list(KINDS))
            record(dice.choice(KINDS[model]), dice.choice(list(model.objects.all())))
    missed = resuming.since(start.pk)
    for person in User.objects.filter(pk__in=[one.pk for one in people]):
        listener = audiences.listener(person)
        readable = {
            event.pk for event in Event.objects.filter(pk__gt=start.pk) if may_read(person, event)
        }
        assert {one["event"] for one in sent if listener.hears(one)} == readable, person
        assert {one["event"] for one in missed if listener.hears(one)} == readable, person
        assert bool(readable) == (person != world.mallory)


def may_read(person, event):
    model = next(one for one in KINDS if one._meta.label_lower == event.subject_type)
    if not person.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
        return False
    rows = model.objects.all()
    seen = rows.visible_to(person) if hasattr(rows, "visible_to") else rows
    return seen.filter(pk=event.subject_id).exists()
