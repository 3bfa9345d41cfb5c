from html import unescape

import pytest
from django.conf import settings
from django.urls import reverse

from emails.admin import mail_page, thread
from emails.models import Attachment
from hbu.lib import blobs
from hbu.lib.admin.showing import address
from tests.admin import rows

PIXEL = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def page_of(browser, email):
    page = browser.get(reverse("admin:emails_email_change", args=[email.pk]))
    assert page.status_code == 200
    return page.content.decode()


def attach(email, name, content_type, data, **fields):
    return Attachment.objects.create(
        email=email,
        filename=name,
        content_type=content_type,
        size=len(data),
        sha256=blobs.put(settings.BLOBS_DIR, data),
        **fields,
    )


def test_a_mail_leads_to_its_case_its_order_its_answer_and_its_conversation(office):
    case, order = rows.case(), rows.order()
    email = rows.mail(thread=case.thread)
    other, answer = rows.mail("Nachfrage", thread=case.thread), rows.letter(answers=email)
    rows.join(case, email, other)
    case.orders.add(order)
    page = page_of(office, email)
    for one in (case, order, other, answer, case.thread):
        assert address(one) in page


def test_a_conversation_without_an_end_is_shown_in_part_and_says_so(office, monkeypatch):
    monkeypatch.setattr(mail_page, "OTHERS_SHOWN", 2)
    monkeypatch.setattr(thread, "SHOWN", 3)
    case = rows.case()
    email, *others = [rows.mail(f"Alarm {number}", thread=case.thread) for number in range(4)]
    page = page_of(office, email)
    assert [one.subject in page for one in others] == [False, True, True]
    assert "The newest 2" in page
    page = office.get(reverse("admin:emails_thread_change", args=[case.thread_id]))
    assert "The newest 3 of each kind" in page.content.decode()
    assert "Alarm 0" not in page.content.decode()


def test_a_mail_tells_why_it_is_of_its_kind_and_why_it_is_here(office):
    rule = rows.rule()
    entry = {"rule": rule.name, "rule_id": rule.pk, "version": 3, "problems": []}
    check = {
        "field": "kind",
        "op": "is",
        "value": "order",
        "actual": "order",
        "hit": True,
        "error": "",
    }
    trace = [
        entry
        | {"hit": True, "reached": True, "checks": [check], "applied": {"department": "sales"}},
        entry | {"hit": True, "reached": True, "checks": [], "overruled": {"department": "info"}},
        entry | {"hit": False, "reached": True, "checks": [check | {"hit": False}]},
        entry | {"hit": False, "reached": False, "checks": []},
    ]
    reasons = [{"what": "Words in the subject", "evidence": "bestellung", "weight": 2.0}]
    page = page_of(office, rows.mail(trace=trace, reasons=reasons))
    for words in (
        "Words in the subject",
        "bestellung",
        "+2",
        "v3",
        "overruled",
        "missed",
        "not reached",
    ):
        assert words in page
    assert 'Kind is "order" (it is “order”)' in unescape(page)


def test_b6_html_of_strangers_is_shown_without_scripts_in_a_sealed_frame(office):
    bad = '<p onclick="steal()">Hi</p><script>steal()</script><img src="http://t.example/p.gif">'
    page = page_of(office, rows.mail(subject="<script>steal()</script>", html_safe=bad))
    assert '<iframe sandbox="" ' in page
    assert "<script>steal" not in page
    frame = unescape(page.split('srcdoc="')[1].split('"')[0])
    assert "default-src 'none'" in frame
    assert "Hi" in frame
    assert "steal" not in frame
    assert "t.example" not in frame


def test_pictures_of_the_mail_itself_are_shown(office):
    email = rows.mail(html_safe='<p>Logo <img src="cid:logo@x"></p>')
    attach(email, "logo.png", "image/png", PIXEL, content_id="<logo@x>", inline=True)
    assert "data:image/png;base64," in page_of(office, email)


@pytest.mark.parametrize(
    ("named", "content_id"),
    [("logo%40x", "<logo@x>"), ("Logo@X", "logo@x"), ("a&amp;b@x", "a&b@x")],
)
def test_a_picture_is_found_however_its_id_is_written(named, content_id, office):
    email = rows.mail(html_safe=f'<p><img src="cid:{named}"></p>')
    attach(email, "logo", "image/x-png", PIXEL, content_id=content_id, inline=True)
    assert "data:image/png;base64," in page_of(office, email)


def test_a_picture_that_is_none_is_not_shown(office):
    email = rows.mail(html_safe='<p>Logo <img src="cid:logo@x"></p>')
    attach(email, "logo.png", "image/png", b"<svg onload=alert(1)>", content_id="logo@x")
    assert "base64" not in page_of(office, email)


def test_a_mail_without_html_is_shown_as_text(office):
    assert "Wir &lt;b&gt;bestellen" in page_of(office, rows.mail(text="Wir <b>bestellen"))


@pytest.mark.parametrize(
    ("name", "declared", "data", "sent_as"),
    [
        ("a.html", "text/html", b"<script>alert(1)</script>", "application/octet-stream"),
        ("a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>", "application/octet-stream"),
        ("a.xml", "application/xml", b"<?xml version='1.0'?>", "application/octet-stream"),
        ("a.png", "image/png", b"<script>alert(1)</script>", "application/octet-stream"),
        ("a.png", "image/png", PIXEL, "image/png"),
        ("a.pdf", "application/pdf", b"%PDF-1.7", "application/pdf"),
    ],
)
def test_b8_an_attachment_is_saved_never_opened(name, declared, data, sent_as, office):
    row = attach(rows.mail(), name, declared, data)
    file = office.get(reverse("admin:emails_attachment", args=[row.pk]))
    assert file.content == data
    assert file["Content-Type"] == sent_as
    assert file["Content-Disposition"] == f'attachment; filename="{name}"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_b9_a_name_with_line_breaks_cannot_split_the_header(office):
    row = attach(rows.mail(), "a\r\nSet-Cookie: x=1.pdf", "application/pdf", b"%PDF-1.7")
    file = office.get(reverse("admin:emails_attachment", args=[row.pk]))
    assert "Set-Cookie" not in file.headers


def test_the_raw_mail_is_downloaded_as_it_came(office):
    email = rows.mail(raw=b"From: <script>\n\nhi")
    file = office.get(reverse("admin:emails_email_raw", args=[email.pk]))
    assert file.content == b"From: <script>\n\nhi"
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"] == f'attachment; filename="mail-{email.pk}.eml"'


def test_a_file_that_is_gone_is_not_found(office):
    email = rows.mail(raw_sha256="0" * 64)
    assert office.get(reverse("admin:emails_email_raw", args=[email.pk])).status_code == 404


def test_files_are_for_those_who_may_see_mails(desk):
    email = rows.mail()
    row = attach(email, "a.pdf", "application/pdf", b"%PDF-1.7")
    addresses = [
        reverse("admin:emails_email_raw", args=[email.pk]),
        reverse("admin:emails_attachment", args=[row.pk]),
    ]
    assert [desk.get(one).status_code for one in addresses] == [404, 404]
    desk.may("emails.view_email")
    assert [desk.get(one).status_code for one in addresses] == [200, 200]
