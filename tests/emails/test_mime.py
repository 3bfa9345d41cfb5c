import gc
import resource
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emails.parsing import TooComplex, parse
from tests.explosions import no_explosion

quick = settings(max_examples=200, deadline=None, database=None)


def flat(*parts):
    body = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return b"From: a@b.de\nContent-Type: multipart/mixed; boundary=b\n\n" + body + b"--b--\n"


def nested(depth):
    opened = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}.\n\n--b{n}.\n" for n in range(depth)
    )
    closed = "".join(f"\n--b{n}.--" for n in reversed(range(depth)))
    return f"From: a@b.de\n{opened}\nganz innen{closed}".encode()


TOO_COMPLEX = {
    "parts": flat(*[b"\nx"] * 10_000),
    "depth": nested(51),
    "depth-5000": nested(5000),
    "headers": b"X: y\n" * 201 + b"\nx",
    "header-block": b"X: " + b"y" * 300_000 + b"\n\nx",
    "folded": b"X: y\n" + b" y\n" * 100_000 + b"\nx",
    "size": b"x" * (35 * 1024 * 1024 + 1),
    "encoded-words": b"Subject: " + b"=?utf-8?Q?=C3=BC?= " * 15_000 + b"\n\nx",
}


@pytest.mark.parametrize("raw", TOO_COMPLEX.values(), ids=TOO_COMPLEX.keys())
def test_b1_a_mail_beyond_the_bounds_is_refused_with_a_reason(raw):
    with no_explosion(), pytest.raises(TooComplex, match=r"^(The|A) .+\.$"):
        parse(raw)


def test_b1_a_mail_within_the_bounds_is_read():
    assert parse(nested(50)).text == "ganz innen"
    assert len(parse(flat(*[b"Content-Type: image/png\n\nx"] * 999)).attachments) == 999
    assert len(parse(flat(*[b"\nx"] * 999)).attachments) == 949
    assert parse(b"X: y\n" * 199 + b"Subject: ja\n\nx").subject == "ja"
    assert parse(b"Content-Type: message/rfc822\n\n" * 5000).attachments


@pytest.mark.load
def test_b1_the_largest_mails_are_read_in_seconds():
    with no_explosion():
        deep = nested(50).replace(b"ganz innen", b"0123456789\n" * 500_000)
        assert len(parse(deep).text) == 1_000_000
        part = b"Content-Disposition: x; " + b'filename*0*=x;;"' * 500 + b"\n\n\x81"
        assert len(parse(flat(*[part] * 999)).attachments) == 998
        silent = b"Content-Type: text/rtf\n\n{\\rtf1 " + b"{}" * 500_000 + b"}"
        assert not parse(flat(*[silent] * 30)).text
        colons = b":" * 15_000 + b"\n"
        for _ in range(5):
            assert not parse(b"From: " + colons + (b"To: " + colons) * 14 + b"\nx").to


def test_b5_html_does_not_grow_by_the_ids_of_its_pictures():
    html = b"Content-Type: text/html\n\n" + b'"a"' * 1_000_000
    picture = b"Content-Type: image/png\nContent-Location: a\nContent-ID: <%s>\n\nx" % (b"x" * 250)
    tracemalloc.start()
    assert not parse(flat(html, picture)).html_safe
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 1024 * 1024


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:/Users/anna/a.pdf", "a.pdf"),
        ("inv\u202efdp.exe", "invfdp.exe"),
        ("\u200b.htaccess", "htaccess"),
        ("Kno\u0308pfe.pdf", "Knöpfe.pdf"),
        ("a.pdf.exe. ", "a.pdf.exe"),
        ("x" * 400 + ".pdf", "x" * 146 + ".pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("..", "part-1.pdf"),
        ("", "part-1.pdf"),
        ("\u202e", "part-1.pdf"),
        ("=?utf-8?Q?a=0D=0AX-Evil:_b.pdf?=", "a X-Evil: b.pdf"),
    ],
)
def test_b9_a_file_name_is_only_fit_for_display(given_name, shown):
    part = f'Content-Type: application/pdf\nContent-Disposition: attachment; filename="{given_name}"\n\nx'
    assert parse(flat(part.encode())).attachments[0].filename == shown


def read_or_refused(raw):
    try:
        mail = parse(raw)
    except TooComplex:
        return
    assert mail.date is None or mail.date.tzinfo
    for text in (
        mail.subject,
        mail.text,
        mail.html,
        mail.html_safe,
        mail.reply_text,
        mail.sender.name,
    ):
        assert "\0" not in text
        text.encode()
    assert all(part.filename for part in mail.attachments)


@quick
@given(st.binary(max_size=400))
@example(b"")
@example(b"\0" * 50)
@example(b"\r")
@example(b":\n\n")
@example(b'Content-Type: multipart/mixed; boundary="\n\n--\n')
def test_b3_no_bytes_raise(raw):
    read_or_refused(raw)


names = st.sampled_from([b"From", b"To", b"Subject", b"Date", b"Message-ID", b"References", b"Content-Type",
                         b"Content-Disposition", b"Content-Transfer-Encoding", b"Content-ID", b"Return-Path", b"Precedence"])  # fmt: skip
words = st.sampled_from([b"multipart/mixed", b"multipart/report", b"text/html", b"text/plain", b"message/delivery-status", b"; boundary=b",
                         b"; charset=", b"utf-16", b"utf-7", b"\0", b"base64", b"quoted-printable", b"x-uuencode", b"; filename*=", b"x''%", b"=?utf-8?b?",
                         b"?=", b"<", b"@", b"b.de", b"(", b'"', b"; report-type=delivery-status", b"\xff", b"\r\n ", b"Mon, 99 Foo 99999", b"; format=flowed"])  # fmt: skip
fields = st.builds(
    lambda name, value: name + b": " + b"".join(value) + b"\r\n", names, st.lists(words, max_size=6)
)
bodies = st.lists(st.sampled_from([b"\n--b\n", b"\r\n--b--", b"\n\n", b"<p>", b"x", b"\xe4", b"=C3", b"begin 644 x\n", b"M", b"Final-Recipient: rfc822;\n",
                                   b"Content-Type: text/html\n", b"Content-Type: multipart/mixed; boundary=b\n", b"> "]), max_size=30).map(b"".join)  # fmt: skip
letters = st.builds(
    lambda head, body: b"".join(head) + b"\r\n" + body, st.lists(fields, max_size=8), bodies
)


@quick
@given(letters)
def test_b3_no_mail_made_of_hostile_pieces_raises(raw):
    read_or_refused(raw)


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the memory of Linux")
def test_b2_hostile_mails_leave_no_memory_behind():
    parse(flat(b"\nx"))
    before = resident()
    hostile = [
        b"Subject: " + b"=?utf-8?Q?=C3=BC?= " * 850 + b"\n\nx",
        b"To: " + b"a@b.de," * 2300 + b"\n\nx",
        flat(*[b"\nx"] * 999),
        nested(50),
        b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 30_000,
        b"Content-Transfer-Encoding: base64\n\n" + b"AA==" * 500_000,
        b"\n" + b"\xe4" * 3_000_000,
    ]
    for raw in [*hostile, *TOO_COMPLEX.values()]:
        read_or_refused(raw)
    gc.collect()
    assert resident() - before < 50 * 1024 * 1024
