"""Headers as programs and people write them: names, addresses, dates, subjects, ids."""

from tests.corpora.specimens.specimen import Specimen

# subject as it is written, and as it is meant
_SUBJECTS = (
    (b"=?utf-8?Q?Bestellung_=C3=BCber_500_Kn=C3=B6pfe?=", "Bestellung über 500 Knöpfe"),
    (b"=?utf-8?B?S27D?=\r\n =?utf-8?B?tnBmZSBmw7xyIEvDtmxu?=", "Knöpfe für Köln"),
    (b"=?utf-8?q?a_b?=  =?utf-8?q?_c?= d", "a b c d"),
    (b"=?ISO-8859-1?Q?Re:_Gr=F6=DFe?= =?utf-8?B?IOKCrA==?=", "Re: Größe €"),
    (b"=?utf-8?Q?Was kostet das? 5 Euro?=", "Was kostet das? 5 Euro"),
    (b"=?utf-8?B?S27DtnBmZQ?=", "Knöpfe"),
    (b"=?utf-8?Q?Kn=C3=B6pfe", "Knöpfe"),
    (b"AW: =?windows-1252?Q?Angebot_=96_Kn=F6pfe_zu_=80_3?=", "AW: Angebot – Knöpfe zu € 3"),
    (b"=?utf-8*de-DE?Q?Kn=C3=B6pfe?=", "Knöpfe"),
    (b"=?gb2312?B?t9bO9rGouOY=?=", "分析报告"),
    (b"=?iso-2022-jp?B?GyRCQ21KOD1xGyhC?=", "注文書"),
    (b"=?koi8-r?Q?=FA=C1=CB=C1=DA?=", "Заказ"),
    (b'=?"utf-8"?Q?Kn=C3=B6pfe?=', "Knöpfe"),
    (
        b"[list-users] =?utf-8?q?N=C3=A4chste_Woche?=\r\n\t(KW 12)",
        "[list-users] Nächste Woche (KW 12)",
    ),
    (
        b"Ein langer Betreff, der\r\n  umgebrochen wurde",
        "Ein langer Betreff, der umgebrochen wurde",
    ),
    (b"Kn\xc3\xb6pfe roh", "Knöpfe roh"),
    (b"Kn\xf6pfe roh", "Knöpfe roh"),
    (b"50% Rabatt =?utf-8?Q??= heute", "50% Rabatt  heute"),
    (b"=?utf-8?Q?Zeile=0D=0AX-Spam:_ja?=", "Zeile X-Spam: ja"),
    (b"1 =? 2 ?= 3", "1 =? 2 ?= 3"),
    (b"", ""),
)

# From as it is written, and what it names
_SENDERS = (
    ("Anna Berger <anna@kunde.example>", "Anna Berger|anna@kunde.example"),
    ('"Berger, Anna (Einkauf)" <anna@kunde.example>', "Berger, Anna (Einkauf)|anna@kunde.example"),
    ("Berger, Anna <anna@kunde.example>", "Berger, Anna|anna@kunde.example"),
    ("=?iso-8859-1?Q?J=FCrgen_M=FC=DFig?= <j@kunde.example>", "Jürgen Müßig|j@kunde.example"),
    ('"=?utf-8?B?SsO8cmdlbg==?=" <j@kunde.example>', "Jürgen|j@kunde.example"),
    ("anna@kunde.example (Anna Berger)", "Anna Berger|anna@kunde.example"),
    ("<anna@kunde.example>", "|anna@kunde.example"),
    ("anna@KUNDE.example", "|anna@kunde.example"),
    ("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "Pete|pete@silly.test"),
    (
        '"Joe \\"Jojo\\" Q. Public" <john.q.public@example.com>',
        'Joe "Jojo" Q. Public|john.q.public@example.com',
    ),
    ("Joe Q. Public <john.q.public@example.com>", "Joe Q. Public|john.q.public@example.com"),
    ('"john doe"@kunde.example', '|"john doe"@kunde.example'),
    ("Anna <mailto:anna@kunde.example>", "Anna|anna@kunde.example"),
    ("Anna <@relay.example,@b.example:anna@kunde.example>", "Anna|anna@kunde.example"),
    ("John Doe <jdoe@machine(comment).  example>", "John Doe|jdoe@machine.example"),
    ("anna@[192.0.2.7]", "|anna@[192.0.2.7]"),
    ('"Anna <anna@kunde.example>', "Anna|anna@kunde.example"),
    ("'Anna' <anna@kunde.example>", "'Anna'|anna@kunde.example"),
    ("Anna Berger anna@kunde.example", "Anna Berger|anna@kunde.example"),
    ("Einkauf: Anna <anna@kunde.example>", "Einkauf: Anna|anna@kunde.example"),
    ("Anna <anna.@kunde.example>", "Anna|anna.@kunde.example"),
)

_RECIPIENTS = (
    ("a@x.example, b@y.example", ("|a@x.example", "|b@y.example")),
    ('"A, B" <a@x.example>,\r\n\tC <c@x.example>', ("A, B|a@x.example", "C|c@x.example")),
    ("a@x.example; B <b@x.example>;", ("|a@x.example", "B|b@x.example")),
    ("undisclosed-recipients:;", ()),
    ("undisclosed recipients: ;", ()),
    (
        "Team: a@x.example, B <b@x.example>; c@x.example",
        ("|a@x.example", "B|b@x.example", "|c@x.example"),
    ),
    (
        "Mary Smith <@n.test:mary@example.net>, , jdoe@test  . example",
        ("Mary Smith|mary@example.net", "|jdoe@test.example"),
    ),
    (
        "=?utf-8?Q?M=C3=BCller=2C_A?= <a@x.example>, b@x.example",
        ("Müller, A|a@x.example", "|b@x.example"),
    ),
    ("<a@x.example> <b@x.example>", ("|a@x.example", "|b@x.example")),
    ("", ()),
)

_DATES = (
    ("Mon, 2 Mar 2026 10:12:00 +0100", "2026-03-02T10:12:00+01:00"),
    ("2 Mar 26 10:12 GMT", "2026-03-02T10:12:00+00:00"),
    ("Mon, 02 Mar 2026 10:12:00 +0100 (CET)", "2026-03-02T10:12:00+01:00"),
    ("Tue, 2 Mar 2026 10:12:00 CEST", "2026-03-02T10:12:00+02:00"),
    ("Mon, 2 Mar 2026 10:12:00 EST", "2026-03-02T10:12:00-05:00"),
    ("Mon, 2 Mar 2026 10:12:00 -0000", "2026-03-02T10:12:00+00:00"),
    ("Mon Mar  2 10:12:00 2026", "2026-03-02T10:12:00+00:00"),
    ("Mon Mar  2 10:12:00 MET DST 2026", "2026-03-02T10:12:00+02:00"),
    ("2026-03-02T10:12:00Z", "2026-03-02T10:12:00+00:00"),
    ("2026-03-02 10:12:00 +0100", "2026-03-02T10:12:00+01:00"),
    ("02.03.2026 10:12:00", "2026-03-02T10:12:00+00:00"),
    ("Mo, 02 Mär 2026 10:12:00 +0100", "2026-03-02T10:12:00+01:00"),
    ("Montag, 2. März 2026 10:12 +0100", "2026-03-02T10:12:00+01:00"),
    ("Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)",
     "1969-02-13T23:32:00-03:30"),
    ("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T09:55:06-06:00"),
    ("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06+00:00"),
    ("Mon, 2 Mar 126 10:12:00 +0100", "2026-03-02T10:12:00+01:00"),
    ("Mon, 2 Mar 2026 10:12:00 GMT+01:00", "2026-03-02T10:12:00+01:00"),
    ("Mon, 2 Mar 2026 10:12:60 UT", "2026-03-02T10:12:59+00:00"),
    ("Mon, 31 Feb 2026 10:12:00 +0100", ""),
    ("heute morgen", ""),
)  # fmt: skip

_IDS = (
    ("<a.b-c@kunde.example>", "<a.b-c@kunde.example>"),
    ("a.b-c@kunde.example", "<a.b-c@kunde.example>"),
    ("<1234   @   local(blah)  .machine .example>", "<1234@local.machine.example>"),
    ("\r\n <lange-zeile@kunde.example>", "<lange-zeile@kunde.example>"),
    ("<[id]@kunde.example> (von Hand)", "<[id]@kunde.example>"),
    ("20260302101200.4711", "<20260302101200.4711>"),
)


def specimens():
    """Yield one mail for each line of the longest table, the others repeated."""
    for number in range(max(map(len, (_SUBJECTS, _SENDERS, _RECIPIENTS, _DATES, _IDS)))):
        yield _specimen(number)


def _specimen(number):
    (
        (written_subject, subject),
        (written_sender, sender),
        (written_to, to),
        (written_date, date),
        (
            written_id,
            message_id,
        ),
    ) = (table[number % len(table)] for table in (_SUBJECTS, _SENDERS, _RECIPIENTS, _DATES, _IDS))
    lines = [
        b"Received: from a by b; Mon, 2 Mar 2026 10:12:01 +0100",
        b"message-id: " + written_id.encode(),
        b"DATE : " + written_date.encode() if number % 4 == 0 else b"Date:" + written_date.encode(),
        b"From: " + written_sender.encode(),
        b"To: " + written_to.encode(),
        b"Subject: " + written_subject,
        b"X-Mailer: none",
    ]
    lines = lines if number % 2 else [lines[0], *reversed(lines[1:])]
    return Specimen(
        name=f"head {number}",
        raw=b"\r\n".join([*lines, b"", b"Text %d" % number]),
        subject=subject,
        sender=sender,
        to=to,
        date=date,
        message_id=message_id,
        text=f"Text {number}",
    )
