"""A letter of ours as plain facts: what stands in it, in the reader's language and in order."""

import datetime
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Sender:
    """We, as the letterhead and the foot of each page name us."""

    name: str
    return_line: str
    """One line above the address, so that the letter comes back if nobody takes it."""
    foot: tuple[tuple[str, ...], ...] = ()
    """Columns of the foot: address, contact, register, bank (§ 35a GmbHG)."""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: float
    """In millimetres; 0 takes what the others leave."""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    """What follows a line break stands smaller below."""
    amount: Decimal | None = None
    """What it adds to the sum that is carried from page to page."""


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    carried: str = ""
    """The words for the sum so far; empty where nothing is summed up."""


@dataclass(frozen=True, slots=True)
class Sum:
    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    sender: Sender
    language: str
    title: str
    number: str
    day: datetime.date
    address: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    """The block beside the address: number, date, customer number ..."""
    opening: tuple[str, ...] = ()
    table: Table | None = None
    sums: tuple[Sum, ...] = ()
    payment: tuple[tuple[str, str], ...] = ()
    """Where and how to pay, set apart."""
    closing: tuple[str, ...] = ()
    page: str = "{page} / {pages}"
