import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import override


@pytest.fixture(scope="package")
def furnished(django_db_setup, django_db_blocker):
    """One house for all of these tests; whatever they do to it is taken back after each."""
    from tests.rights.world import World

    with django_db_blocker.unblock(), override("en"), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(furnished, db):
    with override("en"):
        yield furnished


@pytest.fixture(autouse=True)
def unhurried():
    """Nobody is slowed down because of what another test asked."""
    cache.clear()
