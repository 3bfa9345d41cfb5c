"""Every shipped letter, read and routed as a stranger's mail would be: the rules' own corpus."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from emails import routing
from emails.classifying import classify
from emails.data import Sender
from emails.parsing import parse
from emails.simulation import letters
from hbu.company import schema
from tests.corpora.tickets import rules_of

COMPANY = schema.read(Path(__file__).parents[2] / "demo" / "company.yaml")
RULES = rules_of(COMPANY)
ADDRESSES = {one.code: one.address for one in COMPANY.departments}
MORNING = datetime(2026, 11, 20, 8, 15, tzinfo=ZoneInfo("Europe/Berlin"))
KNOWN = {domain: one for one in COMPANY.customers for domain in one.domains} | {
    contact.email: one for one in COMPANY.customers for contact in one.contacts
}


def sender_of(mail):
    known = KNOWN.get(mail.sender.address) or KNOWN.get(mail.sender.domain)
    if known is None:
        return Sender()
    return Sender(1, known.name, known.oem, known.language, known.desk_address)


def test_there_are_more_than_sixty_scenarios_in_each_language():
    assert len(letters.codes()) > 2 * 60


@pytest.mark.parametrize("code", letters.codes())
def test_every_scenario_gets_its_kind_its_desk_its_priority_and_its_language(code):
    for seed in (1, 2):
        (written,) = letters.write(1, seed, MORNING, COMPANY, only=(code,))
        mail, expected = parse(written.raw), written.expected
        verdict = classify(mail, sender_of(mail))
        facts = routing.facts(mail, verdict, mailbox=written.recipients[0])
        route = routing.route(RULES, facts, fallback="support", addresses=ADDRESSES)
        assert expected["kind"] in ("", verdict.kind), verdict.reasons
        assert expected["department"] in ("", route.department), route.trace
        assert route.priority == expected["priority"], verdict.reasons
        if not code.startswith(("mixed_language", "bounce")):
            assert verdict.language == code[-2:]
