"""A document as a person put it right: fields by their paths, and the arithmetic done again.

Paths are those of the stored document: "number", "seller.iban", "lines.2.quantity"; "lines.2" with
None takes a line out, and the fields of the line after the last one add it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hbu.lib.reasons import N_
from orders.data import Check, Party, ReadDocument, ReadLine, Source
from orders.documents.checks import arithmetic
from orders.documents.totals import Sums

Value = str | date | Decimal | None
BY_HAND = N_("by hand")
HEAD = frozenset(
    {
        "kind", "number", "date", "requested_date", "due_date", "currency", "buyer_reference",
        "order_reference", "net", "tax", "gross", "payable",
    }
)  # fmt: skip
PARTIES = frozenset({"buyer", "seller"})
LINE = frozenset({"sku", "name", "quantity", "unit", "price", "total"})
_PARTY = frozenset(one.name for one in fields(Party))


def mended(document: ReadDocument, changes: Mapping[str, Value]) -> ReadDocument:
    """The document with the changes; raises KeyError for a path that is none."""
    head: dict[str, Any] = {}
    parties: dict[str, dict[str, Any]] = defaultdict(dict)
    lines: dict[int, dict[str, Any] | None] = {}
    for path, value in changes.items():
        match path.split("."):
            case [name] if name in HEAD:
                head[name] = value
            case [party, name] if party in PARTIES and name in _PARTY:
                parties[party][name] = value
            case ["lines", index, *rest]:
                _note_line(lines, int(index), rest, value)
            case _:
                raise KeyError(path)
    head |= {name: replace(getattr(document, name), **new) for name, new in parties.items()}
    sources = document.sources | {
        path: _by_hand(document.sources.get(path, Source()))
        for path in changes
        if not path.startswith("lines.")
    }
    result = replace(
        document, **head, lines=_lines(document.lines, lines), sources=sources, error=""
    )
    return replace(result, checks=_checked_again(document, result))


def _note_line(
    lines: dict[int, dict[str, Any] | None], index: int, rest: list[str], value: Value
) -> None:
    if not rest:
        lines[index] = None
    elif len(rest) == 1 and rest[0] in LINE:
        known = lines.setdefault(index, {})
        if known is not None:
            known[rest[0]] = value
    else:
        raise KeyError(".".join(["lines", str(index), *rest]))


def _lines(
    lines: tuple[ReadLine, ...], changes: Mapping[int, dict[str, Any] | None]
) -> tuple[ReadLine, ...]:
    kept = [
        _mended(line, changes.get(index, {}) or {})
        for index, line in enumerate(lines)
        if changes.get(index, {}) is not None
    ]
    last = max((line.position for line in lines), default=0)
    for index, values in sorted(changes.items()):
        if index >= len(lines) and values and values.get("quantity") is not None:
            last += 1
            blank = ReadLine(last, "", "", Decimal(0), source=_by_hand(Source()))
            kept.append(_mended(blank, values))
    return tuple(kept)


def _mended(line: ReadLine, values: Mapping[str, Any]) -> ReadLine:
    if not values:
        return line
    return replace(
        line,
        **values,
        score=1.0,
        ambiguous=line.ambiguous and "quantity" not in values,
        source=_by_hand(line.source),
    )


def _by_hand(source: Source) -> Source:
    """Still where it stands in the document, and certain."""
    return replace(source, path=BY_HAND, score=1.0)


def _checked_again(before: ReadDocument, after: ReadDocument) -> tuple[Check, ...]:
    """What the figures say now. The report on an e-invoice is about the file, which is as it was."""
    if before.checks and all(check.part for check in before.checks):
        return before.checks
    figures = [tuple(arithmetic(one.lines, _sums(one))) for one in (before, after)]
    redone = {check.name for checks in figures for check in checks}
    return (*figures[1], *(check for check in before.checks if check.name not in redone))


def _sums(document: ReadDocument) -> Sums:
    return Sums(document.net, document.tax, document.gross, charges=document.charges)
