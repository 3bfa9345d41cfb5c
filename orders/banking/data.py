"""What a statement of the bank says."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

# An account's movements of a busy year; a file with more is cut by whoever exports it.
MAX_ENTRIES = 10_000
# What a column of the books holds (14 digits, 2 of them behind the point).
MAX_AMOUNT = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One booked amount; positive: it came in."""

    booked_on: date
    amount: Decimal
    currency: str
    purpose: str = ""
    party: str = ""
    iban: str = ""
    end_to_end: str = ""
    reference: str = ""
    """The bank's own, where it gives one."""
    reversal: bool = False
    """It takes back an earlier entry."""


@dataclass(frozen=True, slots=True)
class Statement:
    format: str
    account: str
    """The IBAN, or bank code and account number as MT940 has them."""
    number: str
    currency: str
    opening: Decimal
    closing: Decimal
    from_date: date
    to_date: date
    entries: tuple[Entry, ...] = ()

    @property
    def difference(self) -> Decimal:
        """What is missing between the balances and the entries; zero where it adds up."""
        return self.opening + sum((one.amount for one in self.entries), Decimal(0)) - self.closing

    def as_json(self) -> dict[str, Any]:
        return {
            **{name: str(value) for name, value in asdict(self).items()},
            "entries": [
                {
                    **asdict(one),
                    "amount": str(one.amount),
                    "booked_on": one.booked_on.isoformat(),
                }
                for one in self.entries
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Statement":
        entries = tuple(
            Entry(**{**one, **_dates(one, "booked_on"), "amount": Decimal(one["amount"])})
            for one in data["entries"]
        )
        sums = {name: Decimal(data[name]) for name in ("opening", "closing")}
        dates = _dates(data, "from_date", "to_date")
        return cls(**{**data, **sums, **dates, "entries": entries})


def _dates(data: dict[str, Any], *names: str) -> dict[str, date]:
    return {name: date.fromisoformat(data[name]) for name in names}


@dataclass(frozen=True, slots=True)
class File:
    """A statement and the hash of the file it came in; a second one of a file gets its own."""

    sha256: str
    statement: Statement


def unreadable(message: str) -> DomainError:
    return DomainError("statement.unreadable", message, status=422)


NO_STATEMENT = N_("This is neither a CAMT.053 nor an MT940 statement.")
DAMAGED = N_("The statement is damaged and cannot be read.")
TOO_LARGE = N_("The file is too large for a bank statement.")
NO_BALANCE = N_("The statement says no opening or closing balance, so nothing can be checked.")
