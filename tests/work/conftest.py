import pytest


@pytest.fixture
def company(db):
    """The demo company with its catalogue, customers, agents, rules and letters."""
    from tests.factories import company

    return company.load()


@pytest.fixture
def obeying(monkeypatch):
    """Every agent does what the attacker wants."""

    from agents import registry
    from agents.data import Outcome

    def obey(*actions):
        for role in registry.ROLES:
            monkeypatch.setitem(registry.ROLES, role, lambda _brief: Outcome(actions=actions))

    return obey
