import pytest
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from hbu.journal import live, recording
from hbu.journal.doorbell import ring, subjects
from hbu.journal.models import Event
from hbu.journal.recording import on, record, record_many
from hbu.lib.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """What a listener of "tea.ready" hears."""
    monkeypatch.setattr(recording, "_listeners", recording.defaultdict(list))
    calls = []

    @on("tea.ready")
    def listen(events):
        calls.append(subjects(events))

    return calls


def test_an_event_tells_what_happened_to_whom_by_whom(ben, clara):
    event = record("user.promoted", ben, actor=clara, to="manager")
    found = Event.objects.get()
    assert found == event
    assert (found.kind, found.subject_type, found.subject_id) == (
        "user.promoted",
        "auth.user",
        ben.pk,
    )
    assert (found.actor, found.data) == (clara, {"to": "manager"})
    assert list(Event.objects.about(ben)) == [event]


def test_many_events_are_one_statement_and_one_call(
    ben, clara, heard, django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
        record_many("tea.ready", [(ben, {}), (clara, {})])
    assert heard == [[ben.pk, clara.pk]]


def test_nothing_happened_is_no_call(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        assert record_many("tea.ready", []) == []
    assert callbacks == []


@pytest.mark.django_db(transaction=True)
def test_listeners_hear_after_the_commit_and_never_of_what_was_undone(ben, heard):
    with transaction.atomic():
        record("tea.ready", ben)
        transaction.set_rollback(True)
    assert (heard, Event.objects.count()) == ([], 0)
    with transaction.atomic():
        record("tea.ready", ben)
        assert heard == []
    assert heard == [[ben.pk]]


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_costs_nothing(ben, heard, caplog):
    @on("tea.ready")
    def break_down(_events):
        raise RuntimeError("no cups")

    @on("tea.ready")
    def listen_as_well(events):
        heard.append(subjects(events))

    with transaction.atomic():
        record("tea.ready", ben)
    assert heard == [[ben.pk], [ben.pk]]
    assert "no cups" in caplog.text


def test_the_journal_is_append_only(ben):
    event = record("tea.ready", ben)
    for forbidden in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(kind="coffee.ready"),
    ):
        with pytest.raises(DomainError, match="journal"):
            forbidden()


def test_open_pages_are_told_after_the_commit(ben, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(live, "tell", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        event = record("email.triaged", ben, kind="order")
        assert told == []
    assert told == [[event]]
    assert event.data == {"kind": "order"}


def test_a_bell_is_rung_a_chunk_a_message(settings, monkeypatch):
    settings.HBU_CHUNK = 2
    rung = []

    @shared_task(name="tests.ring")
    def task(_ids):
        """Never runs."""

    monkeypatch.setattr(task, "delay", rung.append)
    ring(task, (n for n in range(5)))
    assert rung == [[0, 1], [2, 3], [4]]
    ring(task, [])
    assert len(rung) == 3


def test_without_a_broker_nothing_is_rung_and_nothing_fails(monkeypatch, caplog):
    @shared_task(name="tests.unheard")
    def task(_ids):
        """Never runs."""

    def away(_ids):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(task, "delay", away)
    ring(task, [1])
    assert "tests.unheard waits for the sweep" in caplog.text
