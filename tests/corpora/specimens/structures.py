"""Parts in parts: what is the letter, what came with it, and under which name."""

import base64

from tests.corpora.specimens.specimen import Specimen

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n" * 7
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
HEAD = """\
Message-ID: <{name}@kunde.example>
Date: Wed, 4 Mar 2026 09:00:00 +0100
From: Anna Berger <anna@kunde.example>
To: Verkauf <verkauf@haus.example>
Cc: chef@kunde.example
Subject: Bestellung 4711
MIME-Version: 1.0
"""
OUTER = 'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'


def b64(octets):
    return base64.encodebytes(octets).decode()


def parts(kind, *sections, boundary="----=_Part_1", preamble="", epilogue="", end=True):
    body = "".join(f"--{boundary}\n{section}\n" for section in sections)
    closing = f"--{boundary}--\n" if end else ""
    return OUTER.format(kind=kind, boundary=boundary) + preamble + body + closing + epilogue


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nWir bestellen 500 Knöpfe.\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>Wir bestellen <b>500</b> Knöpfe.</p>\n"
TEXT, MARKUP = "Wir bestellen 500 Knöpfe.", "<p>Wir bestellen <b>500</b> Knöpfe.</p>"
ORDER = (
    'Content-Type: application/pdf; name="Bestellung.pdf"\nContent-Transfer-Encoding: base64\n'
    'Content-Disposition: attachment; filename="Bestellung.pdf"\n\n' + b64(PDF)
)
LOGO = (
    "Content-Type: image/png; name=logo.png\nContent-Transfer-Encoding: base64\n"
    "Content-ID: <logo@kunde>\nContent-Disposition: inline\n\n" + b64(PNG)
)
ORDER_FILE = ("Bestellung.pdf", "application/pdf", PDF)
LOGO_FILE = ("logo.png", "image/png", PNG)
INNER = "From: Ben <ben@anders.example>\nSubject: Die alte Anfrage\nContent-Type: text/plain\n\nWas kostet das?\n"
FORWARDED = "Content-Type: message/rfc822\n\n" + INNER


def attached(disposition, content_type="application/pdf"):
    head = f"Content-Type: {content_type}\nContent-Transfer-Encoding: base64\n"
    return f"{head}Content-Disposition: {disposition}\n\n{b64(PDF)}"


def _pdf(name, content_type="application/pdf"):
    return ((name, content_type, PDF),)


_NAMES = (
    ("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
    ("attachment; filename*0*=iso-8859-1'de'Gr%F6; filename*1*=%DFe; filename*2=.pdf", "Größe.pdf"),
    ("attachment; filename*1=e.pdf; filename*0=Groess", "Groesse.pdf"),
    ('attachment; filename="=?utf-8?B?R3LDtsOf?=\n =?utf-8?B?ZS5wZGY=?="', "Größe.pdf"),
    ("attachment; filename==?iso-8859-1?Q?Gr=F6=DFe.pdf?=", "Größe.pdf"),
    ("attachment; filename=Die neue Liste.pdf", "Die neue Liste.pdf"),
    ('ATTACHMENT; FileName="a;b=c.pdf"; size=99', "a;b=c.pdf"),
    ('attachment; filename="sagte "Ben".pdf"', 'sagte "Ben".pdf'),
    ('attachment; filename="C:\\temp\\neu.pdf"', "neu.pdf"),
    ('attachment; filename="Größe.pdf"', "Größe.pdf"),
    ('filename="ohne.pdf"', "ohne.pdf"),
    ("attachment; filename*=utf-8''Kn%C3%B6%ZZ.pdf; filename=alt.pdf", "Knö%ZZ.pdf"),
    ('inline; filename="ein.pdf', "ein.pdf"),
    ('attachment; filename="../../etc/x.pdf"', "x.pdf"),
)


def _cases():
    yield "plain alone", PLAIN, TEXT, None, ()
    yield "html alone", HTML, TEXT, MARKUP, ()
    yield "alternative", parts("alternative", PLAIN, HTML), TEXT, MARKUP, ()
    yield "mixed with order", parts("mixed", PLAIN, ORDER), TEXT, "", (ORDER_FILE,)
    related = parts("related", HTML, LOGO, boundary="rel")
    yield (
        "alternative with related",
        parts("alternative", PLAIN, related),
        TEXT,
        MARKUP,
        (LOGO_FILE,),
    )
    inner = parts("alternative", PLAIN, related, boundary="alt")
    yield (
        "outlook's three levels",
        parts("mixed", inner, ORDER),
        TEXT,
        MARKUP,
        (LOGO_FILE, ORDER_FILE),
    )
    yield (
        "related with root last",
        parts('related; start="<root>"', LOGO, HTML),
        TEXT,
        MARKUP,
        (LOGO_FILE,),
    )
    yield (
        "text around a file",
        parts("mixed", "\nVorher", ORDER, "\nNachher"),
        "Vorher Nachher",
        "",
        (ORDER_FILE,),
    )
    apple = parts("mixed", HTML, ORDER, "Content-Type: text/html\n\n<p>Gruß</p>\n", boundary="mix")
    yield (
        "apple's files within a version",
        parts("alternative", PLAIN, apple),
        TEXT,
        None,
        (ORDER_FILE,),
    )
    yield (
        "forwarded as file",
        parts("mixed", PLAIN, FORWARDED),
        TEXT,
        "",
        (("Die alte Anfrage.eml", "message/rfc822", INNER.encode()),),
    )
    yield (
        "forwarded as named file",
        parts("mixed", PLAIN, "Content-Disposition: attachment; filename=x.eml\n" + FORWARDED),
        TEXT,
        "",
        (("x.eml", "message/rfc822", INNER.encode()),),
    )
    yield (
        "nothing but a forwarded mail",
        FORWARDED,
        "Was kostet das?",
        "",
        (("Die alte Anfrage.eml", "message/rfc822", INNER.encode()),),
    )
    digest = parts(
        "digest", "\n" + INNER, "Content-Type: message/rfc822\n\n" + INNER, boundary="dig"
    )
    yield (
        "digest",
        parts("mixed", PLAIN, digest),
        TEXT,
        "",
        (
            ("Die alte Anfrage.eml", "message/rfc822", INNER.encode()),
            ("Die alte Anfrage.eml", "message/rfc822", INNER.encode()),
        ),
    )
    signature = "Content-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n"
    yield (
        "signed",
        parts('signed; protocol="application/pgp-signature"', PLAIN, signature),
        TEXT,
        "",
        (("signature.asc", "application/pgp-signature", signature.partition("\n\n")[2].encode()),),
    )
    status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"
    yield "report", parts("report; report-type=delivery-status", PLAIN, status), TEXT, "", None
    yield "unknown kind of multipart", parts("x-ganz-neu", PLAIN, ORDER), TEXT, "", (ORDER_FILE,)
    yield "parallel", parts("parallel", PLAIN, LOGO), TEXT, "", (LOGO_FILE,)
    yield (
        "preamble and epilogue",
        parts(
            "mixed",
            PLAIN,
            ORDER,
            preamble="This is a multi-part message.\n",
            epilogue="Unsubscribe",
        ),
        TEXT,
        "",
        (ORDER_FILE,),
    )
    yield (
        "text file by name",
        parts("mixed", PLAIN, "Content-Type: text/plain; name=liste.txt\n\nKN-10"),
        TEXT,
        "",
        (("liste.txt", "text/plain", b"KN-10"),),
    )
    yield (
        "text file by disposition",
        parts("mixed", PLAIN, "Content-Disposition: attachment\n\nKN-10"),
        TEXT,
        "",
        (("part-2.txt", "text/plain", b"KN-10"),),
    )
    yield (
        "csv and patch",
        parts(
            "mixed",
            PLAIN,
            "Content-Type: text/csv; name=a.csv\n\n1;2",
            "Content-Type: text/x-patch; name=a.diff\nContent-Disposition: inline\n\n+x",
        ),
        TEXT,
        "",
        (
            ("a.csv", "text/csv", b"1;2"),
            ("a.diff", "text/x-patch", b"+x"),
        ),
    )
    yield (
        "named versions",
        parts(
            "alternative",
            PLAIN.replace("\n\n", "; name=a.txt\n\n", 1),
            HTML.replace("\n\n", "; name=a.html\n\n", 1),
        ),
        TEXT,
        MARKUP,
        (),
    )
    yield "only a file", ORDER, "", "", (ORDER_FILE,)
    yield (
        "file without a name",
        parts("mixed", PLAIN, "Content-Type: application/pdf\n\nx"),
        TEXT,
        "",
        (("part-2.pdf", "application/pdf", b"x"),),
    )
    located = (
        "Content-Type: image/png\nContent-Location: http://kunde.example/bilder/logo.png\nContent-Transfer-Encoding: base64\n\n"
        + b64(PNG)
    )
    yield "file by location", parts("mixed", PLAIN, located), TEXT, "", (LOGO_FILE,)
    for boundary in ("=_?:Teil (1),+'./", "a", "-" * 30 + "=_Next", "x" * 70):
        yield (
            f"boundary {boundary[:12]}",
            parts("mixed", PLAIN, ORDER, boundary=boundary),
            TEXT,
            "",
            (ORDER_FILE,),
        )
    for disposition, name in _NAMES:
        yield (
            f"name {name} {disposition[:20]}",
            parts("mixed", PLAIN, attached(disposition)),
            TEXT,
            "",
            _pdf(name),
        )
    both = attached(
        "attachment", 'application/octet-stream; name="=?utf-8?Q?Gr=C3=B6=C3=9Fe.pdf?="'
    )
    yield (
        "name of the type only",
        parts("mixed", PLAIN, both),
        TEXT,
        "",
        _pdf("Größe.pdf", "application/octet-stream"),
    )


def specimens():
    for number, (name, body, text, html, files) in enumerate(_cases()):
        head = HEAD.format(name=f"structure.{number}")
        raw = (head + body).encode()
        yield Specimen(
            name=name,
            raw=raw if number % 2 else raw.replace(b"\n", b"\r\n"),
            sender="Anna Berger|anna@kunde.example",
            subject="Bestellung 4711",
            date="2026-03-04T09:00:00+01:00",
            message_id=f"<structure.{number}@kunde.example>",
            to=("Verkauf|verkauf@haus.example",),
            cc=("|chef@kunde.example",),
            text=text,
            html=html,
            files=files if number % 2 or not files else _with_returns(files),
        )


def _with_returns(files):
    """Return files that came as text with the line ends they came with."""
    texts = ("text/", "message/", "application/pgp")
    return tuple(
        (name, kind, octets.replace(b"\n", b"\r\n") if kind.startswith(texts) else octets)
        for name, kind, octets in files
    )
