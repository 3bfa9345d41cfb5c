import pytest


@pytest.fixture
def company(db):
    """The demo company with its catalogue, customers, agents, rules and letters."""
    from tests.factories import company

    return company.load()


@pytest.fixture
def info(company):
    from agents.models import Agent

    return Agent.objects.get(name="InfoAgent")


@pytest.fixture
def sales(company):
    from agents.models import Agent

    return Agent.objects.get(name="SalesAgent")
