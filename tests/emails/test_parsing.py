import base64
from datetime import UTC, datetime
from email import policy as policies
from email.message import EmailMessage
from hashlib import sha256

import pytest
from hypothesis import settings

from emails.data import Address
from emails.parsing import AMBIGUOUS_SENDER, parse

quick = settings(max_examples=200, deadline=None, database=None)

LETTER = """\
Return-Path: <anna@kunde.example>
Received: from mx.kunde.example by mail.house.example; Mon, 2 Mar 2026 10:12:01 +0100
Message-ID: <neu@kunde.example>
In-Reply-To: <alt-2@house.example>
References: <alt-1@house.example> <alt-2@house.example>
Date: Mon, 2 Mar 2026 10:12:00 +0100
From: =?utf-8?Q?Anna_M=C3=BCller?= <anna@kunde.example>
Reply-To: einkauf@kunde.example
To: info@house.example, "Ben" <ben@house.example>
Cc: Clara <clara@kunde.example>
Subject: =?iso-8859-1?Q?Bestellung_Kn=F6pfe?=
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Guten Tag,

bitte 500 Stück KN-10.

> Wie viele?
"""


def multipart(*parts, kind="mixed"):
    body = "".join(f"--grenze\n{part}\n" for part in parts)
    return f"From: a@b.de\nContent-Type: multipart/{kind}; boundary=grenze\n\n{body}--grenze--\n".encode()


def test_a_letter_is_read_whole():
    mail = parse(LETTER.replace("\n", "\r\n").encode())
    assert mail.message_id == "<neu@kunde.example>"
    assert mail.in_reply_to == "<alt-2@house.example>"
    assert mail.references == ("<alt-1@house.example>", "<alt-2@house.example>")
    assert mail.subject == "Bestellung Knöpfe"
    assert mail.sender == Address("Anna Müller", "anna@kunde.example")
    assert mail.reply_to == (Address("", "einkauf@kunde.example"),)
    assert mail.to == (Address("", "info@house.example"), Address("Ben", "ben@house.example"))
    assert mail.cc == (Address("Clara", "clara@kunde.example"),)
    assert mail.date == datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
    assert mail.text == "Guten Tag,\n\nbitte 500 Stück KN-10.\n\n> Wie viele?\n"
    assert mail.reply_text == "Guten Tag,\n\nbitte 500 Stück KN-10."
    assert (mail.html, mail.attachments, mail.automatic, mail.bounce) == ("", (), None, None)
    assert (mail.must_not_answer, mail.defects) == ("", ())


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_end_reads_the_same(line_end):
    assert parse(LETTER.replace("\n", line_end).encode()) == parse(LETTER.encode())


def test_an_envelope_line_before_the_headers_is_passed_over():
    assert parse(b"From anna@kunde.example Mon Mar  2\n" + LETTER.encode()) == parse(
        LETTER.encode()
    )


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("policy", [policies.SMTP, policies.default.clone(max_line_length=40)])
def test_what_the_standard_library_writes_is_read_as_it_was_meant(encoding, policy):
    name, subject = (
        "Anna Müller-Lüdenscheidt Einkauf",
        "Bestellung über fünfzig Knöpfe aus Büffelhorn",
    )
    filename, payload = "Knöpfe für die sehr große Werkstatt in Köln.pdf", bytes(range(256))
    letter = EmailMessage(policy=policy)
    letter["From"] = f"{name} <anna@kunde.example>"
    letter["To"] = '"Öffner, Ben" <ben@house.example>, info@house.example'
    letter["Subject"] = subject
    letter.set_content("Größe 5 €\n" * 20, cte=encoding)
    letter.add_alternative("<p>Größe 5 €</p>\n", subtype="html", cte="base64")
    letter.add_attachment(payload, maintype="application", subtype="pdf", filename=filename)
    mail = parse(letter.as_bytes())
    assert (mail.subject, mail.sender) == (subject, Address(name, "anna@kunde.example"))
    assert [to.name for to in mail.to] == ["Öffner, Ben", ""]
    assert mail.text.strip() == ("Größe 5 €\n" * 20).strip()
    assert mail.html.strip() == "<p>Größe 5 €</p>"
    assert [(part.filename, part.payload) for part in mail.attachments] == [(filename, payload)]
    assert mail.defects == ()


TEXT = "Prüfung: Größe 5 €, „Knöpfe“"
CHARSETS = ["utf-8", "iso-8859-15", "windows-1252", "utf-16", "utf-7", "utf-8-sig"]


@pytest.mark.parametrize("encoding", CHARSETS)
def test_b16_umlauts_are_right_in_what_was_declared(encoding):
    text = TEXT.replace("„", '"').replace("“", '"') if encoding == "iso-8859-15" else TEXT
    payload = base64.encodebytes(text.encode(encoding)).decode()
    head = f"From: a@b.de\nContent-Type: text/plain; charset={encoding}\nContent-Transfer-Encoding: base64\n\n"
    assert parse((head + payload).encode()).text == text


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("utf-8", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("us-ascii", "utf-8"),
        ("us-ascii", "cp1252"),
        ("unknown-8bit", "utf-8"),
        ("", "cp1252"),
        ("idna", "utf-8"),
        ("hex", "utf-8"),
        ("\0x", "cp1252"),
    ],
)
def test_b16_umlauts_are_right_in_spite_of_what_was_declared(declared, actual):
    head = f"From: a@b.de\nContent-Type: text/plain; charset={declared}\n\n"
    assert parse(head.encode() + TEXT.encode(actual)).text == TEXT


def test_b16_japanese_of_seven_bits_is_read():
    raw = b"From: a@b.de\nContent-Type: text/plain; charset=iso-2022-jp\n\n" + "注文書".encode(
        "iso-2022-jp"
    )
    assert parse(raw).text == "注文書"


def test_quoted_printable_is_decoded():
    raw = b"From: a@b.de\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: Quoted-Printable\n\nKn=C3=B6p=\nfe =ZZ"
    assert parse(raw).text == "Knöpfe =ZZ"


def test_flowed_text_is_unwrapped():
    raw = b"From: a@b.de\nContent-Type: text/plain; format=flowed\n\nbitte \nliefern\nSie"
    assert parse(raw).text == "bitte liefern\nSie"


PLAIN = "Content-Type: text/plain\n\nWir bestellen KN-10."
HTML = "Content-Type: text/html\n\n<p>Wir bestellen <b>KN-10</b>.</p>"


def test_of_two_versions_the_plain_one_is_the_text():
    mail = parse(multipart(PLAIN, HTML, kind="alternative"))
    assert mail.text == "Wir bestellen KN-10."
    assert mail.html == "<p>Wir bestellen <b>KN-10</b>.</p>"
    assert mail.html_safe == mail.html
    assert mail.attachments == ()


@pytest.mark.parametrize("parts", [(HTML,), ("Content-Type: text/plain\n\n \n", HTML)])
def test_html_gives_the_text_where_there_is_no_other(parts):
    assert parse(multipart(*parts, kind="alternative")).text == "Wir bestellen KN-10."


def test_a_footer_in_plain_text_does_not_hide_a_letter_in_html():
    footer = "Content-Type: text/plain\n\n____\nVerteiler Einkauf"
    assert parse(multipart(HTML, footer)).text == "Wir bestellen KN-10.\n\n____\nVerteiler Einkauf"


def test_the_same_words_in_both_forms_are_told_once():
    assert parse(multipart(PLAIN, HTML)).text == "Wir bestellen KN-10."


def test_text_around_an_attachment_is_one_text():
    pdf = "Content-Type: application/pdf; name=a.pdf\n\nx"
    mail = parse(multipart("\nvorher", pdf, "\nnachher"))
    assert mail.text == "vorher\nnachher"
    assert [part.filename for part in mail.attachments] == ["a.pdf"]


def test_an_attachment_is_decoded_and_hashed():
    payload = b"%PDF-1.7\0\xff" * 100
    part = (
        "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename*=utf-8''Bestellung%20Kn%C3%B6pfe.pdf\n\n"
        + base64.encodebytes(payload).decode()
    )
    (attachment,) = parse(multipart(PLAIN, part)).attachments
    assert attachment.filename == "Bestellung Knöpfe.pdf"
    assert (attachment.payload, attachment.size) == (payload, len(payload))
    assert attachment.sha256 == sha256(payload).hexdigest()
    assert not attachment.inline


@pytest.mark.parametrize(
    "damaged", ["SGFsbG8", "SGFsbG8=\n-- \nlist footer", "SGF*sbG8=", "SGFsbG8=x", "SGFsbG8gV"]
)
def test_damaged_base64_is_read_as_far_as_it_goes(damaged):
    part = f"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n{damaged}"
    assert parse(multipart(part)).attachments[0].payload.startswith(b"Hallo")


def test_a_picture_of_the_letter_is_inline_and_a_file_called_inline_is_not():
    html = 'Content-Type: text/html\n\n<img src="cid:logo@x">'
    logo = "Content-Type: image/png\nContent-ID: <logo@x>\n\nx"
    order = "Content-Type: application/pdf\nContent-Disposition: inline; filename=a.pdf\nContent-ID: <other@x>\n\nx"
    found = parse(multipart(html, logo, order, kind="related")).attachments
    assert [(part.content_id, part.inline) for part in found] == [
        ("logo@x", True),
        ("other@x", False),
    ]


def test_a_text_file_with_a_name_is_an_attachment_unless_it_is_the_letter():
    first = "Content-Type: text/plain; name=letter.txt\n\nBrief"
    second = "Content-Type: text/plain; name=order.txt\n\nKN-10"
    mail = parse(multipart(first, second))
    assert mail.text == "Brief"
    assert [part.filename for part in mail.attachments] == ["order.txt"]


def test_a_mail_in_a_mail_is_one_attachment():
    inner = "Content-Type: message/rfc822\n\nFrom: x@y.de\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--i--"
    (attachment,) = parse(multipart(PLAIN, inner)).attachments
    assert (attachment.filename, attachment.content_type) == ("part-2.eml", "message/rfc822")
    assert attachment.payload.startswith(b"From: x@y.de")


@pytest.mark.parametrize(
    "fields", ["", "From: a@b.de\nFrom: c@d.de\n", "From: a@b.de, c@d.de\n", "From: Chef\n"]
)
def test_d5_an_ambiguous_sender_has_no_address_and_gets_no_answer(fields):
    mail = parse(f"{fields}Subject: x\n\nx".encode())
    assert mail.sender.address == ""
    assert AMBIGUOUS_SENDER in mail.defects
    assert mail.must_not_answer


def test_b4_nul_and_surrogates_reach_no_text():
    parts = multipart(
        "Content-Type: text/plain; charset=utf-7\n\na+2AA-b\0c",
        'Content-Type: text/html\n\n<p title="\0">d\0e</p>&#0;&#xd800;',
        'Content-Type: application/pdf; name="a\0b.pdf"\nContent-ID: <\0x>\n\n\0',
    )
    mail = parse(b"Subject: a\0b\n" + parts)
    (attachment,) = mail.attachments
    for text in (
        mail.subject,
        mail.text,
        mail.html,
        mail.html_safe,
        attachment.filename,
        attachment.content_id,
    ):
        assert "\0" not in text
        text.encode()
    assert attachment.payload == b"\0"


def test_what_could_not_be_read_is_told():
    assert "The mail has no headers." in parse(b"").defects
    assert "The date cannot be read." in parse(b"From: a@b.de\nDate: gestern\n\n").defects
    assert (
        "A boundary between parts is missing."
        in parse(b"Content-Type: multipart/mixed\n\nx").defects
    )
    cut = parse(multipart(PLAIN, PLAIN)[:-25])
    assert "The mail breaks off: its last part has no end." in cut.defects
    sealed = parse(b"Content-Type: application/pkcs7-mime\n\nx")
    assert "The mail is encrypted and cannot be read." in sealed.defects


def test_a_multipart_without_its_boundary_is_still_read():
    named = b"From: a@b.de\nContent-Type: multipart/mixed\n\n--xyz\nContent-Type: text/plain\n\nHallo\n--xyz--\n"
    assert parse(named).text == "Hallo"
    wrong = b"From: a@b.de\nContent-Type: multipart/mixed; boundary=no\n\nHallo"
    assert parse(wrong).text == "Hallo"


def test_an_outer_boundary_ends_what_is_inside():
    inner = "Content-Type: multipart/alternative; boundary=grenze2\n\n--grenze2\n\ninnen"
    mail = parse(multipart(inner, "Content-Type: application/pdf\n\nx"))
    assert (mail.text, len(mail.attachments)) == ("innen", 1)
