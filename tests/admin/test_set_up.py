"""Mailboxes, rules and templates."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from emails.models import Delivery, Mailbox, RoutingRule, RoyalTemplate, RuleVersion
from emails.services import rules
from hbu.journal.models import Event
from tests.admin import rows

BODY = """{{ salutation }},

vielen Dank für Ihre Nachricht. Wir melden uns bis {{ deadline }} bei Ihnen.

Mit freundlichen Grüßen
{{ signature }}
"""


def mailbox_form(box, **changes):
    names = [
        "address",
        "host",
        "port",
        "security",
        "username",
        "folder",
        "start",
        "after_storing",
        "archive_folder",
    ]
    values = {name: getattr(box, name) for name in names}
    values |= {"department": box.department_id, "password": "", "is_active": "on"}
    return values | {"verify_certificate": "on"} | changes


def post(browser, obj, form):
    opts = obj._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
    answer = browser.post(url, form)
    assert answer.status_code == 302, answer.context["errors"]


def test_a_password_is_never_shown_and_an_empty_field_keeps_it(office):
    box = rows.mailbox(password="its-own-secret")
    page = office.get(reverse("admin:emails_mailbox_change", args=[box.pk])).content.decode()
    assert "its-own-secret" not in page
    post(office, box, mailbox_form(box, folder="Work"))
    box.refresh_from_db()
    assert (box.folder, box.password) == ("Work", "its-own-secret")
    post(office, box, mailbox_form(box, password="a-new-one"))
    assert Mailbox.objects.get(pk=box.pk).password == "a-new-one"


def test_a8_a_corrected_password_is_tried_at_once(office):
    later = timezone.now() + timezone.timedelta(hours=1)
    box = rows.mailbox(failing_since=timezone.now(), failures=5, next_poll_at=later)
    post(office, box, mailbox_form(box, password="right"))
    box.refresh_from_db()
    assert (box.failures, box.next_poll_at) == (0, None)


def test_editing_a_mailbox_leaves_its_cursor_alone(office, monkeypatch):
    box = rows.mailbox(last_uid=10)
    real = Mailbox.save

    def while_mail_comes_in(self, *args, **kwargs):
        Mailbox.objects.filter(pk=self.pk).update(last_uid=99)
        real(self, *args, **kwargs)

    monkeypatch.setattr(Mailbox, "save", while_mail_comes_in)
    post(office, box, mailbox_form(box, archive_folder="Other"))
    assert Mailbox.objects.get(pk=box.pk).last_uid == 99


@pytest.mark.parametrize(
    ("unsafe", "words"),
    [
        ({"security": "none"}, "NOT ENCRYPTED"),
        ({"verify_certificate": False}, "The certificate is not checked"),
    ],
)
def test_an_unsafe_mailbox_says_so_in_red(unsafe, words, office):
    box = rows.mailbox(**unsafe)
    page = office.get(reverse("admin:emails_mailbox_change", args=[box.pk])).content.decode()
    assert words in page
    assert "bg-red-100" in page
    listed = office.get(reverse("admin:emails_mailbox_changelist")).content.decode()
    assert "not encrypted" in listed or "certificate not checked" in listed


def rule_form(rule, **changes):
    values = {
        "name": rule.name,
        "position": rule.position,
        "note": "",
        "condition": json.dumps(rule.condition),
        "department": rule.department_id,
        "sla": "",
        "priority": "",
        "is_active": "on",
        "versions-TOTAL_FORMS": 0,
        "versions-INITIAL_FORMS": 0,
    }
    return values | changes


def test_each_change_of_a_rule_is_a_version_that_is_kept(office, clara):
    rule = rows.rule()
    rules.save(rule, by=None)
    RoutingRule.objects.filter(pk=rule.pk).update(hits=7)
    post(office, rule, rule_form(rule, sla="express"))
    rule.refresh_from_db()
    assert (rule.version, rule.hits, rule.sla) == (3, 7, "express")
    kept = {one.version: (one.content["sla"], one.by) for one in rule.versions.all()}
    assert kept == {2: ("", None), 3: ("express", clara)}
    event = Event.objects.about(rule).filter(kind="rule.changed").first()
    assert (event.actor, event.data["version"]) == (clara, 3)


def test_hits_counted_while_a_rule_is_edited_are_not_lost(clara):
    rule = rows.rule()
    RoutingRule.objects.filter(pk=rule.pk).update(hits=5)
    rules.save(rule, by=clara)
    assert RoutingRule.objects.get(pk=rule.pk).hits == 5


def test_a_new_rule_begins_with_its_first_version(clara):
    rule = RoutingRule(name="new", condition={"all": []}, department=rows.department())
    rules.save(rule, by=clara)
    assert RuleVersion.objects.get(rule=rule).version == 1


def test_a_rule_that_cannot_be_read_is_refused_in_words(office):
    rule = rows.rule()
    bad = json.dumps({"field": "colour", "op": "is", "value": "red"})
    url = reverse("admin:emails_routingrule_change", args=[rule.pk])
    page = office.post(url, rule_form(rule, condition=bad))
    assert "Unknown field" in page.content.decode()
    assert RoutingRule.objects.get(pk=rule.pk).version == 1


def test_a_rule_reads_as_a_sentence_and_keeps_its_history_on_the_page(office, clara):
    rule = rows.rule()
    rules.save(rule, by=clara)
    listed = office.get(reverse("admin:emails_routingrule_changelist")).content.decode()
    assert "Kind is &quot;order&quot;" in listed
    page = office.get(reverse("admin:emails_routingrule_change", args=[rule.pk])).content.decode()
    assert "Routing rule changed" in page


def test_the_order_of_rules_is_changed_in_the_list(office):
    first, second = rows.rule(position=10), rows.rule(position=20)
    url = reverse("admin:emails_routingrule_changelist")
    form = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "Save"}
    form |= {"form-0-id": first.pk, "form-0-position": 30}
    form |= {"form-1-id": second.pk, "form-1-position": 20}
    assert office.post(url, form).status_code == 302
    assert list(RoutingRule.objects.values_list("pk", "version")) == [(second.pk, 1), (first.pk, 2)]


def test_a_template_shows_how_it_reads_and_how_courteous_it_is(office):
    template = RoyalTemplate.objects.create(
        code="ack", language="de", subject="Ihre Nachricht [{{ case_number }}]", body=BODY
    )
    page = office.get(reverse("admin:emails_royaltemplate_change", args=[template.pk]))
    shown = page.content.decode()
    assert "Sehr geehrte Frau Berger" in shown
    assert "of 100 points" in shown
    assert "{{ order_number }}" in shown


def test_a_template_that_cannot_be_written_says_why(office):
    template = RoyalTemplate.objects.create(
        code="bad", language="de", subject="x", body="{{ secrets.key }}"
    )
    page = office.get(reverse("admin:emails_royaltemplate_change", args=[template.pk]))
    assert "It cannot be written" in page.content.decode()
    assert office.get(reverse("admin:emails_royaltemplate_changelist")).status_code == 200


def test_a_mail_the_server_would_not_give_can_be_fetched_again(office, clara):
    box = rows.mailbox(uidvalidity=1, next_poll_at=timezone.now())
    given_up = Delivery.objects.create(
        mailbox=box, folder=box.folder, uidvalidity=1, uid=7, state="failed", attempts=3
    )
    page = reverse("admin:emails_delivery_change", args=[given_up.pk])
    assert "/do/fetch-again/" in office.get(page).content.decode()
    office.post(page.replace("/change/", "/do/fetch-again/"))
    given_up.refresh_from_db()
    assert (given_up.state, given_up.attempts) == ("claimed", 0)
    assert Event.objects.about(given_up).get().actor == clara
    box.refresh_from_db()
    assert box.next_poll_at is None
