"""How far an order is done, told from the pieces of its lines. Pure: no Django, no clock."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Pieces:
    """Counts of a line, or of a whole order as the sum of its lines."""

    ordered: int = 0
    cancelled: int = 0
    shipped: int = 0
    delivered: int = 0
    returned: int = 0
    invoiced: int = 0
    credited: int = 0

    @property
    def wanted(self) -> int:
        """What is still to be had or has been: ordered and not cancelled."""
        return self.ordered - self.cancelled

    @property
    def to_ship(self) -> int:
        return self.wanted - self.shipped

    @property
    def on_the_way(self) -> int:
        return self.shipped - self.delivered

    @property
    def returnable(self) -> int:
        return self.shipped - self.returned

    @property
    def billed(self) -> int:
        return self.invoiced - self.credited

    @property
    def to_bill(self) -> int:
        """Pieces that left the house, did not come back and stand on no invoice."""
        return max(0, self.returnable - self.billed)

    @property
    def to_credit(self) -> int:
        """Pieces that are billed although the customer neither has nor gets them."""
        return max(0, self.billed - (self.wanted - self.returned))


@dataclass(frozen=True, slots=True)
class Progress:
    """All lines together; what is open is summed line by line, for pieces of one do not make up
    for those of another."""

    lines: tuple[Pieces, ...]

    @property
    def total(self) -> Pieces:
        sums = (sum(column) for column in zip(*map(astuple, self.lines), strict=True))
        return Pieces(*sums)

    @property
    def to_ship(self) -> int:
        return sum(line.to_ship for line in self.lines)

    @property
    def to_bill(self) -> int:
        return sum(line.to_bill for line in self.lines)

    @property
    def to_credit(self) -> int:
        return sum(line.to_credit for line in self.lines)

    @property
    def begun(self) -> bool:
        """Whether anything has left the house."""
        return any(line.shipped for line in self.lines)

    @property
    def shipped(self) -> bool:
        return self.begun and self.to_ship == 0

    @property
    def delivered(self) -> bool:
        return self.shipped and not any(line.on_the_way for line in self.lines)

    @property
    def billed(self) -> bool:
        return self.delivered and self.to_bill == 0


def progress(lines: Iterable[Pieces]) -> Progress:
    return Progress(tuple(lines))


def follows(state: str, done: Progress, *, paid: bool) -> str:
    """Return the transition that the rows of an order in this state call for; "" if none.

    `paid`: its invoices are paid, or settled otherwise.
    """
    called_for = {
        "PACKED": ("ship", done.shipped),
        "SHIPPED": ("deliver", done.delivered),
        "DELIVERED": ("invoice", done.billed),
        "INVOICED": ("close", done.billed and paid and not done.to_credit),
    }
    transition, due = called_for.get(state, ("", False))
    return transition if due else ""
