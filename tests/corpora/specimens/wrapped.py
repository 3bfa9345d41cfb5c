"""Letters and files in wrappings of their own: Outlook's, S/MIME, OpenPGP, uuencode, calendars."""

from binascii import b2a_uu
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID

from tests.corpora.specimens import tnef
from tests.corpora.specimens.specimen import Specimen
from tests.corpora.specimens.structures import (
    HTML,
    MARKUP,
    ORDER,
    ORDER_FILE,
    PDF,
    PLAIN,
    PNG,
    TEXT,
    b64,
    parts,
)

HEAD = """\
Message-ID: <wrapped.{number}@kunde.example>
Date: Fri, 6 Mar 2026 11:15:00 +0100
From: Anna Berger <anna@kunde.example>
To: verkauf@haus.example
Subject: Eingepackt
"""
INVITATION = """\
BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:16010101T030000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ORGANIZER;CN="Anna Berger":MAILTO:anna@kunde.example
DESCRIPTION:Muster ansehen\\, Preise besprechen.\\nBis
  dann!
SUMMARY;LANGUAGE=de-DE:Besprechung Knöpfe
DTSTART;TZID=Europe/Berlin:20260310T100000
DTEND;TZID=Europe/Berlin:20260310T113000
LOCATION:Raum 4
BEGIN:VALARM
DESCRIPTION:REMINDER
END:VALARM
END:VEVENT
END:VCALENDAR
"""
INVITED = "Besprechung Knöpfe 2026-03-10 10:00 – 11:30 Europe/Berlin Raum 4 Anna Berger <anna@kunde.example> Muster ansehen, Preise besprechen. Bis dann!"


def winmail(octets, name="winmail.dat", kind="application/ms-tnef"):
    return (
        f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n\n{b64(octets)}'
    )


def uuencoded(octets, name):
    lines = b"".join(b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45))
    return f"begin 644 {name}\n{lines.decode()}`\nend\n"


def opaque(mail: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anna")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=999))
        .sign(key, hashes.SHA256())
    )
    builder = PKCS7SignatureBuilder().set_data(mail).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [PKCS7Options.Binary])


def streamed(mail: bytes) -> bytes:
    """Return what OpenSSL writes from a stream: lengths open, the content in pieces."""
    pieces = b"".join(
        b"\x04\x82" + len(piece).to_bytes(2, "big") + piece for piece in (mail[:1000], mail[1000:])
    )
    data = bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80\x24\x80" + pieces + bytes(4)
    signed = b"\x30\x80\x02\x01\x01\x31\x00\x30\x80" + data + bytes(2) + b"\x31\x00" + bytes(2)
    return b"\x30\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80" + signed + bytes(4)


def sealed(octets, kind="signed-data", content_type="application/pkcs7-mime"):
    return f"Content-Type: {content_type}; smime-type={kind}; name=smime.p7m\nContent-Disposition: attachment; filename=smime.p7m\nContent-Transfer-Encoding: base64\n\n{b64(octets)}"


LONG_NAME = tnef.text(0x3707, "Bestellung Größe.pdf")
DISGUISED = rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Gr\'f6\'dfe {\*\htmltag84 <b>}\u8364?{\*\htmltag92 </b>}{\*\htmltag72 </p>}}"
STORED = len(DISGUISED).to_bytes(4, "little") * 2 + b"MELA" + bytes(4) + DISGUISED


def _cases():
    yield (
        "winmail.dat with a file",
        parts("mixed", PLAIN, winmail(tnef.stream(tnef.file(b"BESTEL~1.PDF", PDF, LONG_NAME)))),
        TEXT,
        (("Bestellung Größe.pdf", "application/pdf", PDF),),
    )
    yield (
        "winmail.dat with all",
        winmail(
            tnef.stream(
                tnef.message(tnef.named(b"abc"), tnef.text(0x1000, TEXT)),
                tnef.file(b"a.pdf", PDF),
                tnef.file(b"b.png", PNG),
            )
        ),
        TEXT,
        (("a.pdf", "application/pdf", PDF), ("b.png", "image/png", PNG)),
    )
    yield (
        "winmail.dat with HTML",
        winmail(
            tnef.stream(
                tnef.message(tnef.number(0x3FDE, 65001), tnef.variable(0x1013, MARKUP.encode()))
            )
        ),
        TEXT,
        (),
    )
    yield (
        "winmail.dat with RTF",
        winmail(tnef.stream(tnef.message(tnef.variable(0x1009, tnef.HELLO_WORLD)))),
        "hello world",
        (),
    )
    yield (
        "winmail.dat with HTML in RTF",
        winmail(tnef.stream(tnef.message(tnef.variable(0x1009, STORED)))),
        "Größe €",
        (),
    )
    yield (
        "winmail.dat in old letters",
        winmail(
            tnef.stream(
                tnef.attribute(1, 0x800C, "Größe\0".encode("cp850")),
                tnef.file("Größe.txt".encode("cp850"), b"x"),
                code_page=850,
            )
        ),
        "Größe",
        (("Größe.txt", "text/plain", b"x"),),
    )
    yield (
        "winmail.dat as octets",
        parts(
            "mixed",
            PLAIN,
            winmail(tnef.stream(tnef.file(b"a.pdf", PDF)), kind="application/octet-stream"),
        ),
        TEXT,
        (("a.pdf", "application/pdf", PDF),),
    )
    inner = tnef.IMESSAGE + tnef.stream(
        tnef.message(tnef.text(0x1000, "Innen")), tnef.file(b"innen.pdf", PDF)
    )
    yield (
        "winmail.dat with a letter",
        parts(
            "mixed",
            PLAIN,
            winmail(
                tnef.stream(
                    tnef.file(b"Alte Anfrage", b"", tnef.variable(0x3701, inner, kind=0x0D))
                )
            ),
        ),
        TEXT,
        (("innen.pdf", "application/pdf", PDF), ("Alte Anfrage", "text/plain", b"Innen")),
    )
    yield (
        "winmail.dat cut off",
        parts("mixed", PLAIN, winmail(tnef.stream(tnef.file(b"a.pdf", PDF[:50]))[:-30])),
        TEXT,
        None,
    )
    yield (
        "winmail.dat that is none",
        parts("mixed", PLAIN, winmail(b"nichts dergleichen")),
        TEXT,
        (("winmail.dat", "application/ms-tnef", b"nichts dergleichen"),),
    )
    mail = parts("mixed", PLAIN, ORDER, boundary="innen")
    yield "signed and opaque", sealed(opaque(mail.encode())), TEXT, (ORDER_FILE,)
    yield (
        "signed and opaque, as x-pkcs7",
        sealed(opaque(mail.encode()), content_type="application/x-pkcs7-mime"),
        TEXT,
        (ORDER_FILE,),
    )
    yield "signed from a stream", sealed(streamed(mail.encode())), TEXT, (ORDER_FILE,)
    yield "signed twice", sealed(streamed(sealed(opaque(PLAIN.encode())).encode())), TEXT, ()
    yield (
        "detached signature",
        parts(
            "signed; protocol=x",
            PLAIN,
            'Content-Type: application/pkcs7-signature; name="smime.p7s"\n\nMII',
        ),
        TEXT,
        (("smime.p7s", "application/pkcs7-signature", b"MII"),),
    )
    yield (
        "encrypted",
        sealed(bytes.fromhex("300d06092a864886f70d010703a000"), "enveloped-data"),
        "",
        None,
    )
    yield (
        "PGP/MIME encrypted",
        parts(
            "encrypted; protocol=x",
            "Content-Type: application/pgp-encrypted\n\nVersion: 1",
            "Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\nx",
        ),
        "",
        None,
    )
    yield (
        "signed inline",
        "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nBitte liefern.\n- -- \nAnna\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n",
        "Bitte liefern. -- Anna",
        (),
    )
    yield (
        "uuencoded in the text",
        f"\nAnbei.\n\n{uuencoded(PDF, 'Die Liste.pdf')}\nGruß",
        "Anbei. Gruß",
        (("Die Liste.pdf", "application/pdf", PDF),),
    )
    yield (
        "uuencoded twice",
        f"\nAnbei.\n\n{uuencoded(PDF, 'a.pdf')}{uuencoded(PNG, 'b.png')}",
        "Anbei.",
        (("a.pdf", "application/pdf", PDF), ("b.png", "image/png", PNG)),
    )
    yield (
        "the word begin",
        "\nWe begin 644 years ago\nbegin again\nend",
        "We begin 644 years ago begin again end",
        (),
    )
    yield (
        "uuencoded part",
        parts(
            "mixed",
            PLAIN,
            f"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: X-UUENCODE\n\n{uuencoded(PDF, 'x')}",
        ),
        TEXT,
        (("a.pdf", "application/pdf", PDF),),
    )
    yield (
        "uuencoded without its blanks",
        parts(
            "mixed",
            PLAIN,
            "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: x-uue\n\n"
            + "\n".join(line.rstrip() for line in uuencoded(PDF, "x").split("\n")),
        ),
        TEXT,
        (("a.pdf", "application/pdf", PDF),),
    )
    calendar = "Content-Type: text/calendar; charset=utf-8; method=REQUEST\n\n" + INVITATION
    yield (
        "invitation alone",
        calendar,
        INVITED,
        (("invite.ics", "text/calendar", INVITATION.encode()),),
    )
    yield (
        "invitation as a version",
        parts("alternative", PLAIN, HTML, calendar),
        TEXT,
        (("invite.ics", "text/calendar", INVITATION.encode()),),
    )
    yield (
        "invitation by name",
        parts(
            "mixed",
            PLAIN,
            calendar.replace(
                "\n\n", "\nContent-Disposition: attachment; filename=termin.ics\n\n", 1
            ),
        ),
        TEXT,
        (("termin.ics", "text/calendar", INVITATION.encode()),),
    )
    flowed = "Content-Type: text/plain; format=flowed{}\n\n{}"
    yield (
        "flowed",
        flowed.format(
            "", "Das ist ein \nAbsatz. \n\n From the start\n> zitiert \n> weiter\n-- \nAnna"
        ),
        "Das ist ein Absatz. From the start > zitiert weiter -- Anna",
        (),
    )
    yield (
        "flowed and words cut",
        flowed.format("; delsp=yes", "Das ist ein Ab \nsatz."),
        "Das ist ein Absatz.",
        (),
    )


def specimens():
    for number, (name, body, text, files) in enumerate(_cases()):
        yield Specimen(
            name=name,
            raw=(HEAD.format(number=number) + body).encode(),
            sender="Anna Berger|anna@kunde.example",
            subject="Eingepackt",
            date="2026-03-06T11:15:00+01:00",
            message_id=f"<wrapped.{number}@kunde.example>",
            text=text,
            files=files,
        )
