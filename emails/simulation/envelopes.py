"""Drafts become mail as different programs write it: charsets, encodings, HTML, quotes, DSN.

Message-ID, Date and boundaries come from the scene, so the bytes can be repeated. No Django here.
"""

from collections.abc import Mapping
from email.charset import BASE64, QP, Charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from html import escape
from io import BytesIO
from itertools import count

from emails.simulation.cast import Scene
from emails.simulation.drafts import Attachment, Draft
from emails.simulation.wording import day

# Like mail on the wire: CRLF, and no ">From " (RFC 5322; mangling belongs to mbox files).
WIRE = compat32.clone(linesep="\r\n", mangle_from_=False)
ENCODINGS = (
    ("utf-8", QP),
    ("utf-8", BASE64),
    ("iso-8859-1", QP),
    ("windows-1252", QP),
    ("iso-8859-1", BASE64),
)
QUOTING = {
    "de": (
        "Am {day} schrieb {us}:",
        "-----Ursprüngliche Nachricht-----",
        ("Von", "Gesendet", "An", "Betreff"),
    ),
    "en": (
        "On {day}, {us} wrote:",
        "-----Original Message-----",
        ("From", "Sent", "To", "Subject"),
    ),
}
PROGRAMS = ("Microsoft Outlook 16.0", "Apple Mail (2.3774.600.62)", "Thunderbird 128.4", "")


def seal(scene: Scene, draft: Draft) -> bytes:
    """Return the letter as it travels."""
    charset = _charset(scene, draft)
    message = _bounce(scene, draft, charset) if draft.status else _letter(scene, draft, charset)
    _address(message, scene, draft, charset)
    _fix_boundaries(message, scene.serial)
    target = BytesIO()
    BytesGenerator(target, policy=WIRE).flatten(message)
    return target.getvalue().removesuffix(b"\r\n") + b"\r\n"


def _charset(scene: Scene, draft: Draft) -> Charset:
    """Return one that can write every letter of the text."""
    words = "".join((draft.subject, draft.text, draft.quoted, draft.writer.name))
    name, encoding = scene.pick([one for one in ENCODINGS if _can_write(one[0], words)])
    charset = Charset(name)
    charset.header_encoding = charset.body_encoding = encoding
    return charset


def _can_write(charset: str, words: str) -> bool:
    try:
        words.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _address(message: Message, scene: Scene, draft: Draft, charset: Charset) -> None:
    us = scene.company.company.name
    domain = draft.writer.domain
    message["From"] = formataddr((draft.writer.name, draft.writer.address), charset)
    message["To"] = formataddr((us, draft.to)) if scene.chance(0.5) else draft.to
    if draft.cc:
        message["Cc"] = ", ".join(draft.cc)
    message["Subject"] = Header(draft.subject, charset, header_name="Subject").encode()
    message["Date"] = format_datetime(scene.now)
    message["Message-ID"] = f"<{scene.dice.getrandbits(64):016x}.{scene.serial}@{domain}>"
    if program := scene.pick(PROGRAMS):
        message["X-Mailer"] = program
    for name, value in draft.headers.items():
        message[name] = value


def _letter(scene: Scene, draft: Draft, charset: Charset) -> Message:
    text = f"{draft.text}\n\n{_quote(scene, draft)}" if draft.quoted else draft.text
    body: Message = _text(text, "plain", charset)
    if scene.chance(0.4):
        both = MIMEMultipart("alternative")
        both.attach(body)
        both.attach(_text(_html(text), "html", charset))
        body = both
    if not draft.attachments:
        return body
    whole = MIMEMultipart("mixed")
    for part in (body, *map(_attach, draft.attachments)):
        whole.attach(part)
    return whole


def _bounce(scene: Scene, draft: Draft, charset: Charset) -> Message:
    """Return a delivery status notification (RFC 3464): words, fields, the lost mail's headers."""
    report = MIMEMultipart("report")
    report.set_param("report-type", "delivery-status")
    report.attach(_text(draft.text, "plain", charset))
    status = MIMEBase("message", "delivery-status")
    status.attach(_fields({"Reporting-MTA": f"dns; mx.{draft.writer.domain}"}))
    status.attach(_fields(draft.status))
    report.attach(status)
    us = scene.company.company
    lost = {"From": us.email, "Message-ID": f"<{scene.number('lost-')}@{us.domain}>"}
    report.attach(MIMEText(_fields(lost).as_string(), "rfc822-headers", "us-ascii"))
    return report


def _fields(fields: Mapping[str, str]) -> Message:
    block = Message()
    for name, value in fields.items():
        block[name] = value
    return block


def _text(text: str, subtype: str, charset: Charset) -> MIMEText:
    # Encoded text has to bring its own line ends; in the others the generator writes them.
    ended = text.replace("\n", "\r\n") if charset.body_encoding == BASE64 else text
    return MIMEText(ended, subtype, charset)  # type: ignore[arg-type]


def _html(text: str) -> str:
    paragraphs = escape(text).split("\n\n")
    inner = "\n".join(f"<p>{part.replace(chr(10), '<br>' + chr(10))}</p>" for part in paragraphs)
    return f'<html><body style="font-family: Calibri, sans-serif">\n{inner}\n</body></html>'


def _quote(scene: Scene, draft: Draft) -> str:
    """Quote as mail programs do: with arrows, or with a block of headers above."""
    us, before = scene.company.company, day(scene.workday(-4), scene.language)
    wrote, original, names = QUOTING[scene.language]
    if scene.chance(0.5):
        opening = wrote.format(day=before, us=f"{us.name} <{us.email}>")
        return "\n".join((opening, *(f"> {line}".rstrip() for line in draft.quoted.split("\n"))))
    values = (f"{us.name} <{us.email}>", before, draft.writer.address, draft.subject)
    block = "\n".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    return f"{original}\n{block}\n\n{draft.quoted}"


def _attach(attachment: Attachment) -> Message:
    part = MIMEBase(*attachment.content_type.split("/"))
    part.set_payload(attachment.payload)
    encode_base64(part)
    name = attachment.filename
    encoded = name if name.isascii() else ("utf-8", "", name)  # RFC 2231
    part.add_header("Content-Disposition", "attachment", filename=encoded)
    return part


def _fix_boundaries(message: Message, serial: str) -> None:
    numbers = count(1)
    for part in message.walk():
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{serial}_{next(numbers)}")
