import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def english():
    """A page in another language leaves the test behind in it."""
    with override("en"):
        yield


@pytest.fixture
def office(client, clara):
    """The manager's browser."""
    client.force_login(clara)
    return client


@pytest.fixture
def desk(client, ben):
    """Ben's browser; `desk.may("orders.view_order")` gives him a right."""
    # Models may be imported only once Django is set up, which is after this file is read.
    from django.contrib.auth.models import Permission

    def may(*names):
        for name in names:
            app, codename = name.split(".")
            ben.user_permissions.add(
                Permission.objects.get(content_type__app_label=app, codename=codename)
            )

    may("agents.see_all_departments")
    client.force_login(ben)
    client.may = may
    return client


@pytest.fixture
def company(db):
    """The demo company with its catalogue, customers, agents, rules and letters."""
    from tests.factories import company

    return company.load()
