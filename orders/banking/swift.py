"""MT940 (SWIFT): one statement for each :20:, read by mt-940 and field :86: by ourselves.

The library's door takes a text for a file name where one of that name lies on our disk; only its
parser is used, which gets text and nothing else.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from mt940.models import Transaction, Transactions
from mt940.options import Options

from hbu.lib.reasons import N_
from orders.banking import details
from orders.banking.data import (
    DAMAGED,
    MAX_AMOUNT,
    MAX_ENTRIES,
    NO_BALANCE,
    TOO_LARGE,
    Entry,
    Statement,
    unreadable,
)

FORMAT = "MT940"
_START = re.compile(r"^:20:", re.MULTILINE)
_LINES = re.compile(r"^:61:", re.MULTILINE)
_INTERIM = re.compile(r"^:13D?:|^:34F:", re.MULTILINE)
# Raw, so that :86: comes as it was written; the library strips its sub-fields.
_RAW: dict[str, list[Any]] = {"post_transaction_details": []}
_OPENING = ("final_opening_balance", "intermediate_opening_balance", "opening_balance")
_CLOSING = ("final_closing_balance", "intermediate_closing_balance", "closing_balance")
_NOT_SAID = {"NONREF", "NOTPROVIDED", "KREF+", ""}
_DAY_REPORT = N_("This is a report of the running day (MT942); it has no balances.")


def looks_like(text: str) -> bool:
    return bool(_START.search(text)) and ":25:" in text


def read(text: str) -> list[Statement]:
    """Raises DomainError where the file is no statement or says what cannot be."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return [_statement(block) for block in _blocks(plain)]


def _blocks(text: str) -> Iterator[str]:
    starts = [mark.start() for mark in _START.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def _statement(block: str) -> Statement:
    parsed = _parsed(block)
    data = parsed.data
    opening = next((data[name] for name in _OPENING if data.get(name)), None)
    closing = next((data[name] for name in _CLOSING if data.get(name)), None)
    if opening is None or closing is None:
        raise unreadable(_DAY_REPORT if _INTERIM.search(block) else NO_BALANCE)
    rows = parsed.transactions
    if len(rows) != len(_LINES.findall(block)):
        raise unreadable(DAMAGED)
    if len(rows) > MAX_ENTRIES:
        raise unreadable(TOO_LARGE)
    currency = str(closing.amount.currency or "")
    entries = tuple(_entry(row, currency) for row in rows)
    dates = [one.booked_on for one in entries]
    return Statement(
        format=FORMAT,
        account=str(data.get("account_identification") or "").strip(),
        number=str(data.get("statement_number") or "").lstrip("0")[:40],
        currency=currency,
        opening=_amount(opening.amount.amount),
        closing=_amount(closing.amount.amount),
        from_date=min(dates, default=_day(opening.date)),
        to_date=max([*dates, _day(closing.date)]),
        entries=entries,
    )


def _parsed(block: str) -> Transactions:
    parsed = Transactions(processors=_RAW, options=Options.all())
    try:
        parsed.parse(block)
    except (RuntimeError, ValueError, ArithmeticError, KeyError, TypeError) as broken:
        raise unreadable(DAMAGED) from broken
    return parsed


def _entry(row: Transaction, currency: str) -> Entry:
    data = row.data
    said = details.read(_text(data, "transaction_details"))
    own = _text(data, "customer_reference")
    reference = _text(data, "bank_reference")
    return Entry(
        booked_on=_day(data.get("entry_date") or data["date"]),
        amount=_amount(data["amount"].amount),
        currency=currency,
        purpose=said.purpose,
        party=said.party[:140],
        iban=said.iban[:42],
        end_to_end=(said.end_to_end or ("" if own.upper() in _NOT_SAID else own))[:80],
        reference=("" if reference.upper() in _NOT_SAID else reference)[:80],
        reversal=str(data.get("status") or "").upper().startswith("R") or said.returned,
    )


def _text(data: dict[str, Any], name: str) -> str:
    return str(data.get(name) or "").strip()


def _amount(amount: Decimal) -> Decimal:
    if not amount.is_finite() or abs(amount) >= MAX_AMOUNT or amount != round(amount, 2):
        raise unreadable(DAMAGED)
    return round(amount, 2)


def _day(day: date) -> date:
    return date(day.year, day.month, day.day)
