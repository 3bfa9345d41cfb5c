"""A program with a key of staff does what the person may (promise F6)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from agents.models import AccessKey
from agents.services import access_keys
from cases.models import Case
from hbu.journal.models import Event
from hbu.lib.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(world):
    return world.people["clerk"]


@pytest.fixture
def secret(clerk):
    return access_keys.create(clerk, "Telephone", expires_at=None, by=clerk)[1]


def called(secret, address="/api/cases"):
    return Client().get(address, headers={"Authorization": f"Bearer {secret}"})


def test_f6_a_key_sees_what_the_person_sees(world, secret):
    answer = called(secret)
    assert answer.status_code == 200
    assert [one["number"] for one in answer.json()["results"]] == [world.own[Case].number]
    assert called(secret, f"/api/cases/{world.other[Case].pk}").status_code == 404
    assert called(secret, "/api/analytics/sla").status_code == 403


def test_f6_only_the_hash_is_kept(secret, clerk):
    key = AccessKey.objects.get()
    assert len(secret) > 40
    assert secret not in str(AccessKey.objects.values().get())
    assert not Event.objects.filter(data__icontains=secret[len(key.prefix) :]).exists()
    assert set(Event.objects.filter(kind="access_key.created").values_list("actor", flat=True)) == {
        clerk.pk
    }


def test_f6_what_is_nearly_a_key_is_none(secret):
    for wrong in (
        "", " ", "%20", "hbs_", secret[:12], secret[:-1], secret + "A", secret.upper(),
        secret.replace("hbs_", ""), "None", "hbu_x", "\x00",
    ):  # fmt: skip
        assert called(wrong).status_code in (401, 403), wrong


def test_f6_revoked_expired_and_those_of_who_left_open_nothing(secret, clerk):
    key = AccessKey.objects.get()
    AccessKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert called(secret).status_code == 401
    AccessKey.objects.update(expires_at=None)
    clerk.is_active = False
    clerk.save()
    assert called(secret).status_code == 401
    clerk.is_active = True
    clerk.save()
    assert called(secret).status_code == 200
    access_keys.revoke(key, by=clerk)
    assert called(secret).status_code == 401
    with pytest.raises(DomainError):
        access_keys.revoke(key, by=clerk)


def test_only_staff_at_work_get_a_key_for_a_day_to_come(world, clerk):
    for user, day in ((world.mallory, None), (clerk, timezone.now())):
        with pytest.raises(DomainError):
            access_keys.create(user, "x", expires_at=day, by=clerk)


def test_the_page_shows_a_key_once_and_to_whoever_may(world):
    client = Client()
    client.force_login(world.people["admin"])
    said = {"user": world.people["clerk"].pk, "name": "Telephone"}
    page = client.post("/admin/agents/accesskey/add/", said)
    key = AccessKey.objects.get()
    assert page.content.decode().count(key.prefix) == 1
    assert "no-store" in page["Cache-Control"]
    assert "hbs_" in client.get("/admin/agents/accesskey/").content.decode()
    client.post(f"/admin/agents/accesskey/{key.pk}/do/revoke/")
    key.refresh_from_db()
    assert key.revoked_at


def test_customers_keys_are_left_to_the_shop(world, clerk):
    from shop.services import api_keys

    _key, secret = api_keys.create(world.own[Case].customer, "ERP", clerk)
    assert called(secret, "/api/shop/products").status_code == 200
    assert called(secret).status_code in (401, 403)


def test_f2_nobody_gets_a_key_of_who_may_more(world):
    above = User.objects.create_superuser("above")
    client = Client()
    client.force_login(world.people["admin"])
    page = client.post("/admin/agents/accesskey/add/", {"user": above.pk, "name": "Telephone"})
    assert page.status_code == 200
    assert not AccessKey.objects.exists()
    client.force_login(above)
    client.post("/admin/agents/accesskey/add/", {"user": above.pk, "name": "Telephone"})
    assert AccessKey.objects.get().user == above
