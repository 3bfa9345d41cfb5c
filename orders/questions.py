"""What to ask a customer about a doubtful order, in words that he understands. No Django here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hbu.lib.reasons import N_

WHOLE = {
    "unknown_customer": N_(
        "Under which company name, address and customer number may we enter it?"
    ),
    "duplicate": N_("We hold an order with the number {reference} already. Is this a new order?"),
    "no_number": N_("Under which order number of yours may we enter it?"),
    "date_in_past": N_("The delivery date you ask for is past. When do you need the goods?"),
    "currency": N_("We invoice in euro. Is that agreeable to you?"),
    "unreadable": N_(
        "We could not open your document. Could you send it again, for example as PDF?"
    ),
    "no_lines": N_("Which articles do you need, and how many pieces of each?"),
    "check_failed": N_("Some figures in your order do not tie: {evidence}. Which ones are right?"),
    "totals_differ": N_(
        "Our prices come to another sum than your order: {evidence}. Do you agree?"
    ),
}
LINES = {
    "unknown_article": N_("Line {line}, “{written}”: which of our articles do you mean? {close}"),
    "weak_match": N_("Line {line}, “{written}”: do you mean {product}?"),
    "ambiguous_quantity": N_("Line {line}, “{written}”: how many pieces do you need?"),
    "unknown_unit": N_("Line {line}, “{written}”: how many pieces do you need?"),
    "pack_unit": N_("Line {line}, {product}: do you need {quantity} pieces, {pack} in a pack?"),
    "odd_quantity": N_("Line {line}, “{written}”: how many whole pieces do you need?"),
    "min_quantity": N_(
        "Line {line}, {product}: we sell {least} pieces or more. How many may we send?"
    ),
    "pack_size": N_(
        "Line {line}, {product}: there are {pack} pieces in a pack. How many may we send?"
    ),
    "price_differs": N_("Line {line}, {product}: our price is {price} a piece. Do you agree?"),
    "stock": N_(
        "Line {line}, {product}: {available} pieces are in stock. May we send the rest later?"
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as the customer knows it."""

    written: str
    product: str
    quantity: str
    price: str
    pack: int
    least: int
    available: int
    close: Sequence[str]
    """Products that came close."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    """Marked for translation, with places for the values."""
    values: Mapping[str, object]


def questions(
    doubts: Sequence[Mapping[str, object]], lines: Mapping[int, Asked], reference: str
) -> Iterator[Question]:
    """Yield one question for each doubt that the customer can settle, each asked once."""
    seen = set()
    for doubt in doubts:
        code, position = str(doubt["code"]), int(str(doubt["position"]))
        line = lines.get(position)
        text = LINES.get(code) if line else WHOLE.get(code)
        if text is None or (text, position) in seen:
            continue
        seen.add((text, position))
        values: dict[str, object] = {"reference": reference, "evidence": doubt["evidence"]}
        yield Question(text, values | (_values(position, line) if line else {}))


def _values(position: int, line: Asked) -> dict[str, object]:
    return {
        "line": position,
        "written": line.written or line.product,
        "product": line.product,
        "quantity": line.quantity,
        "price": line.price,
        "pack": line.pack,
        "least": line.least,
        "available": line.available,
        "close": ", ".join(line.close),
    }
