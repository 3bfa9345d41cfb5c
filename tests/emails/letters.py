"""Parsed letters for the tests of decisions: only what the test speaks of differs."""

from datetime import datetime

from emails.data import Address, Automatic, ParsedMail, Part

PDF = "application/pdf"


def letter(
    subject: str = "",
    text: str = "",
    *,
    sender: str = "anna@atelier-nord.example",
    to: tuple[str, ...] = ("info@h-bu.de",),
    files: tuple[str, ...] = (),
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
    automatic: Automatic | None = None,
    date: datetime | None = None,
) -> ParsedMail:
    return ParsedMail(
        message_id="<1@atelier-nord.example>",
        in_reply_to=in_reply_to,
        references=references,
        subject=subject,
        sender=Address("Anna Berger", sender),
        reply_to=(),
        to=tuple(Address("", address) for address in to),
        cc=(),
        date=date,
        text=text,
        html="",
        html_safe="",
        reply_text=text,
        attachments=tuple(Part(name, PDF, b"%PDF") for name in files),
        automatic=automatic,
        bounce=None,
        must_not_answer="",
    )
