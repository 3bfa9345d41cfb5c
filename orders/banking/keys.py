"""What tells an entry from every other of its account, in whichever statements it comes."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from orders.banking.data import Entry, Statement


def keyed(account: str, statements: Sequence[Statement]) -> list[list[tuple[str, Entry]]]:
    """Each entry with its key, by statement.

    Two equal payments of one day are two, the second carries its number: also where the bank writes
    several statements a day, one going on where the other ends. A period that comes again counts
    anew, so that it finds the same keys.
    """
    rows, seen, balance = [], Counter[str](), None
    for part in statements:
        if part.opening != balance:
            seen = Counter()
        balance = part.closing
        rows.append([(_key(account, one, seen), one) for one in part.entries])
    return rows


def _key(account: str, entry: Entry, seen: Counter[str]) -> str:
    words = (entry.purpose, entry.end_to_end, entry.party, entry.iban)
    told = (
        account, entry.booked_on.isoformat(), str(entry.amount), entry.currency, entry.reference,
        *("".join(one.split()).casefold() for one in words),
    )  # fmt: skip
    name = "\x1f".join(told)
    seen[name] += 1
    return sha256(f"{name}\x1f{seen[name]}".encode()).hexdigest()


def is_ours(account: str, iban: str) -> bool:
    """Whether a statement's account is the one with this IBAN; MT940 names bank code and number.

    A German IBAN is DE, two check digits, eight digits of bank code, ten of the account's number.
    """
    named, own = _bare(account), _bare(iban)
    if not own or named == own:
        return named == own != ""
    if not own.startswith("DE") or len(own) != 22 or "/" not in account:
        return False
    code, _, number = account.partition("/")
    digits = "".join(filter(str.isdigit, number.strip()))
    return code.strip() == own[4:12] and digits.zfill(10) == own[12:]


def _bare(account: str) -> str:
    return "".join(account.split()).upper()
