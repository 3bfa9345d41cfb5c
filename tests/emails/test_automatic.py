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
        ([], "root@kunde.example"),
        ([], "abuse@kunde.example"),
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
    "sender", ["noreen@kunde.example", "bouncer-club@kunde.example", "rooth@kunde.example"]
)
def test_names_that_only_resemble_machines_are_people(sender):
    assert mail(sender=sender).must_not_answer == ""


def written(text, *fields, subject="AW: Angebot", sender="anna@kunde.example"):
    lines = [f"From: {sender}", f"Subject: {subject}", *fields, "", text]
    return parse("\n".join(lines).encode(), own_addresses=OWN)


@pytest.mark.parametrize(
    ("text", "subject", "why"),
    [
        ("Ich bin vom 3. bis 14.11. nicht im Büro. Ihre E-Mail wird nicht weitergeleitet.", "AW: Angebot", "It is a note of absence."),
        ("Thank you for your email. I am on annual leave until Monday.", "Re: Offer", "It is a note of absence."),
        ("We have received your request. Your ticket number is #471100. We will get back to you shortly.", "Your request", "It only acknowledges that a mail came in."),
        ("wurde am Montag gelesen", "Gelesen: Angebot", "It is a receipt: a mail was delivered or read."),
        ("Click the link below to deliver your message.", "Re: Offer requires verification", "It asks us to prove to be a person."),
    ],
)  # fmt: skip
def test_d1_notes_that_lost_their_headers_are_known_by_their_words(text, subject, why):
    found = written(text, subject=subject)
    assert (found.automatic, found.must_not_answer) == (Automatic.AUTO_REPLY, why)


def test_d1_an_answer_to_an_invitation_is_not_answered():
    found = written(
        "METHOD:REPLY", "Content-Type: text/calendar; method=REPLY", subject="Zugesagt: Treffen"
    )
    assert found.must_not_answer == "It answers an invitation."


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin ab Montag im Urlaub, bitte liefern Sie vorher 500 Knöpfe.",
        "Vielen Dank für Ihre Nachricht. Ich bin bis Freitag nicht im Büro. Können Sie danach liefern?",
        "Wir haben Ihre Nachricht erhalten und bestellen 500 Stück. Vorgang 4711, so schnell wie möglich.",
    ],
)
def test_d1_people_who_want_something_are_people_whatever_else_they_say(text):
    assert written(text).must_not_answer == ""


def test_d1_auto_submitted_no_is_believed():
    text = "Ich bin vom 3. bis 14.11. nicht im Büro. Ihre E-Mail wird nicht weitergeleitet."
    assert written(text, "Auto-Submitted: no").automatic is None


OUR_GROUP = (
    "List-Id: <info.house.example>",
    "List-Post: <mailto:info@house.example>",
    "List-Unsubscribe: <mailto:x@house.example>",
    "Precedence: list",
)
THEIR_LIST = (
    "List-Id: Einkauf <einkauf.kunde.example>",
    "List-Post: <mailto:einkauf@kunde.example>",
)


@pytest.mark.parametrize("lines", [OUR_GROUP, (*THEIR_LIST, "To: info@house.example")])
def test_d1_who_writes_through_a_list_is_a_person_and_answered_by_one(lines):
    mail = written("500 Stück bitte", *lines)
    assert mail.automatic is None
    assert "mailing list" in mail.must_not_answer


def test_d1_lists_that_one_subscribes_to_are_bulk():
    assert written("Neues", *THEIR_LIST).automatic is Automatic.BULK
    subscribed = (
        *THEIR_LIST,
        "List-Unsubscribe: <mailto:x@kunde.example>",
        "To: info@house.example",
    )
    assert written("Neues", *subscribed).automatic is Automatic.BULK
    assert written("Neues", *OUR_GROUP, "Precedence: bulk").automatic is None
    assert written("Neues", "Precedence: bulk", *OUR_GROUP).automatic is Automatic.BULK


def test_d1_a_newsletter_without_headers_is_bulk():
    found = written(
        "Neues im Herbst. Newsletter abbestellen: https://x.example",
        sender="newsletter@kunde.example",
    )
    assert found.automatic is Automatic.BULK
