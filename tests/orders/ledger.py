"""Invoices that are owed, and statements of the bank that pay them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from hbu.company.models import Company
from orders.models import Allocation, BankEntry, BankStatement, Invoice, Order, Receivable
from shop.models import Customer

BERGER = "K-10001"
DAY = date(2026, 10, 19)
_numbers = count(1)


def owed(
    gross="119.00",
    *,
    customer=BERGER,
    number="",
    issued=DAY,
    days=30,
    discount="0",
    discount_days=0,
    kind=Invoice.Kind.INVOICE,
    refers_to=None,
    open_amount=None,
    **fields,
) -> Invoice:
    """An invoice as it is issued, with its open item."""
    known, running = Customer.objects.get(number=customer), next(_numbers)
    order = Order.objects.create(
        number=f"B-2026-{running:06d}", customer=known, source=Order.Source.STAFF
    )
    invoice = Invoice.objects.create(
        number=number or f"RE-2026-{running:06d}",
        kind=kind,
        order=order,
        customer=known,
        refers_to=refers_to,
        issued_on=issued,
        due_on=issued + timedelta(days=days),
        gross=Decimal(gross),
        payment=Customer.Payment.INVOICE,
        cash_discount_percent=Decimal(discount),
        cash_discount_until=issued + timedelta(days=discount_days) if discount_days else None,
        **fields,
    )
    Receivable.objects.create(
        invoice=invoice,
        open_amount=Decimal(open_amount or gross),
        due_on=issued + timedelta(days=days),
        next_reminder_on=issued + timedelta(days=days + 7),
    )
    return invoice


def paid_in(amount="119.00", purpose="", *, party="", iban="", day=DAY, **fields) -> BankEntry:
    """An entry of the bank, as an import writes it."""
    running = next(_numbers)
    statement = BankStatement.objects.create(
        sha256=f"{running:064x}", filename="test.xml", format="CAMT.053", account="DE1"
    )
    return BankEntry.objects.create(
        statement=statement,
        key=f"{running:064x}",
        booked_on=day,
        amount=Decimal(amount),
        purpose=purpose,
        party=party,
        iban=iban,
        **fields,
    )


def open_of(invoice: Invoice) -> Decimal:
    return Receivable.objects.get(invoice=invoice).open_amount


def state_of(invoice: Invoice) -> str:
    return Receivable.objects.get(invoice=invoice).state


def active() -> list[tuple[str, Decimal]]:
    rows = Allocation.objects.filter(taken_back_at=None).order_by("invoice__number", "amount")
    return [(one.invoice.number, one.amount) for one in rows.select_related("invoice")]


def our_iban() -> str:
    return Company.objects.get().iban.replace(" ", "")


ENTRY = """<Ntry>
 <Amt Ccy="{ccy}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{reversal}<Sts>{status}</Sts>
 <BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>
 <AcctSvcrRef>{reference}</AcctSvcrRef>
 <NtryDtls>{details}</NtryDtls></Ntry>"""
DETAILS = """<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{own}
 <RltdPties><{side}><Nm>{party}</Nm></{side}>
 <{side}Acct><Id><IBAN>{iban}</IBAN></Id></{side}Acct></RltdPties>
 <RmtInf><Ustrd>{purpose}</Ustrd></RmtInf></TxDtls>"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-10-19T20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>{opening_code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{opening}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>"""


def detail(purpose="", *, party="Modehaus Berger GmbH", iban="DE02120300000000202051", **fields):
    amount = fields.pop("amount", "")
    own = f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>' if amount else ""
    values = {"end_to_end": "NOTPROVIDED", "side": "Dbtr", **fields}
    return DETAILS.format(purpose=purpose, party=party, iban=iban, own=own, **values)


def entry(amount, purpose="", *, day=DAY, details: Sequence[str] = (), **fields) -> str:
    side = "DBIT" if amount.startswith("-") else "CRDT"
    told = {key: fields.pop(key) for key in ("party", "iban", "end_to_end") if key in fields}
    reversal = "<RvslInd>true</RvslInd>" if fields.pop("reversal", False) else ""
    values = {"ccy": "EUR", "status": "BOOK", "reference": "", **fields}
    return ENTRY.format(
        amount=amount.lstrip("-"),
        side=side,
        day=day,
        reversal=reversal,
        details="".join(details) or detail(purpose, **told),
        **values,
    )


def camt(*entries, opening="1000.00", closing=None, number=1, account=None, day=DAY, **fields):
    """A CAMT.053 file that adds up unless told otherwise."""
    booked = [one for one in entries if "<Sts>BOOK" in one]
    total = sum((_amount(one) for one in booked), Decimal(0))
    return CAMT.format(
        number=number,
        account=account or our_iban(),
        opening=opening,
        closing=closing or Decimal(opening) + total,
        day=day,
        entries="".join(entries),
        **{"opening_code": "OPBD", **fields},
    ).encode()


def _amount(words: str) -> Decimal:
    amount = Decimal(words.split(">")[2].split("<", maxsplit=1)[0])
    return -amount if "DBIT" in words else amount
