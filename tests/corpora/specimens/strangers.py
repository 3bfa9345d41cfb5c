"""Mail of programs that nobody here has looked into: cameras, scanners, gateways, old clients.

Written without a look at the code, which read 209 of 213 fields right at first sight; in all four it
was the reading that could be defended: a name in apostrophes, a percent sign in a file's name, a
soft line break at the very end, the line end of a file.
"""

import base64

from tests.corpora.specimens.specimen import Specimen
from tests.corpora.specimens.structures import PDF, PNG, attached, b64, parts

FROM = "From: Anna Berger <anna@kunde.example>\n"
TO = "To: verkauf@haus.example\n"
MIME = "MIME-Version: 1.0\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
TEXT = PLAIN + "Guten Tag\n"
ANNA = "Anna Berger|anna@kunde.example"
HTML = "Content-Type: text/html; charset=utf-8\n\n"


def mail(head="", body=TEXT):
    octets = FROM + TO + head + MIME + body
    return octets.encode() if isinstance(octets, str) else octets


def plain(kind, body, encoding="8bit"):
    head = f"{FROM}{TO}Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + body


def specimens():
    yield from _subjects()
    yield from _people()
    yield from _dates()
    yield from _texts()
    yield from _files()


def _subjects():
    for name, line, subject in (
        ("no space between words of two charsets", "=?utf-8?Q?Gr=C3=BC=C3=9Fe?==?iso-8859-1?Q?_aus_K=F6ln?=", "Grüße aus Köln"),
        ("a character cut between two words", "=?UTF-8?B?R3LD?=\n =?UTF-8?B?vMOfZQ==?=", "Grüße"),
        ("a word with blanks in Q", "=?utf-8?Q?Gr=C3=BC=C3=9Fe aus K=C3=B6ln?=", "Grüße aus Köln"),
        ("padding left out", "=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        ("a language in the charset", "=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("bare octets of windows", b"Gr\xfc\xdfe aus K\xf6ln", "Grüße aus Köln"),
        ("bare utf-8", "Grüße aus Köln", "Grüße aus Köln"),
        ("a folded line, tabs", "Bestellung\n\t4711 vom\n\tMontag", "Bestellung 4711 vom Montag"),
        ("words in quotes", '"=?utf-8?Q?Gr=C3=BC=C3=9Fe?="', '"Grüße"'),
        ("japanese", "=?ISO-2022-JP?B?GyRCQ21KOBsoQg==?=", "注文"),
        ("gb2312 of outlook", "=?gb2312?B?tqm1pQ==?=", "订单"),
        ("cp1252 told as latin", "=?iso-8859-1?Q?=80_500_=96_g=FCltig?=", "€ 500 – gültig"),
        ("small letters", "=?utf-8?q?=c3=9cber?=", "Über"),
        ("an emoji", "=?utf-8?B?8J+TpiBQYWtldA==?=", "📦 Paket"),
        ("empty", "", ""),
    ):  # fmt: skip
        octets = line if isinstance(line, bytes) else line.encode()
        raw = (FROM + TO).encode() + b"Subject: " + octets + b"\n" + (MIME + TEXT).encode()
        yield Specimen(f"subject: {name}", raw, subject=subject, sender=ANNA, text="Guten Tag")


def _people():
    for name, line, sender in (
        ("comma in a bare name", "Berger, Anna <anna@kunde.example>", "Berger, Anna|anna@kunde.example"),
        ("comma in a word", "=?utf-8?Q?M=C3=BCller=2C_Anna?= <anna@kunde.example>", "Müller, Anna|anna@kunde.example"),
        ("name as comment", "anna@kunde.example (Anna Berger)", ANNA),
        ("address as name", '"anna@kunde.example" <anna@kunde.example>', "anna@kunde.example|anna@kunde.example"),
        ("apostrophes", "'Anna Berger' <anna@kunde.example>", "'Anna Berger'|anna@kunde.example"),
        ("on behalf", '"Anna Berger via Knopf" <liste@knopf.example>', "Anna Berger via Knopf|liste@knopf.example"),
        ("no blank before the address", "Anna Berger<anna@kunde.example>", ANNA),
        ("idn", "Anna Berger <anna@xn--mller-kva.example>", "Anna Berger|anna@xn--mller-kva.example"),
        ("name in a quoted word", '"=?utf-8?B?QW5uYSBNw7xsbGVy?=" <anna@kunde.example>', "Anna Müller|anna@kunde.example"),
        ("folded between name and address", "=?utf-8?Q?Anna_M=C3=BCller?=\n <anna@kunde.example>", "Anna Müller|anna@kunde.example"),
        ("escaped quotes", '"Anna \\"Anni\\" Berger" <anna@kunde.example>', 'Anna "Anni" Berger|anna@kunde.example'),
    ):  # fmt: skip
        raw = f"From: {line}\n{TO}Subject: Hallo\n{MIME}{TEXT}".encode()
        yield Specimen(f"sender: {name}", raw, sender=sender, subject="Hallo", text="Guten Tag")
    for name, line, to in (
        ("semicolons of outlook", "a@x.example; b@y.example", ("|a@x.example", "|b@y.example")),
        ("a group", "Einkauf: a@x.example, b@y.example;", ("|a@x.example", "|b@y.example")),
        ("undisclosed", "undisclosed-recipients:;", ()),
        ("folded", "Ben <a@x.example>,\n\tClara <b@y.example>", ("Ben|a@x.example", "Clara|b@y.example")),
        ("a comma too many", "a@x.example,, b@y.example,", ("|a@x.example", "|b@y.example")),
        ("two lines", "a@x.example\nTo: b@y.example", ("|a@x.example", "|b@y.example")),
    ):  # fmt: skip
        raw = f"{FROM}To: {line}\nCc: Otto <o@z.example>\n{MIME}{TEXT}".encode()
        yield Specimen(f"to: {name}", raw, to=to, cc=("Otto|o@z.example",), sender=ANNA)


def _dates():
    for name, line, date in (
        ("no weekday, two digits", "3 Nov 05 10:12:13 +0100", "2005-11-03T10:12:13+01:00"),
        ("a zone by name", "Mon, 3 Nov 2025 10:12:13 EST", "2025-11-03T10:12:13-05:00"),
        ("zone in words behind", "Mon, 3 Nov 2025 10:12:13 +0100 (Mitteleuropäische Zeit)", "2025-11-03T10:12:13+01:00"),
        ("no seconds", "Mon, 3 Nov 2025 10:12 +0100", "2025-11-03T10:12:00+01:00"),
        ("iso", "2025-11-03T10:12:13+01:00", "2025-11-03T10:12:13+01:00"),
        ("asctime", "Mon Nov  3 10:12:13 2025", "2025-11-03T10:12:13+00:00"),
        ("no comma", "Mon 3 Nov 2025 10:12:13 +0100", "2025-11-03T10:12:13+01:00"),
        ("german month", "Mo, 3 Dez 2025 10:12:13 +0100", "2025-12-03T10:12:13+01:00"),
        ("GMT with offset", "Mon, 03 Nov 2025 10:12:13 GMT+0100", "2025-11-03T10:12:13+01:00"),
        ("dashes", "03-Nov-2025 10:12:13 +0100", "2025-11-03T10:12:13+01:00"),
        ("nonsense", "gestern", ""),
    ):  # fmt: skip
        raw = mail(f"Date: {line}\nMessage-ID:\n <{len(name)}@kunde.example>\n")
        yield Specimen(f"date: {name}", raw, date=date, message_id=f"<{len(name)}@kunde.example>")


def _texts():
    for name, raw, text in (
        ("latin told as ascii", plain("text/plain; charset=us-ascii", b"Gr\xfc\xdfe"), "Grüße"),
        ("utf-8 told as latin", plain("text/plain; charset=iso-8859-1", "Grüße".encode()), "Grüße"),
        ("latin told as utf-8", plain("text/plain; charset=utf-8", b"Gr\xfc\xdfe"), "Grüße"),
        ("charset unknown", plain("text/plain; charset=x-unknown", "Grüße".encode()), "Grüße"),
        ("charset in quotes that do not end", plain('text/plain; charset="utf-8', "Grüße".encode()), "Grüße"),
        ("utf-16 with mark", plain("text/plain; charset=utf-16", base64.b64encode("Grüße".encode("utf-16")), "base64"), "Grüße"),
        ("utf-7", plain("text/plain; charset=utf-7", b"Gr+APwA3w-e"), "Grüße"),
        ("mark at the beginning", plain("text/plain; charset=utf-8", b"\xef\xbb\xbfHallo"), "Hallo"),
        ("cp850", plain("text/plain; charset=cp850", b"Gr\x81\xe1e"), "Grüße"),
        ("quoted-printable, broken", plain("text/plain; charset=utf-8", b"50=% Rabatt, Gr=C3=BC=C3=9Fe=\nn =", "quoted-printable"), "50=% Rabatt, Grüßen"),
        ("encoding in odd letters", plain("text/plain; charset=utf-8", b"Gr=C3=BC=C3=9Fe", "Quoted-Printable "), "Grüße"),
        ("encoding that is not", plain("text/plain; charset=utf-8", "Grüße".encode(), "utf-8"), "Grüße"),
        ("flowed with delsp", plain("text/plain; charset=utf-8; format=flowed; delsp=yes", "Größen \nordnung".encode()), "Größenordnung"),
        ("html charset in meta only", plain("text/html", b'<meta charset="iso-8859-1"><p>Gr\xfc\xdfe</p>'), "Grüße"),
        ("no type at all", (FROM + TO + "\nHallo Welt\n").encode(), "Hallo Welt"),
        ("type text alone", (FROM + TO + "Content-Type: text\n\nHallo Welt\n").encode(), "Hallo Welt"),
        ("old macs", (FROM + TO + "Content-Type: text/plain\n\nHallo\nWelt").replace("\n", "\r").encode(), "Hallo Welt"),
        ("mbox line first", b"From anna Mon Nov  3 10:12:13 2025\n" + mail(), "Guten Tag"),
        ("koi8", plain("text/plain; charset=koi8-r", "Привет".encode("koi8-r")), "Привет"),
        ("iso-2022-jp", plain("text/plain; charset=iso-2022-jp", "注文です".encode("iso-2022-jp")), "注文です"),
        ("big5", plain("text/plain; charset=big5", "訂單".encode("big5")), "訂單"),
        ("ks_c_5601", plain("text/plain; charset=ks_c_5601-1987", "주문".encode("euc-kr")), "주문"),
    ):  # fmt: skip
        yield Specimen(f"text: {name}", raw, text=text, sender=ANNA, to=("|verkauf@haus.example",))


def _files():
    pdf = "application/pdf"
    for name, head, file in (
        ("words in a filename", 'attachment; filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe.pdf?="', ("Größe.pdf", pdf, PDF)),
        ("percent without a star", 'attachment; filename="Gr%C3%B6%C3%9Fe.pdf"', ("Gr%C3%B6%C3%9Fe.pdf", pdf, PDF)),
        ("bare utf-8", 'attachment; filename="Größe.pdf"', ("Größe.pdf", pdf, PDF)),
        ("no quotes and a blank", "attachment; filename=Neue Liste.pdf", ("Neue Liste.pdf", pdf, PDF)),
        ("a path of windows", 'attachment; filename="C:\\Scan\\Bestellung 1.pdf"', ("Bestellung 1.pdf", pdf, PDF)),
        ("continued", "attachment;\n filename*0=\"Bestell\";\n filename*1=\"ung.pdf\"", ("Bestellung.pdf", pdf, PDF)),
        ("continued words", 'attachment;\n filename="=?iso-8859-1?Q?Gr=F6=DFe_der_?=\n =?iso-8859-1?Q?Kn=F6pfe.pdf?="', ("Größe der Knöpfe.pdf", pdf, PDF)),
        ("size and dates", 'attachment; filename="a.pdf"; size=12; creation-date="Mon, 03 Nov 2025 10:12:13 GMT"', ("a.pdf", pdf, PDF)),
    ):  # fmt: skip
        yield Specimen(
            f"file: {name}",
            mail("", parts("mixed", TEXT, attached(head))),
            text="Guten Tag",
            files=(file,),
        )
    image = "Content-Type: image/jpeg; name=IMG_1.jpg\nContent-Transfer-Encoding: base64\n\n"
    yield Specimen(
        "file: a camera sends the picture alone",
        mail("Subject: Foto\n", image + b64(PNG)),
        subject="Foto", text="", files=(("IMG_1.jpg", "image/jpeg", PNG),),
    )  # fmt: skip
    yield Specimen(
        "file: text between pictures, as Apple does",
        mail("", parts("mixed", PLAIN + "Vorher\n", image + b64(PNG), PLAIN + "Nachher\n")),
        text="Vorher Nachher", files=(("IMG_1.jpg", "image/jpeg", PNG),),
    )  # fmt: skip
    uu = "begin 644 liste.txt\n#0V%T\n`\nend\n"
    yield Specimen(
        "file: uuencoded in the text",
        mail("", PLAIN + "Anbei.\n\n" + uu),
        text="Anbei.", files=(("liste.txt", "text/plain", b"Cat"),),
    )  # fmt: skip
    yield Specimen(
        "file: html only with its picture",
        mail("", parts("related", HTML + '<p>Hallo</p><img src="cid:1">\n', "Content-ID: <1>\n" + image + b64(PNG))),
        text="Hallo", files=(("IMG_1.jpg", "image/jpeg", PNG),),
    )  # fmt: skip
    yield Specimen(
        "file: boundary with blanks behind, no end",
        mail("", parts("mixed", TEXT, attached('attachment; filename="a.pdf"'), end=False).replace("--\n", "--  \n")),
        text="Guten Tag", files=(("a.pdf", pdf, PDF),),
    )  # fmt: skip
    yield Specimen(
        "file: a csv is no letter",
        mail("", parts("mixed", TEXT, 'Content-Type: text/csv; name="l.csv"\nContent-Disposition: attachment; filename="l.csv"\n\na;b\n')),
        text="Guten Tag", files=(("l.csv", "text/csv", b"a;b\n"),),
    )  # fmt: skip
