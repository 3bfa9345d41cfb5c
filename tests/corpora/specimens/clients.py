"""Whole mails as well-known programs write them, from the head to the last boundary."""

from tests.corpora.specimens.specimen import Specimen
from tests.corpora.specimens.structures import PDF, PNG, b64

OUTLOOK = f"""\
Received: from EX01.kunde.example (10.1.2.3) by EX02.kunde.example (10.1.2.4)
 with Microsoft SMTP Server (version=TLS1_2) id 15.1.2; Mon, 9 Mar 2026 14:03:22 +0100
From: =?iso-8859-1?Q?M=FCller=2C_J=F6rg?= <Joerg.Mueller@kunde.example>
To: "'Verkauf, Haus'" <verkauf@haus.example>, "info@haus.example"
\t<info@haus.example>
CC: =?iso-8859-1?Q?Gro=DF=2C_Uwe?= <Uwe.Gross@kunde.example>
Subject: =?iso-8859-1?Q?AW:_Bestellung_Nr._4500012345_-_Kn=F6pfe_f=FCr_Herbst/?=
 =?iso-8859-1?Q?Winter_Kollektion?=
Thread-Topic: Bestellung Nr. 4500012345
Date: Mon, 9 Mar 2026 13:03:21 +0000
Message-ID: <DB7PR04MB5067A1B2C3@DB7PR04MB5067.eurprd04.prod.outlook.com>
Accept-Language: de-DE, en-US
Content-Language: de-DE
X-MS-Has-Attach: yes
Content-Type: multipart/mixed;
\tboundary="_005_DB7PR04MB5067A1B2C3_"
MIME-Version: 1.0

--_005_DB7PR04MB5067A1B2C3_
Content-Type: multipart/related;
\tboundary="_004_DB7PR04MB5067A1B2C3_";
\ttype="multipart/alternative"

--_004_DB7PR04MB5067A1B2C3_
Content-Type: multipart/alternative;
\tboundary="_000_DB7PR04MB5067A1B2C3_"

--_000_DB7PR04MB5067A1B2C3_
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

Sehr geehrte Damen und Herren,

anbei unsere Bestellung =FCber 1.500 Kn=F6pfe.

Mit freundlichen Gr=FC=DFen
J=F6rg M=FCller

--_000_DB7PR04MB5067A1B2C3_
Content-Type: text/html; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

<html xmlns:o=3D"urn:schemas-microsoft-com:office:office"><head><meta http-=
equiv=3D"Content-Type" content=3D"text/html; charset=3Diso-8859-1"></head><=
body><p class=3D"MsoNormal">Sehr geehrte Damen und Herren,<o:p></o:p></p><i=
mg src=3D"cid:image001.png@01DCAFBE.1"></body></html>

--_000_DB7PR04MB5067A1B2C3_--

--_004_DB7PR04MB5067A1B2C3_
Content-Type: image/png; name="image001.png"
Content-Description: image001.png
Content-Disposition: inline; filename="image001.png"; size=208;
\tcreation-date="Mon, 09 Mar 2026 13:03:20 GMT";
\tmodification-date="Mon, 09 Mar 2026 13:03:21 GMT"
Content-ID: <image001.png@01DCAFBE.1>
Content-Transfer-Encoding: base64

{b64(PNG)}
--_004_DB7PR04MB5067A1B2C3_--

--_005_DB7PR04MB5067A1B2C3_
Content-Type: application/pdf;
\tname="=?iso-8859-1?Q?Bestellung_Kn=F6pfe.pdf?="
Content-Description: =?iso-8859-1?Q?Bestellung_Kn=F6pfe.pdf?=
Content-Disposition: attachment;
\tfilename="=?iso-8859-1?Q?Bestellung_Kn=F6pfe.pdf?="; size=315
Content-Transfer-Encoding: base64

{b64(PDF)}
--_005_DB7PR04MB5067A1B2C3_--
"""

APPLE = f"""\
From: =?utf-8?Q?Zo=C3=AB_Klein?= <zoe@kunde.example>
Content-Type: multipart/alternative;
\tboundary="Apple-Mail=_5A1F"
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3774.300.61\\))
Subject: Muster
Message-Id: <0B5B8F0C-7C3E-4F2B-9B7E-000000000001@kunde.example>
Date: Tue, 10 Mar 2026 07:45:11 +0100
To: Verkauf <verkauf@haus.example>
X-Mailer: Apple Mail (2.3774.300.61)


--Apple-Mail=_5A1F
Content-Transfer-Encoding: quoted-printable
Content-Type: text/plain;
\tcharset=utf-8

Hallo,

das Muster=E2=80=94wie besprochen.


Gru=C3=9F
Zo=C3=AB=

--Apple-Mail=_5A1F
Content-Type: multipart/mixed;
\tboundary="Apple-Mail=_77C0"


--Apple-Mail=_77C0
Content-Transfer-Encoding: 7bit
Content-Type: text/html;
\tcharset=us-ascii

<html><body>Hallo,</body></html>
--Apple-Mail=_77C0
Content-Disposition: inline;
\tfilename*=utf-8''Mu%CC%88ster.pdf
Content-Type: application/pdf;
\tx-unix-mode=0644;
\tname="=?utf-8?Q?Mu=CC=88ster=2Epdf?="
Content-Transfer-Encoding: base64

{b64(PDF)}
--Apple-Mail=_77C0
Content-Transfer-Encoding: 7bit
Content-Type: text/html;
\tcharset=us-ascii

<html><body>Gruss</body></html>
--Apple-Mail=_77C0--

--Apple-Mail=_5A1F--
"""

GMAIL = """\
MIME-Version: 1.0
Received: by 2002:a05:6a10:1234:0:0:0:0 with HTTP; Wed, 11 Mar 2026 02:10:33 -0800 (PST)
References: <CAFQ=abc+def@mail.gmail.com> <frage-1@haus.example>
In-Reply-To: <frage-1@haus.example>
From: =?UTF-8?B?RsOkcmJlciAmIFPDtmhuZSDwn5i6?= <faerber@gmail.com>
Date: Wed, 11 Mar 2026 11:10:33 +0100
Message-ID: <CAFQ=XYZ-123_4+5@mail.gmail.com>
Subject: =?UTF-8?Q?Re=3A_Ihre_Anfrage_=E2=80=93_Termin_=F0=9F=93=85?=
To: Haus <verkauf+anfrage@haus.example>
Content-Type: multipart/alternative; boundary="000000000000d1e2f3060a1b2c3d"

--000000000000d1e2f3060a1b2c3d
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: base64

R2VybiBhbSAxMi4gTcOkcnouDQoNCkFtIE1pLiwgMTEuIE3DpHJ6IDIwMjYgc2NocmllYjoNCj4gV2FubnQ/DQo=
--000000000000d1e2f3060a1b2c3d
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

<div dir=3D"ltr">Gern am 12. M=C3=A4rz.</div>

--000000000000d1e2f3060a1b2c3d--
"""

MAILMAN = """\
From owner-list@lists.example  Thu Mar 12 06:00:03 2026
From: list-request@lists.example
Subject: Buttons Digest, Vol 12, Issue 3
To: buttons@lists.example
Reply-To: buttons@lists.example
Date: Thu, 12 Mar 2026 06:00:02 -0500
MIME-Version: 1.0
Message-ID: <mailman.7.1204.buttons@lists.example>
Content-Type: multipart/mixed; boundary="===============0123456789=="
Precedence: list

--===============0123456789==
Content-Type: text/plain; charset="us-ascii"
MIME-Version: 1.0
Content-Transfer-Encoding: 7bit
Content-Description: Buttons Digest, Vol 12, Issue 3

Send Buttons mailing list submissions to
\tbuttons@lists.example

--===============0123456789==
Content-Type: multipart/digest; boundary="===============9876543210=="
MIME-Version: 1.0

--===============9876543210==
Content-Type: message/rfc822
MIME-Version: 1.0

From: Bill <bill@x.example>
Subject: [Buttons] horn
Message: 1

Is horn still in stock?

--===============9876543210==

From: Carol <carol@x.example>
Subject: Re: [Buttons] horn
Message: 2

Yes.

--===============9876543210==--

--===============0123456789==
Content-Type: text/plain; charset="us-ascii"
MIME-Version: 1.0
Content-Transfer-Encoding: 7bit
Content-Disposition: inline
Content-Description: Digest Footer

_______________________________________________
Buttons mailing list

--===============0123456789==--
"""

LIST_OF_1998 = """\
Return-Path: <owner-jazz@uni.example>
Received: (from majordom@localhost)
\tby uni.example (8.8.5/8.8.5) id KAA00123
\tfor jazz-outgoing; Fri, 13 Mar 98 10:09:01 +0100 (MET)
Message-Id: <199803130909.KAA00123@uni.example>
X-Sender: hans@pop.uni.example (Unverified)
X-Mailer: QUALCOMM Windows Eudora Pro Version 4.0
Date: Fri, 13 Mar 98 10:08:59 MET
To: jazz@uni.example (Jazz-Liste)
From: "Hans M|ller" <hans@uni.example> (Hans)
Subject: Re: Schallplatten
Mime-Version: 1.0
Content-Type: text/plain; charset=us-ascii (Plain text)
Sender: owner-jazz@uni.example
Status: RO

At 09:12 13.03.98 +0100, you wrote:
>Wer tauscht?

Ich.
>From Bremen gern.
"""

GERMAN_SHOP = """\
Date: Sat, 14 Mar 2026 20:15:00 +0100
To: kunde@haus.example
From: Knopf & Kragen Onlineshop <shop@knopf.example>
Subject: Ihre Bestellung #2026-0815 =?utf-8?Q?best=C3=A4tigt?=
Message-ID: <7f3a@www.knopf.example>
X-Mailer: PHPMailer 6.8.0 (https://github.com/PHPMailer/PHPMailer)
MIME-Version: 1.0
Content-Type: text/html; charset=UTF-8
Content-Transfer-Encoding: 8bit

<html><head><style>td{color:red}</style></head><body>
<div style="display:none">Danke für Ihren Einkauf</div>
<p>Guten Tag,</p><table><tr><th>Artikel</th><th>Menge</th></tr>
<tr><td>Hornknopf</td><td>12</td></tr></table><p>Gesamt: 24,00&nbsp;&euro;</p></body></html>
"""

FAX = f"""\
From: Fax-Server@kunde.example
To: <fax@haus.example>
Subject: Fax von +49 40 123456
Date: 15 Mar 2026 09:00:00 +0100
Message-Id: <FAX0001>
MIME-Version: 1.0
Content-Type: application/pdf; name="fax 0001.pdf"
Content-Transfer-Encoding: BASE64
Content-Disposition: attachment; filename="fax 0001.pdf"

{b64(PDF)}"""

NOTES = """\
Subject: Antwort: Reklamation
To: service@haus.example
Cc: lager@kunde.example,
        "Ute Groß/KUNDE/DE" <Ute.Gross@kunde.example>
Message-ID: <OFA1B2C3D4.E5F6-ONC1257.00-C1257.00@LocalDomain>
From: Ute.Gross@kunde.example
Date: Mon, 16 Mar 2026 08:30:00 +0200
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_alternative 0023D0A4C1257_="

--=_alternative 0023D0A4C1257_=
Content-Type: text/plain; charset="ISO-8859-1"
Content-Transfer-Encoding: quoted-printable

Die Kn=F6pfe sind gebrochen.

--=_alternative 0023D0A4C1257_=
Content-Type: text/html; charset="ISO-8859-1"
Content-Transfer-Encoding: quoted-printable

<br><font size=3D2 face=3D"sans-serif">Die Kn=F6pfe sind gebrochen.</font>

--=_alternative 0023D0A4C1257_=--
"""

ORDER_PDF = (("Bestellung Knöpfe.pdf", "application/pdf", PDF),)


def specimens():
    yield Specimen(
        "Outlook and Exchange",
        OUTLOOK.replace("\n", "\r\n").encode(),
        subject="AW: Bestellung Nr. 4500012345 - Knöpfe für Herbst/Winter Kollektion",
        sender="Müller, Jörg|Joerg.Mueller@kunde.example",
        to=("'Verkauf, Haus'|verkauf@haus.example", "info@haus.example|info@haus.example"),
        cc=("Groß, Uwe|Uwe.Gross@kunde.example",),
        date="2026-03-09T13:03:21+00:00",
        message_id="<DB7PR04MB5067A1B2C3@DB7PR04MB5067.eurprd04.prod.outlook.com>",
        text="Sehr geehrte Damen und Herren, anbei unsere Bestellung über 1.500 Knöpfe. Mit freundlichen Grüßen Jörg Müller",
        files=(("image001.png", "image/png", PNG), *ORDER_PDF),
    )
    yield Specimen(
        "Apple Mail",
        APPLE.encode(),
        subject="Muster",
        sender="Zoë Klein|zoe@kunde.example",
        date="2026-03-10T07:45:11+01:00",
        message_id="<0B5B8F0C-7C3E-4F2B-9B7E-000000000001@kunde.example>",
        text="Hallo, das Muster—wie besprochen. Gruß Zoë",
        html="<html><body>Hallo,</body></html> <html><body>Gruss</body></html>",
        files=(("Müster.pdf", "application/pdf", PDF),),
    )
    yield Specimen(
        "Gmail",
        GMAIL.encode(),
        subject="Re: Ihre Anfrage – Termin 📅",
        sender="Färber & Söhne 😺|faerber@gmail.com",
        to=("Haus|verkauf+anfrage@haus.example",),
        date="2026-03-11T11:10:33+01:00",
        message_id="<CAFQ=XYZ-123_4+5@mail.gmail.com>",
        text="Gern am 12. März. Am Mi., 11. März 2026 schrieb: > Wannt?",
        html='<div dir="ltr">Gern am 12. März.</div>',
        files=(),
    )
    yield Specimen(
        "Mailman's digest",
        MAILMAN.encode(),
        subject="Buttons Digest, Vol 12, Issue 3",
        sender="|list-request@lists.example",
        date="2026-03-12T06:00:02-05:00",
        text="Send Buttons mailing list submissions to buttons@lists.example _______________________________________________ Buttons mailing list",
        files=(
            (
                "[Buttons] horn.eml",
                "message/rfc822",
                b"From: Bill <bill@x.example>\nSubject: [Buttons] horn\nMessage: 1\n\nIs horn still in stock?\n",
            ),
            (
                "Re: [Buttons] horn.eml",
                "message/rfc822",
                b"From: Carol <carol@x.example>\nSubject: Re: [Buttons] horn\nMessage: 2\n\nYes.\n",
            ),
        ),
    )
    yield Specimen(
        "a list of 1998",
        LIST_OF_1998.encode(),
        subject="Re: Schallplatten",
        sender="Hans M|ller|hans@uni.example",
        to=("Jazz-Liste|jazz@uni.example",),
        date="1998-03-13T10:08:59+01:00",
        message_id="<199803130909.KAA00123@uni.example>",
        text="At 09:12 13.03.98 +0100, you wrote: >Wer tauscht? Ich. >From Bremen gern.",
        files=(),
    )
    yield Specimen(
        "a shop in HTML",
        GERMAN_SHOP.encode(),
        subject="Ihre Bestellung #2026-0815 bestätigt",
        sender="Knopf & Kragen Onlineshop|shop@knopf.example",
        text="Guten Tag, Artikel Menge Hornknopf 12 Gesamt: 24,00 €",
        files=(),
    )
    yield Specimen(
        "a fax",
        FAX.encode(),
        subject="Fax von +49 40 123456",
        sender="|Fax-Server@kunde.example",
        to=("|fax@haus.example",),
        date="2026-03-15T09:00:00+01:00",
        message_id="<FAX0001>",
        text="",
        files=(("fax 0001.pdf", "application/pdf", PDF),),
    )
    yield Specimen(
        "Lotus Notes",
        NOTES.encode(),
        subject="Antwort: Reklamation",
        sender="|Ute.Gross@kunde.example",
        cc=("|lager@kunde.example", "Ute Groß/KUNDE/DE|Ute.Gross@kunde.example"),
        date="2026-03-16T08:30:00+02:00",
        message_id="<OFA1B2C3D4.E5F6-ONC1257.00-C1257.00@LocalDomain>",
        text="Die Knöpfe sind gebrochen.",
        files=(),
    )
