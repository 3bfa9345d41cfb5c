"""Who loses a right or leaves is noticed by the sockets that are open (promises G2 and P16)."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from hbu.journal import live
from hbu.journal.consumers import admitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubted(monkeypatch):
    people = []

    def send(message):
        people.extend(message.get("users", ()))

    monkeypatch.setattr(live, "_send", send)
    return people


@pytest.fixture
def anna(world):
    return type(world.people["clerk"]).objects.get(pk=world.people["clerk"].pk)


@pytest.fixture
def client(anna):
    client = Client()
    client.force_login(anna)
    return client


def test_g2_the_session_tells_what_somebody_may_hear(client, anna, world):
    listener = admitted(client.session.session_key)
    assert listener.user == anna.pk
    assert listener.departments == {world.own.department.pk}
    assert "cases.view_case" in listener.permissions
    assert "emails.view_mailbox" not in listener.permissions
    assert admitted(None) is admitted("") is admitted("x" * 32) is None


def deactivate(anna, client):
    anna.is_active = False
    anna.save()


def change_password(anna, client):
    anna.set_password("something else entirely")
    anna.save()


def lose_the_door(anna, client):
    anna.is_staff = False
    anna.save(update_fields=["is_staff"])


def log_out(anna, client):
    client.logout()


@pytest.mark.parametrize("leave", [deactivate, change_password, lose_the_door, log_out])
def test_p16_who_leaves_is_doubted_and_refused(
    anna, client, doubted, leave, django_capture_on_commit_callbacks
):
    key = client.session.session_key
    assert admitted(key)
    with django_capture_on_commit_callbacks(execute=True):
        leave(anna, client)
    assert admitted(key) is None
    if leave is not log_out:
        assert anna.pk in doubted


def test_g2_a_session_that_was_deleted_is_found_out(client):
    key = client.session.session_key
    client.session.delete()
    assert admitted(key) is None


def lose_the_role(anna, world):
    anna.groups.clear()


def change_department(anna, world):
    world.own.department.members.remove(anna)


def change_the_group(anna, world):
    Group.objects.get(name="clerk").permissions.clear()


@pytest.mark.parametrize("change", [lose_the_role, change_department, change_the_group])
def test_g2_a_changed_right_is_doubted_and_changes_what_is_heard(
    anna, client, doubted, world, change, django_capture_on_commit_callbacks
):
    before = admitted(client.session.session_key)
    with django_capture_on_commit_callbacks(execute=True):
        change(anna, world)
    assert anna.pk in doubted
    assert admitted(client.session.session_key) != before


def test_a_login_doubts_nobody(anna, doubted, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        Client().force_login(anna)
    assert not doubted
