"""Sessions and logins that changed without a word are seen (promise G2)."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from hbu.journal import staying

pytestmark = pytest.mark.django_db


@pytest.fixture
def sessions(ben, clara):
    keys = {}
    for person in (ben, clara):
        client = Client()
        client.force_login(person)
        keys[client.session.session_key] = person.pk
    return keys


def row(user):
    return User.objects.filter(pk=user.pk)


CHANGES = {
    "password": lambda ben: row(ben).update(password="another"),
    "deactivated": lambda ben: row(ben).update(is_active=False),
    "no staff": lambda ben: row(ben).update(is_staff=False),
    "role": lambda ben: ben.groups.add(Group.objects.first()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_g2_what_changes_of_one_is_seen_and_the_others_stand(sessions, ben, change):
    before = staying.stands(sessions)
    change(ben)
    after = staying.stands(sessions)
    assert [before[key] == after[key] for key in sessions] == [False, True]


def test_g2_a_session_that_is_over_does_not_stand(sessions, ben, clara):
    store = Client().session
    of_ben, of_clara = sessions
    store.model.objects.filter(pk=of_ben).delete()
    assert list(staying.stands(sessions)) == [of_clara]
    store.model.objects.update(expire_date="2020-01-01T00:00Z")
    assert staying.stands(sessions) == {}


def test_three_questions_for_any_number_of_sockets(sessions, django_assert_num_queries):
    with django_assert_num_queries(3):
        staying.stands(sessions)
    with django_assert_num_queries(3):
        staying.stands(dict(list(sessions.items())[:1]))
