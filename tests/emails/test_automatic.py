import pytest

from emails.data import Automatic
from emails.parsing import parse

OWN = frozenset({"info@house.example"})


def mail(*fields, sender="anna@kunde.example", subject="Bestellung"):
    lines = [f"From: {sender}", f"Subject: {subject}", *fields, "", "Guten Tag"]
    return parse("\r\n".join(lines).encode(), own_addresses=OWN)


@pytest.mark.parametrize(
    ("fields", "subject", "kind"),
    [
        (["Auto-Submitted: auto-replied"], "Danke", Automatic.AUTO_REPLY),
        (["Auto-Submitted: auto-replied (vacation)"], "Danke", Automatic.AUTO_REPLY),
        (["Auto-Submitted: auto-generated"], "Rechnung", Automatic.BULK),
        (["Auto-Submitted: auto-notified; owner-email=x"], "Hinweis", Automatic.BULK),
        (["Auto-Submitted: auto-generated"], "Automatische Antwort: Knöpfe", Automatic.AUTO_REPLY),
        (["X-Autoreply: yes"], "Danke", Automatic.AUTO_REPLY),
        (["X-Autorespond:"], "Danke", Automatic.AUTO_REPLY),
        (["Precedence: auto_reply"], "Danke", Automatic.AUTO_REPLY),
        (["Precedence: bulk"], "Neues", Automatic.BULK),
        (["Precedence: LIST"], "Neues", Automatic.BULK),
        (["Precedence: junk"], "Neues", Automatic.BULK),
        (["List-Id: <news.example>"], "Neues", Automatic.BULK),
        (["List-Unsubscribe: <https://news.example>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"], "Neues", Automatic.BULK),
        ([], "Abwesenheitsnotiz: Bestellung", Automatic.AUTO_REPLY),
        ([], "Abwesenheitsnotiz", Automatic.AUTO_REPLY),
        ([], "Automatische Antwort: Bestellung", Automatic.AUTO_REPLY),
        ([], "Out of Office: Buttons", Automatic.AUTO_REPLY),
        ([], "Out of Office AutoReply: Buttons", Automatic.AUTO_REPLY),
        ([], "Automatic reply: Buttons", Automatic.AUTO_REPLY),
        ([], "Abwesend: Bestellung", Automatic.AUTO_REPLY),
        (["Content-Type: multipart/report; report-type=delivery-status; boundary=b"], "x", Automatic.BOUNCE),
        (["Content-Type: multipart/report; report-type=feedback-report; boundary=b"], "x", Automatic.FEEDBACK_REPORT),
        (["Content-Type: multipart/report; report-type=disposition-notification; boundary=b"], "Gelesen: x", Automatic.AUTO_REPLY),
    ],
)  # fmt: skip
def test_d1_mail_of_machines_is_known_and_never_answered(fields, subject, kind):
    found = mail(*fields, subject=subject)
    assert found.automatic is kind
    assert found.must_not_answer


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ([], "Bestellung"),
        (["Auto-Submitted: no"], "Bestellung"),
        (["Auto-Submitted: no"], "Automatische Antwort funktioniert nicht"),
        (["Precedence: normal"], "Bestellung"),
        (["X-Autoreply: no"], "Bestellung"),
        (["X-Auto-Response-Suppress: DR, RN, NRN"], "Bestellung"),
        (["Return-Path: <anna@kunde.example>"], "Bestellung"),
        ([], "AW: Abwesenheitsnotiz: Bestellung"),
        ([], "Out of office furniture buttons"),
        ([], "Unzustellbare Pakete"),
    ],
)
def test_d1_mail_of_people_may_be_answered(fields, subject):
    found = mail(*fields, subject=subject)
    assert (found.automatic, found.must_not_answer) == (None, "")


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        (["X-Auto-Response-Suppress: All"], "anna@kunde.example"),
        (["X-Auto-Response-Suppress: DR, OOF, AutoReply"], "anna@kunde.example"),
        (["X-Loop: yes"], "anna@kunde.example"),
        (["Return-Path: <>"], "anna@kunde.example"),
        ([], "MAILER-DAEMON@mx.example"),
        ([], "postmaster@kunde.example"),
        ([], "no-reply@kunde.example"),
        ([], "noreply@kunde.example"),
        ([], "orders-noreply@kunde.example"),
        ([], "do-not-reply@kunde.example"),
        ([], "bounce+4711@kunde.example"),
        ([], "Info@House.example"),
        ([], "info+tag@house.example"),
        (["Reply-To: info@house.example"], "anna@kunde.example"),
        (["Reply-To: noreply@kunde.example"], "anna@kunde.example"),
        (["From: zweite@kunde.example"], "anna@kunde.example"),
        ([], "nobody"),
    ],
)
def test_d1_what_must_not_be_answered_is_not_for_that_reason_automatic(fields, sender):
    found = mail(*fields, sender=sender)
    assert found.automatic is None
    assert found.must_not_answer.endswith(".")


@pytest.mark.parametrize(
    "sender", ["noreen@kunde.example", "bouncer-club@kunde.example", "info@kunde.example"]
)
def test_names_that_only_resemble_machines_are_people(sender):
    assert mail(sender=sender).must_not_answer == ""
