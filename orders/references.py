"""Numbers of ours in a stranger's words: "RE 2026 000123", "re2026-123", "Rechnung Nr. 123".

Pure. Numbers are as `hbu.company.numbers.draw` makes them: series, year, running number. Who writes
them on a transfer drops zeros, dashes and now and then the series, and a bank breaks lines inside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OURS = re.compile(r"([A-Z]+)-(\d{4})-(\d+)")
_SEPARATOR = r"[\s:#./_-]{0,4}"
_LABEL = r"(?:n[or]|num(?:mer|ber))"
_NAMED = re.compile(
    rf"(?<![A-Za-z0-9])(?:([A-Za-zÄÖÜäöüß]{{1,24}}){_SEPARATOR})?(?:{_LABEL}{_SEPARATOR})?"
    rf"(20\d\d){_SEPARATOR}(\d(?:\s?\d){{0,8}})",
    re.IGNORECASE,
)
_SHORT = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z]{{1,24}}){_SEPARATOR}(?:{_LABEL}{_SEPARATOR})?"
    r"(?!20\d\d\b)(\d{1,6})(?![\d.,/-]*\d)",
    re.IGNORECASE,
)
_MORE = re.compile(r"\s?(?:[,;/+&]|und\b|and\b)\s?(\d{2,6})(?![.,]?\d)")
_FULL = 5
"""Digits from which a number stands for itself, without its series."""
_LONG = 2
"""Letters that may be a series; a longer word before a number is a word."""
INVOICE_WORDS = frozenset(
    [
        "re",
        "rg",
        "rn",
        "rnr",
        "rech",
        "rechn",
        "rechnung",
        "rechnungen",
        "rechnungs",
        "rechnungsnr",
        "rechnungsnummer",
        "rechnr",
        "rechnungnr",
        "rgnr",
        "renr",
        "invoice",
        "invoices",
        "inv",
        "invnr",
        "invno",
        "invoiceno",
        "faktura",
        "beleg",
        "belegnr",
    ]
)
CREDIT_WORDS = frozenset(
    ["gs", "gutschrift", "gutschriften", "gutschriftsnr", "credit", "note", "cn"]
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of ours, taken apart."""

    series: str
    year: int
    running: int


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text seems to name."""

    word: str
    """The letters before it, in capitals: a series of ours, another word, or nothing."""
    year: int
    """0: not said."""
    running: tuple[int, ...]
    """What it may be, the likeliest first: digits behind a blank belong to it or do not."""
    full: bool
    """Written out, so that it can hardly be anything else."""
    as_written: str
    more: tuple[int, ...] = ()
    """Further running numbers in a list: "RE-2026-000123, 124 und 125"."""

    @property
    def says_invoice(self) -> bool:
        return self.word.lower() in INVOICE_WORDS

    @property
    def says_credit(self) -> bool:
        return self.word.lower() in CREDIT_WORDS

    def may_be_of(self, series: str, *, is_credit: bool = False) -> bool:
        """Whether the letters before it allow this series."""
        if self.word == series:
            return True
        words = self.says_credit if is_credit else self.says_invoice
        if words or not self.full or self.says_credit or self.says_invoice:
            return words
        return len(self.word) > _LONG or not self.word


def parse(number: str) -> Number | None:
    """Take apart a number of ours; None where it is of another shape."""
    found = _OURS.fullmatch(number)
    return Number(found[1], int(found[2]), int(found[3])) if found else None


def find(text: str) -> Iterator[Reference]:
    """Yield what may be numbers of ours, in order; of one place only the fullest."""
    taken: list[tuple[int, int]] = []
    for match in _NAMED.finditer(text):
        runs = match[3].split()
        taken.append(match.span())
        yield Reference(
            word=(match[1] or "").upper(),
            year=int(match[2]),
            running=_possible(runs),
            full=len("".join(runs)) >= _FULL,
            as_written=" ".join(match[0].split()),
            more=_more(text, match.start(3) + len(runs[0])),
        )
    for match in _SHORT.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        word = match[1].upper()
        if word.lower() in INVOICE_WORDS | CREDIT_WORDS:
            written = " ".join(match[0].split())
            yield Reference(word, 0, (int(match[2]),), full=False, as_written=written)


def _possible(runs: list[str]) -> tuple[int, ...]:
    """The first digits alone if they are many enough, else also with what follows a blank."""
    found: list[int] = []
    joined = ""
    for run in runs:
        joined += run
        if len(joined) > _FULL + 1 and found:
            break
        found.append(int(joined[:9]))
        if len(joined) > _FULL:
            break
    # "00012 3": zeros in front say that it goes on.
    return tuple(reversed(found)) if runs[0].startswith("0") else tuple(found)


def _more(text: str, at: int) -> tuple[int, ...]:
    found = []
    while match := _MORE.match(text, at):
        found.append(int(match[1]))
        at = match.end()
    return tuple(found)
