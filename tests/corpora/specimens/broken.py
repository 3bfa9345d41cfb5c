"""Mails that went wrong on their way, and what can still be read of them."""

from tests.corpora.specimens.specimen import Specimen
from tests.corpora.specimens.structures import ORDER, ORDER_FILE, PDF, PLAIN, TEXT, b64, parts

HEAD = """\
Message-ID: <{name}@kunde.example>
Date: Thu, 5 Mar 2026 16:30:00 +0100
From: Anna Berger <anna@kunde.example>
To: verkauf@haus.example
Subject: Nachfrage
"""
SAID = "Wann kommt die Ware?"
LETTER = f"\n{SAID}\n"


def base64_part(encoded, kind="application/pdf"):
    return f"Content-Type: {kind}; name=a.pdf\nContent-Transfer-Encoding: base64\n\n{encoded}"


def _a_pdf(octets=PDF):
    return (("a.pdf", "application/pdf", octets),)


def _bodies():
    """Yield name, body, text and files of mails with whole headers."""
    lines = b64(PDF)
    yield (
        "base64 on one line",
        parts("mixed", PLAIN, base64_part(lines.replace("\n", ""))),
        TEXT,
        _a_pdf(),
    )
    yield (
        "base64 with blank lines",
        parts("mixed", PLAIN, base64_part(lines.replace("\n", "\n\n"))),
        TEXT,
        _a_pdf(),
    )
    yield (
        "base64 with odd lines",
        parts(
            "mixed",
            PLAIN,
            base64_part("\n".join(lines.replace("\n", "")[i : i + 7] for i in range(0, 800, 7))),
        ),
        TEXT,
        _a_pdf(),
    )
    yield (
        "base64 with foreign characters",
        parts("mixed", PLAIN, base64_part(lines.replace("\n", "!\n*"))),
        TEXT,
        _a_pdf(),
    )
    yield (
        "base64 without padding",
        parts("mixed", PLAIN, base64_part(b64(PDF[:301]).rstrip("=\n"))),
        TEXT,
        _a_pdf(PDF[:301]),
    )
    yield (
        "base64 in several padded blocks",
        parts("mixed", PLAIN, base64_part(b64(b"eins, zwei") + b64(b"drei..") + b64(b"vier"))),
        TEXT,
        _a_pdf(b"eins, zweidrei..vier"),
    )
    yield (
        "base64 with a footer behind it",
        parts("mixed", PLAIN, base64_part(b64(PDF[:100]) + "\n_______________\nlist mailing list")),
        TEXT,
        _a_pdf(PDF[:100]),
    )
    yield "text of base64 that is none", "Content-Transfer-Encoding: base64\n" + LETTER, SAID, ()
    yield (
        "way of transfer in quotes",
        f'Content-Transfer-Encoding: "base64"\n\n{b64(SAID.encode())}',
        SAID,
        (),
    )
    yield (
        "way of transfer with a semicolon",
        f"Content-Transfer-Encoding: Base64;\n\n{b64(SAID.encode())}",
        SAID,
        (),
    )
    yield "way of transfer unknown", "Content-Transfer-Encoding: 7-bits/ascii\n" + LETTER, SAID, ()
    yield "way of transfer empty", "Content-Transfer-Encoding:\n" + LETTER, SAID, ()
    yield (
        "quoted-printable with blanks behind soft breaks",
        "Content-Transfer-Encoding: quoted-printable\n\nWann kommt = \t\ndie Ware?",
        SAID,
        (),
    )
    yield (
        "quoted-printable of small letters",
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: Quoted-Printable\n\nGr=c3=b6=c3=9fe =xy 3=",
        "Größe =xy 3",
        (),
    )
    yield (
        "quoted-printable with raw bytes",
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGröße =C3=B6",
        "Größe ö",
        (),
    )
    yield (
        "boundary not told",
        parts("mixed", PLAIN, ORDER).replace('; boundary="----=_Part_1"', ""),
        TEXT,
        (ORDER_FILE,),
    )
    yield (
        "boundary told wrongly",
        parts("mixed", PLAIN, ORDER).replace('boundary="----=_Part_1"', 'boundary="other"'),
        TEXT,
        (ORDER_FILE,),
    )
    yield (
        "boundary empty",
        parts("mixed", PLAIN, ORDER).replace('boundary="----=_Part_1"', 'boundary=""'),
        TEXT,
        (ORDER_FILE,),
    )
    yield (
        "boundary told twice",
        parts("mixed", PLAIN, ORDER).replace(
            'boundary="----=_Part_1"', 'boundary="----=_Part_1"; boundary="zwei"'
        ),
        TEXT,
        (ORDER_FILE,),
    )
    yield (
        "boundary unquoted and blanks behind",
        parts("mixed", PLAIN, ORDER).replace(
            'boundary="----=_Part_1"', "boundary=----=_Part_1  ; x=y"
        ),
        TEXT,
        (ORDER_FILE,),
    )
    yield (
        "boundary in two lines of the header",
        parts("mixed", PLAIN, ORDER).replace("; boundary=", ";\n\tboundary="),
        TEXT,
        (ORDER_FILE,),
    )
    yield (
        "boundary with blanks at its lines",
        parts("mixed", PLAIN, ORDER).replace("_Part_1\n", "_Part_1  \t\n"),
        TEXT,
        (ORDER_FILE,),
    )
    yield "no end", parts("mixed", PLAIN, ORDER, end=False), TEXT, (ORDER_FILE,)
    yield (
        "inner multipart without end",
        parts("mixed", parts("alternative", PLAIN, boundary="in", end=False), ORDER),
        TEXT,
        (ORDER_FILE,),
    )
    yield (
        "inner multipart with the boundary of the outer",
        parts("mixed", parts("alternative", PLAIN), ORDER),
        TEXT,
        None,
    )
    yield (
        "multipart encoded as a whole",
        "Content-Type: multipart/mixed; boundary=x\nContent-Transfer-Encoding: base64\n\n"
        + b64(parts("mixed", PLAIN, ORDER, boundary="x").partition("\n\n")[2].encode()),
        TEXT,
        (ORDER_FILE,),
    )
    yield "multipart of nothing", "Content-Type: multipart/mixed; boundary=x\n\n--x--\n", "", ()
    yield "parts of nothing", parts("mixed", "", "", PLAIN), TEXT, ()
    yield (
        "multipart that is a letter",
        'Content-Type: multipart/mixed; boundary="x"\n' + LETTER,
        SAID,
        (),
    )
    yield (
        "first part without a blank line",
        parts("mixed", "Wann kommt die Ware?", ORDER),
        SAID,
        (ORDER_FILE,),
    )
    yield "type is one word", "Content-Type: text\n" + LETTER, SAID, ()
    yield "type is empty", "Content-Type:\n" + LETTER, SAID, ()
    yield "type is the wrong way round", "Content-Type: plain/text\n" + LETTER, SAID, ()
    yield "type is nonsense", "Content-Type: ; charset=;;\n" + LETTER, SAID, ()
    yield (
        "type without a semicolon",
        "Content-Type: text/plain charset=iso-8859-1\n" + LETTER,
        SAID,
        (),
    )
    yield "type of text that nobody knows", "Content-Type: text/x-brief\n" + LETTER, SAID, None
    yield (
        "enriched text",
        "Content-Type: text/enriched\n\n<bold>Wann</bold> kommt <color><param>red</param>die</color> Ware?",
        SAID,
        None,
    )
    yield (
        "a page without a type",
        "\n<!DOCTYPE html><html><body><p>Wann kommt die&nbsp;Ware?</p></body></html>",
        SAID,
        (),
    )
    yield (
        "a page that alone tells its charset",
        "Content-Type: text/html\n\n<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'></head>Größe</html>",
        "Größe",
        (),
    )
    yield (
        "charset in quotes and spaces",
        'Content-Type: text/plain; charset = " utf-8 "\n\nGröße',
        "Größe",
        (),
    )
    yield "picture without a way of transfer", parts("mixed", PLAIN, LOGO_RAW), TEXT, None
    yield "NULs in the text", "\nWann\0 kommt die\0 Ware?", SAID, ()


LOGO_RAW = "Content-Type: image/png; name=logo.png\n\n\x89PNG"


def _raws():
    """Yield name, raw mail, its text and its files where the whole mail is odd."""
    whole = (HEAD.format(name="ganz") + LETTER).encode()
    head, body = HEAD.format(name="ganz").encode(), LETTER.encode()
    with_file = (HEAD.format(name="ganz") + parts("mixed", PLAIN, ORDER)).encode()
    yield "line ends of CR", whole.replace(b"\n", b"\r"), SAID, ()
    yield "line ends of CR with a file", with_file.replace(b"\n", b"\r"), TEXT, (ORDER_FILE,)
    yield "line ends of CR CR LF", with_file.replace(b"\n", b"\r\r\n"), TEXT, (ORDER_FILE,)
    yield "line ends mixed", head.replace(b"\n", b"\r\n") + body, SAID, ()
    yield (
        "line ends mixed in the head",
        head.replace(b"\nTo", b"\rTo").replace(b"\nFrom", b"\r\nFrom") + body,
        SAID,
        (),
    )
    yield "envelope line", b"From anna@kunde.example Thu Mar  5 16:30:00 2026\n" + whole, SAID, ()
    yield (
        "quoted envelope line",
        b">From anna@kunde.example Thu Mar  5 16:30:00 2026\n" + whole,
        SAID,
        (),
    )
    yield (
        "envelope line within the head",
        whole.replace(b"From:", b">From anna@x Thu Mar 5\nFrom:"),
        SAID,
        (),
    )
    yield "blank lines in front", b"\r\n\n  \n" + whole, SAID, ()
    yield "byte order mark in front", b"\xef\xbb\xbf" + whole, SAID, ()
    yield (
        "answer of a POP server in front",
        b"+OK 712 octets\r\n" + whole.replace(b"\n", b"\r\n"),
        SAID,
        (),
    )
    yield (
        "line without a colon in the head",
        whole.replace(b"From:", b"Hier stimmt etwas nicht\nFrom:"),
        SAID,
        (),
    )
    yield (
        "long line that was broken badly",
        whole.replace(b"From:", b"X-Long: a b c\nd e f g\nFrom:"),
        SAID,
        (),
    )
    yield "no blank line behind the head", head + SAID.encode(), SAID, ()
    yield "nothing behind the head", head, "", ()
    yield "nothing behind the last header", head.rstrip(b"\n"), "", ()
    yield (
        "blanks before the colons",
        whole.replace(b"From:", b"From  :").replace(b"Date:", b"Date\t:"),
        SAID,
        (),
    )
    yield "no blanks behind the colons", whole.replace(b": ", b":"), SAID, ()
    yield (
        "names of headers in capitals",
        whole.replace(b"Subject", b"SUBJECT").replace(b"From", b"FROM"),
        SAID,
        (),
    )
    yield "folded head", whole.replace(b": ", b":\n\t"), SAID, ()
    yield "line of blanks behind the head", whole.replace(b"\n\nWann", b"\n  \nWann"), SAID, ()
    yield (
        "the same subject twice",
        whole.replace(b"Subject:", b"Subject: Nachfrage\nSubject:"),
        SAID,
        (),
    )
    yield "letter in half", with_file[:-90], TEXT, None
    yield (
        "letter with lone umlauts",
        head + "Content-Type: text/plain; charset=utf-8\n\nGröße und ".encode() + b"Gr\xfc\xdfe",
        "Größe und Grüße",
        (),
    )
    yield (
        "letter cut in a character",
        head + "Content-Type: text/plain; charset=utf-8\n\nGröße ".encode() + b"\xc3",
        "Größe Ã",
        (),
    )


def specimens():
    for number, (name, body, text, files) in enumerate(_bodies()):
        raw = (HEAD.format(name=f"broken.{number}") + body).encode("utf-8", "surrogateescape")
        yield _specimen(
            name,
            raw if number % 3 else raw.replace(b"\n", b"\r\n"),
            f"broken.{number}",
            text,
            files,
        )
    for name, raw, text, files in _raws():
        yield _specimen(name, raw, "ganz", text, files)


def _specimen(name, raw, identity, text, files):
    return Specimen(
        name=name,
        raw=raw,
        sender="Anna Berger|anna@kunde.example",
        subject="Nachfrage",
        date="2026-03-05T16:30:00+01:00",
        message_id=f"<{identity}@kunde.example>",
        to=("|verkauf@haus.example",),
        text=text,
        files=files,
    )
