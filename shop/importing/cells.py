"""What a cell means. Each reader raises ValueError in words that people understand."""

import re
from decimal import Decimal

from hbu.lib.reasons import N_

_AMOUNT = re.compile(r"\d{1,9}([.,]\d{1,6})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_YES = frozenset({"true", "yes", "y", "ja", "j", "wahr", "1", "x"})
_NO = frozenset({"false", "no", "n", "nein", "falsch", "0", "-"})
_STEP = re.compile(r"\s*(\d{1,9})\s*:\s*(\d{1,9}(?:[.,]\d{1,6})?)\s*", re.ASCII)
NONE: tuple[tuple[int, Decimal], ...] = ()


def amount(text: str) -> Decimal:
    """0,38 and 0.38; a number with both signs might mean anything."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError(N_("not a number such as 0.38"))
    return Decimal(text.replace(",", "."))


def whole(text: str) -> int:
    """1.000 might be one or a thousand, so it is neither."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(N_("not a whole number such as 1000, without separators"))
    return int(text)


def yes_or_no(text: str) -> bool:
    said = text.casefold()
    if said not in _YES | _NO:
        raise ValueError(N_("neither yes nor no"))
    return said in _YES


def words(text: str) -> str:
    return text


def steps(text: str) -> tuple[tuple[int, Decimal], ...]:
    """Tier prices: "1000: 0.36 | 5000: 0.34"."""
    found = []
    for step in text.split("|") if text.strip() else ():
        read = _STEP.fullmatch(step)
        if not read:
            raise ValueError(N_("not tier prices such as 1000: 0.36 | 5000: 0.34"))
        found.append((int(read[1]), amount(read[2])))
    if len({since for since, _ in found}) < len(found):
        raise ValueError(N_("the same quantity twice"))
    return tuple(sorted(found))


def shown(value: object) -> str:
    """A value as the preview shows it and an export writes it, always the same."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return " | ".join(f"{since}: {shown(price)}" for since, price in value)
    return "" if value is None else str(value)
