"""What pages repeat at their top and bottom: letterhead, address of the bank, number of the page."""

import re
from collections import defaultdict
from collections.abc import Sequence

from orders.documents.headers import find_header
from orders.documents.layout import Row

_TOP, _BOTTOM = 0.25, 0.85
_SAME_HEIGHT = 0.02
_DIGITS = re.compile(r"\d+")
_PAGE = re.compile(r"\b\d{1,3}\b")
_NUMBERS = 3


def without_furniture(rows: Sequence[Row]) -> list[Row]:
    """The rows without those that stand at the same height of several pages; the first copy of
    what stands at the top stays, since it may hold the number of the order."""
    heights: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row in rows:
        if (height := _height(row)) is not None:
            heights[_shape(row)].append((row.page, height))
    return [row for row in rows if not _is_furniture(row, heights[_shape(row)])]


def _is_furniture(row: Row, seen: Sequence[tuple[int, float]]) -> bool:
    height = _height(row)
    if height is None or find_header([row]):
        return False
    others = [
        page for page, other in seen if page != row.page and abs(other - height) <= _SAME_HEIGHT
    ]
    return bool(others) and (height >= _BOTTOM or min(others) < row.page)


def _shape(row: Row) -> str:
    return _PAGE.sub("0", row.text)


def _height(row: Row) -> float | None:
    """How far down its page it stands, where pages repeat things; None elsewhere."""
    box = row.cells[0].box
    figures = sum(bool(_DIGITS.search(cell.text)) for cell in row.cells)
    if box is None or figures >= _NUMBERS:
        return None
    return box[1] if box[1] <= _TOP or box[1] >= _BOTTOM else None
