"""CAMT.053 (ISO 20022 camt.053.001.02 to .13): booked entries, one for each payment of a batch.

Where versions differ, both places are looked at: a party's name stands in `Dbtr/Nm` or, from .08 on,
in `Dbtr/Pty/Nm`; the state of an entry in `Sts` or `Sts/Cd`; the amount of a part in `Amt` or
`AmtDtls/TxAmt/Amt`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from hbu.lib.reasons import N_
from orders.banking.data import (
    DAMAGED,
    MAX_AMOUNT,
    MAX_ENTRIES,
    NO_BALANCE,
    NO_STATEMENT,
    TOO_LARGE,
    Entry,
    Statement,
    unreadable,
)
from orders.documents.einvoice import xml
from orders.documents.einvoice.xml import Element, attribute, every, first, local, said, text

FORMAT = "CAMT.053"
_OTHER = {
    "BkToCstmrAcctRpt": N_("This is a report of the running day (CAMT.052); it has no balances."),
    "BkToCstmrDbtCdtNtfctn": N_("This is an advice of a batch (CAMT.054), not a statement."),
}
_OPENING = ("OPBD", "PRCD", "ITBD")
_CLOSING = ("CLBD", "ITBD")
_DECIMAL = re.compile(r"[+-]?\d{1,18}(?:\.\d{0,5})?")
_NOT_SAID = {"NOTPROVIDED", "NONREF", "N/A", "NA"}


def read(data: bytes) -> list[Statement]:
    """Raises DomainError where the file is no statement or says what cannot be."""
    opened = xml.parse(data)
    if opened.root is None:
        raise unreadable(opened.error)
    body = next(iter(opened.root.iterchildren(tag="*")), None)
    if body is None or local(opened.root) != "Document":
        raise unreadable(NO_STATEMENT)
    if local(body) != "BkToCstmrStmt":
        raise unreadable(_OTHER.get(local(body), NO_STATEMENT))
    statements = [_statement(one) for one in every(body, "Stmt")]
    if not statements:
        raise unreadable(NO_STATEMENT)
    return statements


def _statement(stmt: Element) -> Statement:
    balances = _balances(stmt)
    opening = next((balances[code][0] for code in _OPENING if code in balances), None)
    closing = next((balances[code][-1] for code in _CLOSING if code in balances), None)
    if opening is None or closing is None:
        raise unreadable(NO_BALANCE)
    entries = tuple(entry for ntry in every(stmt, "Ntry") for entry in _entries(ntry))
    if len(entries) > MAX_ENTRIES:
        raise unreadable(TOO_LARGE)
    dates = [one.booked_on for one in entries]
    return Statement(
        format=FORMAT,
        account=text(stmt, "Acct/Id/IBAN") or text(stmt, "Acct/Id/Othr/Id"),
        number=(text(stmt, "ElctrncSeqNb") or text(stmt, "LglSeqNb") or text(stmt, "Id"))[:40],
        currency=(text(stmt, "Acct/Ccy") or closing[2])[:3],
        opening=opening[0],
        closing=closing[0],
        from_date=_day(text(stmt, "FrToDt/FrDtTm")) or min(dates, default=opening[1]),
        to_date=_day(text(stmt, "FrToDt/ToDtTm")) or max(dates, default=closing[1]),
        entries=entries,
    )


_Balance = tuple[Decimal, date, str]


def _balances(stmt: Element) -> dict[str, list[_Balance]]:
    found: dict[str, list[_Balance]] = {}
    for bal in every(stmt, "Bal"):
        day = _day(text(bal, "Dt/Dt") or text(bal, "Dt/DtTm"))
        currency = attribute(first(bal, "Amt"), "Ccy")
        if day is None:
            raise unreadable(DAMAGED)
        row = (_signed(bal, text(bal, "Amt")), day, currency)
        found.setdefault(text(bal, "Tp/CdOrPrtry/Cd"), []).append(row)
    return found


def _entries(ntry: Element) -> Iterator[Entry]:
    """An entry, or the payments it is made of where they come to the same."""
    if (text(ntry, "Sts/Cd") or text(ntry, "Sts")) not in ("BOOK", ""):
        return
    total, parts = _signed(ntry, text(ntry, "Amt")), every(ntry, "NtryDtls/TxDtls")
    currency = attribute(first(ntry, "Amt"), "Ccy")[:3]
    if len(parts) > 1:
        amounts = [_part_amount(ntry, part, currency) for part in parts]
        known = [one for one in amounts if one is not None]
        if len(known) == len(parts) and sum(known) == total:
            for part, amount in zip(parts, known, strict=True):
                yield _entry(ntry, [part], amount, currency)
            return
    yield _entry(ntry, parts, total, currency)


def _part_amount(ntry: Element, part: Element, currency: str) -> Decimal | None:
    """None where it is not said, or said in another currency only."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        amount = first(part, path)
        if amount is not None and attribute(amount, "Ccy")[:3] == currency:
            side = part if first(part, "CdtDbtInd") is not None else ntry
            return _signed(side, said(amount))
    return None


def _entry(ntry: Element, parts: list[Element], amount: Decimal, currency: str) -> Entry:
    day = next(filter(None, (_day(one) for one in _days(ntry))), None)
    if day is None:
        raise unreadable(DAMAGED)
    part = parts[0] if parts else None
    reversal = text(ntry, "RvslInd") in ("true", "1")
    party, iban = _party(part, amount)
    reference = text(part, "Refs/AcctSvcrRef") or text(ntry, "AcctSvcrRef")
    return Entry(
        booked_on=day,
        amount=amount,
        currency=currency,
        purpose=" ".join(filter(None, map(_purpose, parts))) or text(ntry, "AddtlNtryInf"),
        party=party[:140],
        iban=iban.replace(" ", "")[:42],
        end_to_end=_reference(text(part, "Refs/EndToEndId"))[:80],
        reference=_reference(reference)[:80],
        reversal=reversal or first(part, "RtrInf") is not None,
    )


def _days(ntry: Element) -> Iterable[str]:
    return (text(ntry, path) for path in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))


def _party(part: Element | None, amount: Decimal) -> tuple[str, str]:
    """Who is on the other side; what came back names the side as it was before."""
    sides = ("Dbtr", "Cdtr") if amount > 0 else ("Cdtr", "Dbtr")
    for side in sides:
        name = text(part, f"RltdPties/{side}/Nm") or text(part, f"RltdPties/{side}/Pty/Nm")
        iban = text(part, f"RltdPties/{side}Acct/Id/IBAN")
        if name or iban:
            behind = f"RltdPties/Ultmt{side}"
            ultimate = text(part, f"{behind}/Nm") or text(part, f"{behind}/Pty/Nm")
            names = dict.fromkeys(filter(None, (name, ultimate)))
            return " / ".join(names), iban
    return "", ""


def _purpose(part: Element) -> str:
    paths = (
        "RmtInf/Ustrd", "RmtInf/Strd/RfrdDocInf/Nb", "RmtInf/Strd/CdtrRefInf/Ref",
        "RmtInf/Strd/AddtlRmtInf",
    )  # fmt: skip
    words = [said(one) for path in paths for one in every(part, path)]
    return " ".join(filter(None, words)) or text(part, "AddtlTxInf")


def _reference(words: str) -> str:
    return "" if words.upper() in _NOT_SAID else words


def _signed(element: Element, words: str) -> Decimal:
    amount = _amount(words)
    side = text(element, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise unreadable(DAMAGED)
    return amount if side == "CRDT" else -amount


def _amount(words: str) -> Decimal:
    if not _DECIMAL.fullmatch(words):
        raise unreadable(DAMAGED)
    try:
        amount = Decimal(words)
    except InvalidOperation:
        raise unreadable(DAMAGED) from None
    if abs(amount) >= MAX_AMOUNT or amount != round(amount, 2):
        raise unreadable(DAMAGED)
    return round(amount, 2)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        return None
