import pytest

from emails import routing
from emails.models import Email, RuleVersion
from emails.services import deciding
from emails.services.recalling import asked_by, recall
from hbu.lib import blobs
from tests.emails import past
from tests.emails.test_triage_service import HOSTILE
from tests.work.mails import mail

pytestmark = pytest.mark.django_db


def fresh_facts(email, books, monkeypatch):
    """What the rules were asked when the mail came in."""
    from django.conf import settings

    seen = {}
    real = routing.facts

    def noting(*args, **kwargs):
        seen.update(real(*args, **kwargs))
        return seen

    monkeypatch.setattr(routing, "facts", noting)
    raw = blobs.get(settings.BLOBS_DIR, email.raw_sha256)
    deciding.decide([raw], [email.mailbox.address], books)
    monkeypatch.setattr(routing, "facts", real)
    return seen


def test_a_row_answers_what_rules_ask_as_the_fresh_mail_did(company, monkeypatch):
    emails = past.triaged(*past.simulated(30), *HOSTILE.values())
    books = deciding.open_books()
    recalled = dict(recall([email.pk for email in emails], routing.FIELDS))
    for email in emails:
        if email.state in Email.DECIDED:
            assert recalled[email.pk] == fresh_facts(email, books, monkeypatch)


def rules_of(trace):
    """The rules as they were when the mail was routed, from the versions that are kept."""
    from emails.data import Rule

    for entry in trace:
        if entry["rule_id"] is None:
            continue
        said = RuleVersion.objects.get(rule=entry["rule_id"], version=entry["version"]).content
        names = ("name", "condition", "department", "sla", "priority", "stop")
        yield Rule(
            id=entry["rule_id"],
            version=entry["version"],
            **{name: said[name] for name in names},
        )


def test_d2_the_stored_trace_with_the_stored_facts_gives_the_same_route(company):
    emails = past.triaged(*past.simulated(40))
    books = deciding.open_books()
    # What the rules say today does not count.
    for rule in emails[0].rule.__class__.objects.all():
        rule.condition = {"all": []}
        from emails.services import rules

        rules.save(rule, by=None)
    recalled = dict(recall([email.pk for email in emails], routing.FIELDS))
    for email in emails:
        route = routing.route(
            list(rules_of(email.trace)),
            recalled[email.pk],
            fallback=deciding.FALLBACK,
            addresses=books.addresses,
        )
        assert (route.department, route.sla, route.priority) == (
            email.department.code,
            email.sla,
            email.priority,
        )
        plain = [{**one, "checks": None, "problems": None} for one in route.trace]
        assert plain == [{**one, "checks": None, "problems": None} for one in email.trace]


def test_long_texts_stay_in_the_database_when_no_rule_asks_for_them(
    company, django_assert_num_queries
):
    emails = past.triaged(*past.simulated(5))
    with django_assert_num_queries(2) as queries:
        list(recall([email.pk for email in emails], {"kind", "has_pdf"}))
    assert not any("reply_text" in one["sql"] for one in queries.captured_queries)


def test_what_rules_ask_is_read_off_their_conditions():
    asked = asked_by([{"field": "kind", "op": "is", "value": "a"}, {"all": []}])
    assert asked == {"kind"}


def test_of_two_documents_with_one_name_both_are_asked_about(company):
    files = [("scan.csv", "text/csv", text.encode()) for text in ("alpha;1\n", "omega;2\n")]
    (email,) = past.triaged(mail("siehe Anhang", *files))
    ((_, facts),) = recall([email.pk], routing.FIELDS)
    assert "alpha" in facts["document"]
    assert "omega" in facts["document"]
