"""Order lines and head fields read from papers and sheets of many layouts."""

from collections import Counter
from decimal import Decimal

from orders.documents.files import read_bytes
from tests.corpora.figure import Figure
from tests.corpora.order_papers import abroad, drawn, odd, programs, sheets, tables

KNOWN = (
    tables.classic, tables.centred, tables.wide, tables.under, tables.pages, tables.commented,
    drawn.bare_columns, drawn.sap, drawn.blocks, drawn.typed, drawn.headless, drawn.above,
)  # fmt: skip
HELD_BACK = (
    odd.sideways, odd.tight, odd.unpriced, odd.two_tables, odd.listed, odd.boxed, odd.bilingual,
    odd.endless, odd.bracketed, odd.charged, odd.squeezed, odd.untitled, odd.scheduled,
)  # fmt: skip
PROGRAMS = (
    programs.browser, programs.conditions, programs.reduced, programs.narrow,
    programs.above_its_figures, programs.line_printer, programs.told,
    abroad.in_alps, abroad.abroad, abroad.american,
)  # fmt: skip
SHEETS = (
    sheets.plain_book, sheets.typed_book, sheets.sheet_of_all_articles, sheets.delimited,
    sheets.with_letterhead,
)  # fmt: skip
SEEDS = 5
HEADS = ("number", "date", "net", "gross")


def measure() -> tuple[Figure, ...]:
    return (
        *_figures("", KNOWN),
        *_figures(" (held back)", HELD_BACK),
        *_figures(" (other programs)", PROGRAMS, heads=(*HEADS, "buyer")),
        *_figures(" (sheets)", SHEETS),
    )


def _figures(suffix, layouts, heads=HEADS):
    tally = Counter()
    notes = {"recall": [], "precision": [], "sure": [], "head": []}
    for layout in layouts:
        for seed in range(SEEDS):
            basket, data, *file = layout(seed)
            name = f"{layout.__name__} {seed}"
            _, document = read_bytes(data, name=(*file, "a.pdf")[0])
            _count(name, basket, document, heads, tally, notes)
    return (
        Figure(
            f"order lines: recall{suffix}",
            tally["right"],
            tally["wanted"],
            0.88,
            tuple(notes["recall"]),
        ),
        Figure(f"order lines: precision{suffix}", tally["right"], tally["read"], 0.96),
        Figure(
            f"lines >= 0.9 are right{suffix}",
            tally["sure right"],
            tally["sure"],
            0.99,
            tuple(notes["sure"]),
        ),
        Figure(
            f"head fields{suffix}", tally["heads right"], tally["heads"], 0.95, tuple(notes["head"])
        ),
    )


def _count(name, basket, document, heads, tally, notes):
    priced = "price" not in basket.unsaid
    wanted = Counter((x.sku, x.quantity, _price(x.price if priced else None)) for x in basket.lines)
    tally["wanted"] += len(basket.lines)
    missing = wanted.copy()
    for line in document.lines:
        key = (line.sku, line.quantity, _price(line.price))
        right = missing[key] > 0
        missing[key] -= right
        tally["read"] += 1
        tally["right"] += right
        tally["sure"] += line.score >= 0.9
        tally["sure right"] += right and line.score >= 0.9
        if not right and line.score >= 0.9:
            notes["sure"].append(f"{name}: {key}")
    if lost := +missing:
        notes["recall"].append(f"{name}: {sum(lost.values())} of {len(basket.lines)} lines")
    for head, value in _heads(basket, heads):
        read = document.buyer.name if head == "buyer" else getattr(document, head)
        tally["heads"] += 1
        tally["heads right"] += read == value
        if read != value:
            notes["head"].append(f"{name}: {head} {read} instead of {value}")


def _price(price):
    return None if price is None else round(Decimal(price), 4)


def _heads(basket, heads):
    values = {
        "number": basket.number,
        "date": basket.issued,
        "net": basket.net,
        "gross": basket.gross,
        "buyer": basket.buyer,
    }
    return [(head, values[head]) for head in heads if head not in basket.unsaid]
