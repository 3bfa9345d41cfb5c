"""How many pieces of something can be ordered: whole packs, from a minimum on. No Django here."""

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MOST = 1_000_000
"""Of one product; whoever needs more asks for a quotation."""


class BadQuantity(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "quantity.invalid",
            N_("Please enter a whole number of pieces from 1 to 1,000,000."),
            status=400,
        )


def parse(text: object) -> int:
    """Return the pieces that somebody typed. Raises BadQuantity for whatever is no such number."""
    digits = str(text).strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(MOST)):
        raise BadQuantity
    quantity = int(digits)
    if not 1 <= quantity <= MOST:
        raise BadQuantity
    return quantity


def whole_packs(quantity: int, *, pack_size: int, min_quantity: int) -> int:
    """Return the next quantity from here on that we sell; never more than the most."""
    packs = -(-max(quantity, min_quantity, 1) // pack_size)
    return max(min(packs, MOST // pack_size), 1) * pack_size


def corrections(quantity: int, *, pack_size: int, min_quantity: int) -> tuple[str, ...]:
    """Return why a quantity cannot stay, by the codes of the doubts about an order."""
    found = []
    if quantity < min_quantity:
        found.append("min_quantity")
    if quantity % pack_size:
        found.append("pack_size")
    return tuple(found)


def supply(free: int, min_quantity: int) -> str:
    """Return in a word how much there is: "available", "few", or made on "request"."""
    if free >= 5 * min_quantity:
        return "available"
    return "few" if free >= min_quantity else "request"
