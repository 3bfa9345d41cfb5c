from datetime import timedelta

import pytest
from django.utils import timezone

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from shop.models import ApiKey, Customer
from shop.services import api_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def berger(company) -> Customer:
    return Customer.objects.get(number="K-10001")


def test_a_key_speaks_for_its_customer_and_only_its_hash_is_kept(berger, clara):
    key, secret = api_keys.create(berger, "ERP", clara)
    assert api_keys.customer_of(secret) == berger
    row = ApiKey.objects.filter(pk=key.pk).values().get()
    assert secret not in str(row)
    assert len(secret) > 40
    told = str(list(Event.objects.values_list("data", flat=True)))
    assert secret not in told
    assert key.digest not in told


@pytest.mark.parametrize(
    "spoil",
    [
        str.upper,
        lambda one: one[:-1],
        lambda one: one + "=",
        lambda one: "",
        lambda one: "\0\ud800",
    ],
)
def test_nothing_but_the_key_itself_is_the_key(berger, clara, spoil):
    _, secret = api_keys.create(berger, "ERP", clara)
    assert api_keys.customer_of(spoil(secret)) is None


def test_a_revoked_key_is_refused_and_is_revoked_once(berger, clara):
    key, secret = api_keys.create(berger, "ERP", clara)
    api_keys.revoke(key, clara)
    assert api_keys.customer_of(secret) is None
    with pytest.raises(DomainError):
        api_keys.revoke(key, clara)
    assert Event.objects.filter(kind="api_key.revoked").count() == 1


def test_use_is_noted_at_most_once_a_minute(berger, clara, django_assert_num_queries):
    key, secret = api_keys.create(berger, "ERP", clara)
    with django_assert_num_queries(2):
        api_keys.customer_of(secret)
    with django_assert_num_queries(1):
        api_keys.customer_of(secret)
    long_ago = timezone.now() - timedelta(minutes=2)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=long_ago)
    api_keys.customer_of(secret)
    key.refresh_from_db()
    assert key.last_used_at > long_ago


def test_a_key_of_a_customer_that_was_put_into_another_speaks_for_that_one(berger, clara):
    _, secret = api_keys.create(berger, "ERP", clara)
    kept = Customer.objects.get(number="K-10002")
    Customer.objects.filter(pk=berger.pk).update(merged_into=kept)
    assert api_keys.customer_of(secret) == kept
    berger.refresh_from_db()
    with pytest.raises(DomainError):
        api_keys.create(berger, "late", clara)
