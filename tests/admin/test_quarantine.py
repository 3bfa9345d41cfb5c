import pytest
from django.urls import reverse

from emails.services import quarantine
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.admin import rows


def test_a9_a_retried_mail_waits_where_it_failed(clara):
    email = rows.quarantined(failed_in="triaged", attempts=3)
    quarantine.retry(email, by=clara)
    assert (email.state, email.attempts, email.error, email.failed_in) == ("triaged", 0, "", "")
    event = Event.objects.about(email).get()
    assert (event.kind, event.actor, event.data["error"]) == (
        "email.retried",
        clara,
        "ValueError: <odd>",
    )


def test_a_dismissed_mail_keeps_the_reason_and_the_error_in_the_journal(clara):
    email = rows.quarantined()
    quarantine.dismiss(email, by=clara, reason=" spam ")
    assert email.state == "dismissed"
    event = Event.objects.about(email).get()
    assert (event.kind, event.data) == (
        "email.dismissed", {"reason": "spam", "error": "ValueError: <odd>"},
    )  # fmt: skip


def test_a_dismissal_needs_a_reason(clara):
    with pytest.raises(DomainError):
        quarantine.dismiss(rows.quarantined(), by=clara, reason=" ")


def test_who_comes_second_changes_nothing(clara):
    email = rows.quarantined()
    quarantine.retry(email, by=clara)
    with pytest.raises(DomainError):
        quarantine.dismiss(email, by=clara, reason="late")
    assert Event.objects.about(email).count() == 1


def test_the_page_shows_the_error_and_the_buttons_of_quarantined_mails_only(office):
    bad, good = rows.quarantined(), rows.mail()
    shown = office.get(reverse("admin:emails_email_change", args=[bad.pk])).content.decode()
    assert "ValueError: &lt;odd&gt;" in shown
    assert "/do/retry/" in shown
    assert "/do/dismiss/" in shown
    other = office.get(reverse("admin:emails_email_change", args=[good.pk])).content.decode()
    assert "/do/retry/" not in other
    assert "/do/dismiss/" not in other
