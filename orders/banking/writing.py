"""A CAMT.053 statement as a bank writes it, for trying the import without a bank."""

from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from orders.banking.data import Entry, Statement

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
<BkToCstmrStmt>
<GrpHdr><MsgId>{number}</MsgId><CreDtTm>{day}T18:00:00</CreDtTm></GrpHdr>
<Stmt>
<Id>{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>
{opening}
{closing}
{entries}
</Stmt>
</BkToCstmrStmt>
</Document>
"""
_BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount}<Dt><Dt>{day}</Dt></Dt></Bal>"
)
_AMOUNT = '<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
_ENTRY = """<Ntry>{amount}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>
<AcctSvcrRef>{reference}</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>{party}</Nm></Pty></Dbtr>
<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>{purpose}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def camt(statement: Statement) -> bytes:
    return _DOCUMENT.format(
        number=escape(statement.number),
        day=statement.to_date,
        account=statement.account,
        currency=statement.currency,
        opening=_balance("OPBD", statement.opening, statement.currency, statement.from_date),
        closing=_balance("CLBD", statement.closing, statement.currency, statement.to_date),
        entries="\n".join(map(_entry, statement.entries)),
    ).encode()


def _balance(code: str, amount: Decimal, currency: str, day: date) -> str:
    return _BALANCE.format(code=code, amount=_amount(amount, currency), day=day)


def _amount(amount: Decimal, currency: str) -> str:
    side = "CRDT" if amount >= 0 else "DBIT"
    return _AMOUNT.format(currency=currency, amount=abs(amount), side=side)


def _entry(entry: Entry) -> str:
    return _ENTRY.format(
        amount=_amount(entry.amount, entry.currency),
        day=entry.booked_on,
        reference=escape(entry.reference),
        end_to_end=escape(entry.end_to_end or "NOTPROVIDED"),
        party=escape(entry.party),
        iban=entry.iban,
        purpose=escape(entry.purpose),
    )
