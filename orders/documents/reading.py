"""From the rows of a document to what it orders: number, dates, parties, lines, sums, checks.

Nothing is guessed. What is missing stays empty; what could not be read or does not add up is a
failed check, and a failed check is a person's to look at.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from hbu.lib.reasons import N_
from orders.data import Check, CheckState, Party, ReadDocument, ReadLine, Source
from orders.documents import fields
from orders.documents.bare import read_bare
from orders.documents.blocks import read_blocks
from orders.documents.checks import arithmetic, none_of, scored, sum_of
from orders.documents.conditions import settled
from orders.documents.language import language_of
from orders.documents.layout import Row, rows
from orders.documents.letters import own_words, refuses, sentences
from orders.documents.lines import RawLine, is_proven, read_line
from orders.documents.numbers import Notation, notation
from orders.documents.repeated import without_furniture
from orders.documents.tables import TableLines, read_tables
from orders.documents.text import TextLines, read_sentences
from orders.documents.totals import Sums, read_sums

MAX_CHARACTERS = 200_000
MAX_LINES = 1_000
_WISH = re.compile(
    r"\b(?:bestell\w*|order\w*|benötigen|brauchen|liefern sie|need|purchase|send us)\b",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\b(?:alternativ\w*|optional\w*|eventual\w*|bedarfspos\w*|alternate|in lieu)\b", re.IGNORECASE
)
_DOUBTFUL = 0.5
_UNPROVEN = 0.5
_LOOSE = 0.75
_SHEETS = frozenset({"xlsx", "xls", "csv"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What a reader has to know beside the page."""

    format: str
    language: str = ""
    """Decides numbers only where the document's own figures leave it open; empty: by its words."""
    today: date | None = None
    """Where a date without a year counts from if the document has no date itself."""
    notation: Notation | None = None
    """How numbers are written, where it is known and need not be found out."""


@dataclass(frozen=True, slots=True)
class _Found:
    lines: tuple[ReadLine, ...] = ()
    unread: tuple[str, ...] = ()
    caution: tuple[str, ...] = ()
    sums: Sums = field(default_factory=Sums)

    @property
    def numbered(self) -> int:
        return sum(bool(line.sku) for line in self.lines)

    @property
    def ties(self) -> bool:
        return self.evidence[0]

    @property
    def evidence(self) -> tuple[bool, float]:
        """What speaks for this reading: sums that tie, and lines, above all proven ones."""
        proven = sum(is_proven(line.quantity, line.price, line.total) for line in self.lines)
        total = sum_of(self.lines)
        charges = sum((one.amount for one in self.sums.charges), Decimal(0))
        tied = total is not None and total + charges == self.sums.net
        return tied, proven + _UNPROVEN * (len(self.lines) - proven)

    @property
    def is_proven(self) -> bool:
        """Whether no other reading could be better: all of it adds up."""
        tied, weight = self.evidence
        return tied and not self.unread and weight == len(self.lines)


def read_order(
    text: str, *, format: str, language: str = "de", today: date | None = None
) -> ReadDocument:
    """What a laid-out text, or the text of a mail, says."""
    terms = Terms(format, language, today)
    shown, below = text[:MAX_CHARACTERS], ""
    if format == "text":
        shown, below = own_words(shown)
        return _letter(shown, below, terms)
    return read_rows(rows(shown), terms)


def read_rows(page: Sequence[Row], terms: Terms) -> ReadDocument:
    """What a document says whose rows are known, be it a page, a sheet or a laid-out text."""
    shown = "\n".join(row.text for row in page)
    numbers = terms.notation or notation(shown, terms.language or language_of(shown))
    dated = fields.date_of(page)
    near = dated.value if dated else terms.today
    found = _surest(settled(without_furniture(page)), numbers, near)
    if not found.is_proven:
        prose = read_sentences(sentences(shown))
        told = _found(page, TableLines(), _on_a_page(prose), numbers, near)
        better = told.ties and told.evidence > found.evidence and told.numbered >= found.numbered
        found = told if better or not found.lines else found
    return _document(page, _kind(page, found, terms), found, terms, dated)


def _on_a_page(prose: TextLines) -> TextLines:
    """Sentences that were found where a table was expected are less sure without a number."""
    lines = (line if line.sku else replace(line, certainty=_LOOSE) for line in prose.lines)
    return replace(prose, lines=tuple(lines))


def _kind(page: Sequence[Row], found: _Found, terms: Terms) -> str:
    """Without a title, lines under an order's number are an order, and so are those of a sheet."""
    if kind := fields.kind_of(page):
        return kind
    named = terms.format in _SHEETS or fields.number_of(page, "order")
    return "order" if found.lines and named else "other"


def _letter(shown: str, below: str, terms: Terms) -> ReadDocument:
    """Tables first, then the sentences around them."""
    page, numbers = rows(shown), notation(shown, terms.language or language_of(shown))
    dated = fields.date_of(page)
    near = dated.value if dated else terms.today
    table = read_tables(page, numbers)
    prose = read_sentences(sentences(_without_rows(shown, table)))
    found = _found(page, table, prose, numbers, near)
    found = replace(found, unread=(*found.unread, *_afterthoughts(below)))
    kind = "order" if found.lines or _WISH.search(shown) else "other"
    return _document(page, kind, found, terms, dated)


def _surest(page: Sequence[Row], numbers: Notation, near: date | None) -> _Found:
    """The reading that the document's own figures support most; a table is the usual one."""
    best = _Found()
    for read in (read_tables, read_blocks, read_bare):
        reading = _found(page, read(page, numbers), TextLines((), (), ()), numbers, near)
        best = max(best, reading, key=lambda each: each.evidence)
        if best.is_proven:
            break
    return best


def _found(
    page: Sequence[Row], table: TableLines, prose: TextLines, numbers: Notation, near: date | None
) -> _Found:
    raw = (*table.lines, *prose.lines)
    lines, unread = _read(raw, numbers, near)
    sums = read_sums(page, numbers, sum_of(lines), table.charges)
    refused = tuple(line.source.snippet for line in lines if refuses(line.source.snippet))
    return _Found(
        lines=tuple(_cautious(line) for line in scored(lines, sums)),
        unread=(*table.unread, *prose.unread, *unread),
        caution=(*prose.caution, *refused),
        sums=sums,
    )


def _cautious(line: ReadLine) -> ReadLine:
    words = line.source.snippet
    doubtful = refuses(words) or _OPTIONAL.search(words)
    return replace(line, score=min(line.score, _DOUBTFUL)) if doubtful else line


def _document(
    page: Sequence[Row], kind: str, found: _Found, terms: Terms, dated: fields.Found[date] | None
) -> ReadDocument:
    in_letter = terms.format == "text"
    number = fields.number_of(page, kind)
    near = dated.value if dated else terms.today
    requested = _requested(page, found, near, in_letter=in_letter)
    seller, reference = (fields.party_of(page, party) for party in ("seller", "reference"))
    buyer = fields.buyer_of(page, seller)
    heads = {
        "number": number, "date": dated, "requested_date": requested, "buyer": buyer,
        "seller": seller, "buyer_reference": reference,
    }  # fmt: skip
    sums = found.sums
    return ReadDocument(
        kind=kind,
        format=terms.format,
        number=number.value if number else "",
        date=dated.value if dated else None,
        requested_date=requested.value if requested else None,
        currency=fields.currency_of("\n".join(row.text for row in page)),
        buyer=Party(buyer.value if buyer else ""),
        seller=Party(seller.value if seller else ""),
        buyer_reference=reference.value if reference else "",
        lines=found.lines,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
        charges=sums.charges,
        checks=(*arithmetic(found.lines, sums), *_completeness(found)),
        sources={name: one.source for name, one in heads.items() if one} | dict(sums.sources),
    )


def _afterthoughts(below: str) -> list[str]:
    """What looks like a line under the signature is no line, and not to be passed over either."""
    return [line.source for line in read_sentences(sentences(below)).lines]


def _without_rows(shown: str, table: TableLines) -> str:
    known = {part for line in table.lines for part in line.source.split("\n")}
    return "\n".join(line for line in shown.split("\n") if line.strip() not in known)


def _read(
    raw: Sequence[RawLine], numbers: Notation, near: date | None
) -> tuple[tuple[ReadLine, ...], list[str]]:
    lines: list[ReadLine] = []
    unread = [each.source for each in raw[MAX_LINES:]]
    for each, position in zip(raw[:MAX_LINES], _positions(raw), strict=False):
        if line := read_line(each, position, numbers, near):
            lines.append(line)
        else:
            unread.append(each.source)
    return tuple(lines), unread


def _positions(raw: Sequence[RawLine]) -> Iterable[int]:
    """The document's own numbering, if it is one."""
    stated = [int(each.position) for each in raw if re.fullmatch(r"\d{1,5}", each.position)]
    return stated if len(set(stated)) == len(raw) else range(1, len(raw) + 1)


def _requested(
    page: Sequence[Row], found: _Found, near: date | None, *, in_letter: bool
) -> fields.Found[date] | None:
    """The day all lines share, where they state one; else the one the document names."""
    days = _days(found)
    if days:
        return fields.Found(next(iter(days)), Source()) if len(days) == 1 else None
    wished = fields.requested_date_of(page, near)
    return fields.deadline_of(page, near) if wished is None and in_letter else wished


def _days(found: _Found) -> set[date]:
    return {line.requested_date for line in found.lines if line.requested_date}


def _completeness(found: _Found) -> list[Check]:
    days = sorted(_days(found))
    several = [", ".join(day.isoformat() for day in days)] if len(days) > 1 else []
    return [
        none_of(N_("Every row was read"), found.unread),
        none_of(N_("The wording is plain"), found.caution),
        none_of(N_("All lines are wanted on one day"), several),
    ]


def cut_short(document: ReadDocument) -> ReadDocument:
    """The document with the failed check that it was not read to its end."""
    cut = Check(N_("The document was read to its end"), CheckState.FAILED)
    return replace(document, checks=(*document.checks, cut))
