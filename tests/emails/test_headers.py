from datetime import UTC, datetime
from email.message import EmailMessage, Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.data import Address
from emails.headers import (
    HEADER_BYTES,
    addresses,
    author,
    has_header,
    media_type,
    message_ids,
    parameter,
    safe_header,
    sent_at,
)
from emails.mime import read_head

quick = settings(max_examples=150, deadline=None, database=None)


def head(*fields: str | bytes) -> Message:
    octets = b"\r\n".join(f if isinstance(f, bytes) else f.encode() for f in fields) + b"\r\n\r\n"
    return read_head(octets, 0, len(octets))[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Bestellung", "Bestellung"),
        ("=?utf-8?Q?Kn=C3=B6pfe_f=C3=BCr_uns?=", "Knöpfe für uns"),
        ("=?UTF-8?B?S27DtnBmZQ==?=", "Knöpfe"),
        ("=?utf-8?B?S27DtnBmZQ?=", "Knöpfe"),
        ("=?utf-8?B?S27D?= =?utf-8?B?tnBmZQ==?=", "Knöpfe"),
        ("=?utf-8?Q?Kn=C3?=\r\n =?utf-8?Q?=B6pfe?=", "Knöpfe"),
        ("=?utf-8?Q?Kn=C3=B6\r\n pfe?=", "Knöpfe"),
        ("=?iso-8859-1?Q?Kn=F6pfe?= und =?utf-8?Q?F=C3=A4den?=", "Knöpfe und Fäden"),
        ("=?iso-8859-1?Q?=80_12?=", "€ 12"),
        ("=?utf-8?Q?Kn=F6pfe?=", "Knöpfe"),
        ("=?iso-8859-1?Q?Kn=C3=B6pfe?=", "Knöpfe"),
        ("=?utf-8*de?Q?Kn=C3=B6pfe?=", "Knöpfe"),
        ("=?no-such-charset?Q?Kn=C3=B6pfe?=", "Knöpfe"),
        ("=?utf-8?Q?Was ist das? Nichts?=", "Was ist das? Nichts"),
        ("Be=?utf-8?Q?stellun?=g", "Bestellung"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?offen", "offen"),
        ("gefaltet\r\n  und\tgelegt", "gefaltet und gelegt"),
        (b"Kn\xf6pfe", "Knöpfe"),
        ("Knöpfe".encode(), "Knöpfe"),
        ("Kno\u0308pfe", "Knöpfe"),
        ("=?utf-7?Q?+2AA-x?=", "x"),
    ],
)
def test_a_subject_is_decoded_however_broken(raw, expected):
    octets = raw if isinstance(raw, bytes) else raw.encode()
    assert safe_header(head(b"Subject: " + octets), "subject") == expected


def test_c7_an_encoded_line_break_cannot_split_a_header():
    subject = safe_header(head("Subject: =?utf-8?Q?a=0D=0ABcc:_x@y.de=E2=80=A8b?="), "Subject")
    assert subject == "a Bcc: x@y.de b"


def test_b4_nul_and_surrogates_are_gone_from_headers():
    msg = Message()
    msg.set_raw("Subject", "a\0b\ud800c\udcfc")
    assert safe_header(msg, "Subject") == "abcü"


def test_b2_a_header_is_cut_before_it_is_decoded():
    value = safe_header(head("Subject: " + "=?utf-8?Q?=C3=BC?= " * 10_000), "Subject")
    assert len(value) < HEADER_BYTES


def test_a_header_of_the_standard_library_is_read_too():
    msg = EmailMessage()
    msg["Subject"] = "Knöpfe"
    msg["From"] = "Anna Müller <anna@kunde.example>"
    assert safe_header(msg, "Subject") == "Knöpfe"
    assert author(msg) == Address("Anna Müller", "anna@kunde.example")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("anna@kunde.example", [("", "anna@kunde.example")]),
        ("Anna <anna@Kunde.Example>", [("Anna", "anna@kunde.example")]),
        ('"Müller, Anna" <a@b.de>, c@d.de', [("Müller, Anna", "a@b.de"), ("", "c@d.de")]),
        ('"Anna \\"die Chefin\\" M" <a@b.de>', [('Anna "die Chefin" M', "a@b.de")]),
        ("=?utf-8?Q?M=C3=BCller,_Anna?= <a@b.de>", [("Müller, Anna", "a@b.de")]),
        ("=?utf-8?Q?M=C3=BC,ller?= <a@b.de>", [("Mü,ller", "a@b.de")]),
        ("Anna =?utf-8?q?M=C3=BCller?= <a@b.de>", [("Anna Müller", "a@b.de")]),
        ('"Anna" von "Müller" <a@b.de>', [("Anna von Müller", "a@b.de")]),
        ("Anna (Einkauf) Müller <a@b.de>", [("Anna Müller", "a@b.de")]),
        ("a@b.de (Anna)", [("Anna", "a@b.de")]),
        ("Team: a@b.de, c@d.de;", [("", "a@b.de"), ("", "c@d.de")]),
        ("undisclosed-recipients:;", []),
        ("<@relay.example:a@b.de>", [("", "a@b.de")]),
        ("a@b.de; c@d.de", [("", "a@b.de"), ("", "c@d.de")]),
        (f"a@{'b' * 250}.de", []),
        ("Nobody", []),
        ("<>", []),
        ('"a@bank.example" <b@evil.example>', [("a@bank.example", "b@evil.example")]),
        ("Anna <a\r\n @b.de>", [("Anna", "a@b.de")]),
        ("Anna <a@b.de> Ben <c@d.de>", [("Anna", "a@b.de"), ("Ben", "c@d.de")]),
        ('"Anna M" a@b.de', [("Anna M", "a@b.de")]),
        ('"a@b.de"', [("", "a@b.de")]),
        ("'a@b.de'", [("", "a@b.de")]),
        ("a@b.de (Anna (Einkauf) M)", [("Anna (Einkauf) M", "a@b.de")]),
        ("Anna <a@[IPv6:2001:db8::1]>", [("Anna", "a@[ipv6:2001:db8::1]")]),
        ("Müller, Anna <a@b.de>, c@d.de", [("Müller, Anna", "a@b.de"), ("", "c@d.de")]),
        ("", []),
    ],
)
def test_addresses_are_found(raw, expected):
    found = [(a.name, a.address) for a in addresses(head(f"To: {raw}"), "To")]
    assert found == expected


@pytest.mark.parametrize(
    "fields",
    [
        ("From: a@b.de", "From: c@d.de"),
        ("From: a@b.de, c@d.de",),
        ("From: a@b.de, wer auch immer",),
        ("From: <a@b.de> <c@d.de>",),
        ("From: a@b.de c@d.de",),
        ("From: Anna",),
        ("From: ",),
        ("To: a@b.de",),
        ("From: a@b@c.de",),
        ("From: Gruppe:;",),
    ],
)
def test_d5_an_author_who_is_not_exactly_one_address_is_none(fields):
    assert author(head(*fields)) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<a@b>", ("<a@b>",)),
        ("<a@b>\r\n <c@d> <a@b>", ("<a@b>", "<c@d>")),
        ("a@b.de", ("<a@b.de>",)),
        ("Your message of Monday <a@b>", ("<a@b>",)),
        ("<a\r\n @b>", ("<a@b>",)),
        ("<[>", ("<[>",)),
        ("<" + "x" * 300 + ">", ()),
        ("", ()),
    ],
)
def test_message_ids_are_tokens(raw, expected):
    assert message_ids(head(f"References: {raw}"), "References") == expected


def test_only_the_last_hundred_references_are_kept():
    ids = [f"<{n}@x>" for n in range(150)]
    assert message_ids(head("References: " + " ".join(ids)), "References") == tuple(ids[50:])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mon, 2 Mar 2026 10:12:00 +0100", datetime(2026, 3, 2, 9, 12, tzinfo=UTC)),
        ("2 Mar 2026 10:12:00 -0000", datetime(2026, 3, 2, 10, 12, tzinfo=UTC)),
        ("Mon, 2 Mar 26 10:12 GMT", datetime(2026, 3, 2, 10, 12, tzinfo=UTC)),
        ("99 Foo", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("Thu, 1 Jan 2099 00:00:00 +0000", None),
        ("Mon, 2 Mar 2026 10:12:00 +99999999", None),
        ("Mon, 31 Feb 2026 10:12:00 +0100", None),
        ("3/2/2026 10:12:00 PM", datetime(2026, 3, 2, 22, 12, tzinfo=UTC)),
        ("13/2/2026 10:12", datetime(2026, 2, 13, 10, 12, tzinfo=UTC)),
        ("mar. 3 mars 2026 10:12:00 +0100", datetime(2026, 3, 3, 9, 12, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 9:5:0 +01", datetime(2026, 3, 2, 8, 5, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 10.12.00 +0100", datetime(2026, 3, 2, 9, 12, tzinfo=UTC)),
        ("March 2, 2026 at 10:12 PM GMT+1", datetime(2026, 3, 2, 21, 12, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a15_a_date_is_aware_or_none(raw, expected):
    date = sent_at(head(f"Date: {raw}"))
    assert date == expected
    assert date is None or date.tzinfo


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('attachment; filename="order.pdf"', "order.pdf"),
        ("attachment; filename=order.pdf", "order.pdf"),
        ("attachment; FileName*=utf-8''Kn%C3%B6pfe.pdf", "Knöpfe.pdf"),
        ("attachment; filename*0*=utf-8''Kn%C3; filename*1*=%B6pfe; filename*2=.pdf", "Knöpfe.pdf"),
        ("attachment; filename=a.pdf; filename*=iso-8859-1''Kn%F6.pdf", "Knö.pdf"),
        ('attachment; filename="=?utf-8?Q?Kn=C3=B6pfe.pdf?="', "Knöpfe.pdf"),
        ('attachment; filename="a;b.pdf"', "a;b.pdf"),
        ("attachment; filename*=no''x%zz", "x%zz"),
        ("attachment; filename*99999999999=x", ""),
        ("attachment; filename", ""),
        ('attachment; filename="offen', "offen"),
    ],
)
def test_a_file_name_is_joined_and_decoded(raw, expected):
    assert (
        parameter(head(f"Content-Disposition: {raw}"), "Content-Disposition", "filename")
        == expected
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Text/HTML; charset=x", "text/html"),
        ("application/pdf name=x", "application/pdf"),
        ("nonsense", "text/plain"),
        ("", "text/plain"),
    ],
)
def test_a_media_type_is_always_one(raw, expected):
    assert media_type(head(f"Content-Type: {raw}")) == expected


def test_a_missing_header_is_empty():
    assert safe_header(head("A: b"), "Subject") == ""
    assert not has_header(head("A: b"), "Subject")


hostile = st.lists(
    st.sampled_from(
        ["=?utf-8?", "q?", "B?", "?=", "=C3", "(", ")", "<", ">", '"', "\\", ",", ";", ":", "@", "[",
         "*0*=", "filename", "''", "%", "\0", "\ud800", "\udcff", "\r", "\n ", "ü", "a", " ", "9" * 30]
    ),
    max_size=60,
).map("".join) | st.text(st.characters(), max_size=60)  # fmt: skip


@quick
@given(hostile)
def test_b3_no_header_raises_when_read(value):
    msg = Message()
    for name in ("From", "To", "Subject", "Date", "References", "Content-Type"):
        msg.set_raw(name, f"x; {value}" if name == "Content-Type" else value)
    texts = [
        safe_header(msg, "Subject"),
        parameter(msg, "Content-Type", "filename"),
        media_type(msg),
    ]
    texts += [part for a in addresses(msg, "To") for part in (a.name, a.address)]
    texts += message_ids(msg, "References")
    author(msg), sent_at(msg)
    for text in texts:
        text.encode()
        assert not set(text) & set("\0\r\n")
