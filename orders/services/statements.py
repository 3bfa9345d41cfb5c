"""Files of the bank enter the books: read in the jail, checked, each entry once, then matched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from hbu.company.models import Company
from hbu.company.numbers import take_turns
from hbu.journal.recording import record_many
from hbu.lib import jail
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.banking.data import TOO_LARGE, Entry, File, Statement, unreadable
from orders.banking.door import MAX_BYTES
from orders.banking.keys import is_ours, keyed
from orders.models import BankEntry, BankStatement
from orders.services import reconciling

SECONDS = 60
_READ = "orders.banking.door:read"


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought."""

    statements: list[BankStatement]
    """New ones only."""
    known_statements: int
    entries: int
    known_entries: int
    """Came before, in another statement."""
    matched: int


def read(data: bytes) -> list[File]:
    """The statements of a file or an archive; raises DomainError and stores nothing."""
    if len(data) > MAX_BYTES:
        raise unreadable(TOO_LARGE)
    found = jail.call(_READ, data, seconds=SECONDS)
    return [File(one["sha256"], Statement.from_json(one["statement"])) for one in found]


def load(data: bytes, filename: str, *, by: AbstractBaseUser | None = None) -> Imported:
    """Import a file and match what it brought; the same file again brings nothing.

    Raises DomainError, having stored nothing, where it cannot be read, is not of our account or does
    not add up.
    """
    files = read(data)
    account = _account()
    for file in files:
        _check(file.statement, account)
    with transaction.atomic():
        # Two people may send the same file in the same moment.
        take_turns("bank-statements")
        brought = _store(files, filename, account, by)
    result = reconciling.match()
    return Imported(
        statements=[row for row, _ in brought],
        known_statements=len(files) - len(brought),
        entries=sum(len(rows) for _, rows in brought),
        known_entries=_count(files, brought) - sum(len(rows) for _, rows in brought),
        matched=len(result.keys() & {entry.pk for _, rows in brought for entry in rows}),
    )


def _account() -> str:
    iban = "".join(Company.objects.get().iban.split()).upper()
    if not iban:
        raise DomainError("statement.no_account", N_("Enter the company's IBAN first."))
    return iban


def _check(statement: Statement, account: str) -> None:
    if not is_ours(statement.account, account):
        said = gettext("The statement is of the account %(theirs)s; ours is %(ours)s.")
        names = {"theirs": statement.account[:42] or "?", "ours": account}
        raise DomainError("statement.other_account", said % names, status=422)
    if statement.difference:
        said = gettext(
            "Statement %(number)s does not add up: %(opening)s and its entries come to "
            "%(difference)s more than %(closing)s. Something is missing in the file."
        )
        told = {name: getattr(statement, name) for name in ("number", "opening", "closing")}
        message = said % {**told, "difference": statement.difference}
        raise DomainError("statement.does_not_add_up", message, status=422)


_Brought = list[tuple[BankStatement, list[BankEntry]]]


def _store(
    files: Sequence[File], filename: str, account: str, by: AbstractBaseUser | None
) -> _Brought:
    known = set(
        BankStatement.objects.filter(sha256__in=[one.sha256 for one in files]).values_list(
            "sha256", flat=True
        )
    )
    new = [
        (file, entries)
        for file, entries in zip(files, keyed(account, [f.statement for f in files]), strict=True)
        if file.sha256 not in known
    ]
    rows = BankStatement.objects.bulk_create(
        _statement(file, filename, account, by) for file, _ in new
    )
    seen = _known_keys(key for _, entries in new for key, _ in entries)
    brought: _Brought = []
    for row, (_, entries) in zip(rows, new, strict=True):
        fresh = [_entry(row, key, entry) for key, entry in entries if key not in seen]
        seen |= {one.key for one in fresh}
        brought.append((row, BankEntry.objects.bulk_create(fresh, batch_size=500)))
    record_many(
        "statement.imported",
        ((row, {"number": row.number, "entries": len(entries)}) for row, entries in brought),
        actor=by,
    )
    return brought


def _known_keys(keys: Iterable[str]) -> set[str]:
    wanted, found = list(keys), set()
    for start in range(0, len(wanted), 500):
        rows = BankEntry.objects.filter(key__in=wanted[start : start + 500])
        found |= set(rows.values_list("key", flat=True))
    return found


def _statement(
    file: File, filename: str, account: str, by: AbstractBaseUser | None
) -> BankStatement:
    said = file.statement
    return BankStatement(
        sha256=file.sha256,
        filename=filename[-150:],
        format=said.format,
        account=account,
        number=said.number,
        from_date=said.from_date,
        to_date=said.to_date,
        opening=said.opening,
        closing=said.closing,
        currency=said.currency,
        imported_by_id=by.pk if by else None,
    )


def _entry(statement: BankStatement, key: str, entry: Entry) -> BankEntry:
    return BankEntry(
        statement=statement,
        key=key,
        booked_on=entry.booked_on,
        amount=entry.amount,
        currency=entry.currency or statement.currency,
        purpose=entry.purpose,
        party=entry.party,
        iban=entry.iban,
        end_to_end=entry.end_to_end,
        reference=entry.reference,
        reversal=entry.reversal,
    )


def _count(files: Sequence[File], brought: _Brought) -> int:
    new = {row.sha256 for row, _ in brought}
    return sum(len(file.statement.entries) for file in files if file.sha256 in new)
