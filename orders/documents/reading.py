"""From the text of a document to what it orders: number, dates, parties, lines, sums, checks.

Nothing is guessed. What is missing stays empty; what could not be read or does not add up is a
failed check, and a failed check is a person's to look at.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hbu.lib import jail
from hbu.lib.jail import Jailed
from hbu.lib.reasons import N_
from orders.data import Check, CheckState, ReadDocument, ReadLine
from orders.documents import fields
from orders.documents.checks import arithmetic, none_of, sum_of
from orders.documents.dates import parse_date
from orders.documents.layout import Row, rows
from orders.documents.letters import own_words, refuses, sentences
from orders.documents.lines import RawLine, read_line
from orders.documents.numbers import Notation, notation
from orders.documents.tables import TableLines, read_tables
from orders.documents.text import TextLines, read_sentences
from orders.documents.totals import read_sums

MAX_CHARACTERS = 200_000
MAX_LINES = 1_000
_WISH = re.compile(
    r"\b(?:bestell\w*|order\w*|benötigen|brauchen|liefern sie|need|purchase|send us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    lines: tuple[ReadLine, ...]
    dates: tuple[str, ...]
    unread: tuple[str, ...]
    caution: tuple[str, ...]


def read_pdf(
    data: bytes, *, language: str = "de", today: date | None = None
) -> tuple[str, ReadDocument]:
    """The text of the PDF and what was read in it; a document with an error if there is none."""
    try:
        answer = jail.call("orders.documents.pdf:text_of", data)
    except Jailed as failure:
        return "", ReadDocument(kind="other", format="pdf", error=failure.message)
    text: str = answer["text"]
    if not text.strip():
        error = N_("The PDF holds no text; it may be a scan.")
        return "", ReadDocument(kind="other", format="pdf", error=error)
    document = read_order(text, format="pdf", language=language, today=today)
    if not answer["complete"]:
        cut = Check(N_("The document was read to its end"), CheckState.FAILED)
        document = replace(document, checks=(*document.checks, cut))
    return text, document


def read_order(
    text: str, *, format: str, language: str = "de", today: date | None = None
) -> ReadDocument:
    """What a laid-out page, or the text of a mail, says.

    `language` decides numbers only where the document's own figures leave it open; `today` is
    where a date without a year counts from if the document has no date itself.
    """
    shown, below = text[:MAX_CHARACTERS], ""
    if format == "text":
        shown, below = own_words(shown)
    page, numbers = rows(shown), notation(shown, language)
    found = _find(shown, page, numbers, in_letter=format == "text")
    found = replace(found, unread=(*found.unread, *_afterthoughts(below)))
    kind = _kind_of_letter(shown, found) if format == "text" else fields.kind_of(page)
    dated = fields.date_of(page)
    sums = read_sums(page, numbers, sum_of(found.lines))
    return ReadDocument(
        kind=kind,
        format=format,
        number=fields.number_of(page, kind),
        date=dated,
        requested_date=_requested(page, found, dated or today, in_letter=format == "text"),
        currency=fields.currency_of(shown),
        buyer=fields.party_of(page, "buyer"),
        seller=fields.party_of(page, "seller"),
        buyer_reference=fields.party_of(page, "reference"),
        lines=found.lines,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
        checks=(*arithmetic(found.lines, sums), *_completeness(found)),
    )


def _find(shown: str, page: Sequence[Row], numbers: Notation, *, in_letter: bool) -> _Found:
    """Tables first; sentences in letters, and in pages that have no table."""
    table = read_tables(page, numbers)
    prose = TextLines((), (), ())
    if in_letter or not table.lines:
        prose = read_sentences(sentences(_without_rows(shown, table)))
    raw = (*table.lines, *prose.lines)
    lines, unread = _read(raw, numbers)
    refused = tuple(line.source for line in lines if refuses(line.source))
    return _Found(
        lines=lines,
        dates=table.dates,
        unread=(*table.unread, *prose.unread, *unread),
        caution=(*prose.caution, *refused),
    )


def _afterthoughts(below: str) -> list[str]:
    """What looks like a line under the signature is no line, and not to be passed over either."""
    return [line.source for line in read_sentences(sentences(below)).lines]


def _without_rows(shown: str, table: TableLines) -> str:
    known = {part for line in table.lines for part in line.source.split("\n")}
    return "\n".join(line for line in shown.split("\n") if line.strip() not in known)


def _read(raw: Sequence[RawLine], numbers: Notation) -> tuple[tuple[ReadLine, ...], list[str]]:
    lines: list[ReadLine] = []
    unread = [each.source for each in raw[MAX_LINES:]]
    for each, position in zip(raw[:MAX_LINES], _positions(raw), strict=False):
        if line := read_line(each, position, numbers):
            lines.append(line)
        else:
            unread.append(each.source)
    return tuple(lines), unread


def _positions(raw: Sequence[RawLine]) -> Iterable[int]:
    """The document's own numbering, if it is one."""
    stated = [int(each.position) for each in raw if re.fullmatch(r"\d{1,5}", each.position)]
    return stated if len(set(stated)) == len(raw) else range(1, len(raw) + 1)


def _kind_of_letter(shown: str, found: _Found) -> str:
    return "order" if found.lines or _WISH.search(shown) else "other"


def _requested(
    page: Sequence[Row], found: _Found, near: date | None, *, in_letter: bool
) -> date | None:
    """The day all lines share, where they have a column for it; else the one the document names."""
    if found.dates:
        days = {parse_date(text, near=near) for text in found.dates}
        return days.pop() if len(days) == 1 else None
    wished = fields.requested_date_of(page, near)
    return fields.deadline_of(page, near) if wished is None and in_letter else wished


def _completeness(found: _Found) -> list[Check]:
    several = list(found.dates) if len(set(found.dates)) > 1 else []
    return [
        none_of(N_("Every row was read"), found.unread),
        none_of(N_("The wording is plain"), found.caution),
        none_of(N_("All lines are wanted on one day"), several),
    ]
