"""Mails made to break whoever reads them. Made when they are needed; none is kept."""

import base64
import random
import zlib

HEAD = b"From: a@stranger.example\r\nTo: info@h-bu.de\r\nDate: Mon, 16 Nov 2026 10:00:00 +0100\r\n"


def mail(head=b"", body=b"Guten Tag", subject=b"x"):
    return HEAD + b"Subject: " + subject + b"\r\n" + head + b"\r\n" + body


def nested(depth, subtype=b"mixed"):
    opening = b"".join(
        b'Content-Type: multipart/%s; boundary="b%d"\r\n\r\n--b%d\r\n' % (subtype, one, one)
        for one in range(depth)
    )
    return HEAD + opening + b"Content-Type: text/plain\r\n\r\nend"


def flat(parts, content=b"x"):
    part = b"--b\r\nContent-Type: text/plain\r\n\r\n" + content + b"\r\n"
    return mail(b"Content-Type: multipart/mixed; boundary=b\r\n", part * parts + b"--b--")


def within(depth):
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: y\r\n\r\nend"


def html(content):
    return mail(b"Content-Type: text/html; charset=utf-8\r\n", content)


def attached(name, content_type, payload):
    coded = base64.encodebytes(payload)
    return mail(
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"--b\r\nContent-Type: text/plain\r\n\r\nhallo\r\n--b\r\nContent-Type: " + content_type
        + b"; name=\"" + name + b"\"\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename=\"" + name + b"\"\r\n\r\n" + coded + b"\r\n--b--",
    )  # fmt: skip


HEADERS = [
    b"Message-ID: <[>", b"To: " + b"(" * 3000, b"To: " + b"," * 50_000, b"From: " + b"<" * 10_000,
    b"Cc: " + b'"' * 9_999 + b"x", b"Date: " + b"9" * 5_000, b"Date: Mon, 99 Foo 99999 99:99:99",
    b"Content-Type: text/plain; charset=" + b"x" * 5_000, b"Content-Type: " + b";" * 20_000,
    b"Content-Type: text/plain; " + b"".join(b"name*%d=x; " % n for n in range(5_000)),
    b"Content-Type: text/plain; name*0*=utf-8''%FF%FE%; name*99999999999999999999=x",
    b"Content-Disposition: attachment; filename*=" + b"'" * 5_000,
    b"Content-Transfer-Encoding: " + b"base64 " * 1_000, b"References: " + b"<a@b> " * 20_000,
    b"References: " + b"<" * 50_000, b"In-Reply-To: <" + b"a" * 60_000 + b">",
    b"Reply-To: " + b"a@b, " * 20_000, b"From: \x00\x00@\x00", b"From: =?utf-8?b?//////?= <x@y>",
    b"Received: " + b"x" * 200_000, b"X: " + b"y\r\n " * 40_000, b"\xff\xfe: \x00", b": no name",
    b"Subject: =?utf-7?q?+AGE-?=", b"Subject: =?idna?q?x?=", b"Subject: =?zip?b?eJw=?=",
    b"Subject: =?hex?b?AAAA?=", b"Subject: =?unicode_escape?q?=5Cud800?=",
    b"List-Id: " + b"<" * 30_000, b"Auto-Submitted: " + b"(" * 30_000,
]  # fmt: skip


def headers():
    for number, line in enumerate(HEADERS):
        yield f"header {number}: {line[:30]!r}", mail(line + b"\r\n")
    for count in (500, 5_000, 50_000):
        yield f"{count} headers", mail(b"".join(b"X-%d: y\r\n" % n for n in range(count)))
    for size in (1_000, 20_000):
        bomb = b"=?utf-8?q?=C3=A4?= " * size
        yield f"{size} encoded words in the subject", mail(subject=bomb)
        yield f"{size} encoded words in the sender", mail(b"From: " + bomb + b"<a@b.example>\r\n")
        yield f"{size} words without end", mail(subject=b"=?utf-8?b?" * size)


def structures():
    for depth in (50, 300, 1_000, 5_000):
        yield f"{depth} multiparts deep", nested(depth)
        yield f"{depth} alternatives deep", nested(depth, b"alternative")
        yield f"{depth} mails in mails", within(depth)
    for parts in (1_000, 10_000, 100_000):
        yield f"{parts} parts", flat(parts)
    yield (
        "a boundary without end",
        mail(b'Content-Type: multipart/mixed; boundary="' + b"b" * 70_000 + b'"\r\n'),
    )
    yield "no boundary", mail(b"Content-Type: multipart/mixed\r\n", b"--x\r\n" * 20_000)
    yield (
        "an empty boundary",
        mail(b'Content-Type: multipart/mixed; boundary=""\r\n', b"--\r\n" * 50_000),
    )
    yield (
        "almost the boundary",
        mail(b"Content-Type: multipart/mixed; boundary=bb\r\n", b"--b\r\n" * 200_000),
    )
    yield "one line of 20 MB", mail(body=b"x" * 20_000_000)
    yield "ten million lines", mail(body=b"\n" * 10_000_000)
    yield "only carriage returns", mail(body=b"\r" * 2_000_000)
    yield "nothing", b""
    yield "NULs", b"\0" * 1_000_000
    yield "no blank line", HEAD * 1_000
    yield "base64 of nothing", mail(b"Content-Transfer-Encoding: base64\r\n", b"=" * 5_000_000)
    yield "base64 of garbage", mail(b"Content-Transfer-Encoding: base64\r\n", b"\xff!" * 1_000_000)
    yield (
        "soft breaks",
        mail(b"Content-Transfer-Encoding: quoted-printable\r\n", b"=\r\n" * 1_000_000),
    )
    yield "uuencode", mail(body=b"begin 644 x\r\n" * 200_000)
    yield (
        "uuencoded longer than it is",
        mail(body=b"begin 644 x\r\n" + b"M!\r\n" * 100_000 + b"end"),
    )
    yield (
        "flowed quotes",
        mail(b"Content-Type: text/plain; format=flowed\r\n", b"> " * 500_000 + b" \r\n"),
    )


def pages():
    for name, content in {
        "divs": b"<div>" * 100_000, "tables": b"<table><tr><td>" * 30_000, "tags": b"<" * 500_000,
        "entities": b"&#x;" * 200_000, "comments": b"<!--" * 100_000, "attributes": b"<a " + b"b=c " * 300_000 + b">",
        "a style": b"<style>" + b"a{" * 300_000, "quotes": b"<blockquote>" * 50_000,
        "fonts": b"<font>" * 100_000, "links": b"<a href='http://x.example'>y</a>" * 20_000,
        "a list": b"<ul><li>" * 50_000, "scripts": b"<script>" * 100_000, "mathml": b"<math><mtext><table><mglyph><style>" * 5_000,
        "five MB of attribute": b"<p title='" + b"x" * 5_000_000 + b"'>y", "a pre": b"<pre>" + b"\n" * 1_000_000,
    }.items():  # fmt: skip
        yield f"HTML: {name}", html(content)


def texts():
    for name, line in {
        "quotes": b">" * 200_000, "attributions": b"Am Am Am schrieb " * 20_000,
        "wrote": b"On On wrote: " * 20_000, "rulers": (b"_" * 40 + b"\n") * 10_000,
        "senders": b"Von: x\nGesendet: y\n" * 20_000, "blanks": b" " * 1_000_000,
        "signatures": b"-- \n" * 100_000, "regards": b"Mit freundlichen\n" * 50_000,
        "orders": b"500 Stk. " * 50_000, "articles": b"HB-1001 " * 50_000, "numbers": b"1.000 " * 100_000,
        "dates": b"bis Freitag KW 48 " * 20_000, "amounts": b"1.234,50 EUR " * 50_000,
        "words": b"Rechnung Reklamation Bestellung " * 30_000, "addresses": b"a.b@" * 250_000,
        "bounce": b"550 5.1.1 <x@y.example> " * 30_000, "pipes": b"|" * 300_000, "tabs": b"\t;" * 300_000,
        "semicolons": b"1;2;3\n" * 100_000, "dots": b"." * 500_000,
    }.items():  # fmt: skip
        yield f"text: {name}", mail(body=line)


def parts():
    rng = random.Random(7)
    noise = rng.randbytes(20_000)
    tnef = b"\x78\x9f\x3e\x22"
    yield "TNEF of noise", attached(b"winmail.dat", b"application/ms-tnef", tnef + noise)
    yield (
        "TNEF of lies",
        attached(b"winmail.dat", b"application/ms-tnef", tnef + b"\0\0\x02" + b"\xff" * 5_000),
    )
    yield (
        "TNEF of ends",
        attached(
            b"winmail.dat", b"application/ms-tnef", tnef + b"\0\0\x01\x02\x90\x06\0\0\0\0\0" * 9_000
        ),
    )
    yield (
        "S/MIME of noise",
        attached(
            b"smime.p7m",
            b"application/pkcs7-mime; smime-type=signed-data",
            b"\x30\x84\xff\xff\xff\xff" + noise,
        ),
    )
    yield (
        "S/MIME without end",
        attached(b"smime.p7m", b"application/pkcs7-mime", b"\x30\x80" * 50_000),
    )
    yield "a calendar", attached(b"i.ics", b"text/calendar", b"BEGIN:VCALENDAR\r\n" * 50_000)
    yield (
        "a calendar folded",
        mail(
            b"Content-Type: text/calendar\r\n", b"BEGIN:VCALENDAR\r\nSUMMARY:" + b"x\r\n " * 200_000
        ),
    )
    yield (
        "a report",
        mail(
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            + b"Final-Recipient: rfc822; a@b.example\r\n\r\n" * 50_000,
        ),
    )
    yield "a card", attached(b"x.vcf", b"text/vcard", b"BEGIN:VCARD\r\n" * 50_000)
    yield "a squeezed text", attached(b"x.z", b"application/zlib", zlib.compress(bytes(50_000_000)))
    for number in range(20):
        yield f"noise {number}", rng.randbytes(5_000 * (number + 1))
        yield (
            f"noise behind a head {number}",
            mail(b"Content-Type: multipart/mixed; boundary=b\r\n", rng.randbytes(5_000)),
        )


MAILS = (headers, structures, pages, texts, parts)
