import pytest

from tests.outgoing.sinks import Sink, running


@pytest.fixture
def company(db):
    """The demo company with its catalogue, customers, agents, rules and letters."""
    from tests.factories import company

    return company.load()


@pytest.fixture(autouse=True)
def plain_line(settings):
    """The sinks of this package speak without TLS unless a test says otherwise."""
    settings.HBU_SMTP_HOST = "127.0.0.1"
    settings.HBU_SMTP_SECURITY = "none"
    settings.HBU_MAIL_TIMEOUT_SECONDS = 2.0


@pytest.fixture
def sink(settings):
    """A relay that takes everything, unless a test tells it otherwise."""
    with running(Sink()) as sink:
        settings.HBU_SMTP_PORT = sink.port
        yield sink


@pytest.fixture(autouse=True)
def quiet_doorbells(monkeypatch):
    """Nobody sends behind the test's back."""
    from emails import tasks

    monkeypatch.setattr(tasks.send, "delay", lambda ids: None)
