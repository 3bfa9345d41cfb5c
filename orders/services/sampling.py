"""A bank that is none: a statement in which customers pay what is open, the way customers do."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from hbu.company.models import Company
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.banking import writing
from orders.banking.data import Entry, Statement
from orders.models import BankStatement, Receivable
from orders.services import open_items

MOST = 40
_HABITS = 6
_RENT = Decimal("-1850.00")


def sample(today: date | None = None) -> bytes:
    """A CAMT.053 file made of the open items; only where the house is a simulation."""
    if not settings.HBU_SIMULATE:
        raise DomainError("sample.for_real", N_("This house is not a simulation."), status=404)
    day, company = today or timezone.localdate(), Company.objects.get()
    rows = Receivable.objects.owed_to_us().select_related("invoice__customer", "invoice__order")
    entries = [_payment(at, row, day) for at, row in enumerate(rows[:MOST])]
    entries.append(Entry(day, _RENT, company.currency, "Miete", "Rheinische Immobilien", _iban(0)))
    opening = Decimal("25000.00")
    number = str((BankStatement.objects.aggregate(last=Max("pk"))["last"] or 0) + 1)
    return writing.camt(
        Statement(
            format="CAMT.053",
            account="".join(company.iban.split()),
            number=number,
            currency=company.currency,
            opening=opening,
            closing=opening + sum((one.amount for one in entries), Decimal(0)),
            from_date=day,
            to_date=day,
            entries=tuple(entries),
        )
    )


def _payment(at: int, row: Receivable, day: date) -> Entry:
    """Most name the invoice, some in their own way; one pays a part, one too much, one says thanks."""
    invoice, amount = row.invoice, row.open_amount
    _series, year, running = invoice.number.split("-")
    purpose = {
        0: f"Rechnung {invoice.number} vom {invoice.issued_on:%d.%m.%Y}",
        1: f"RE {year} {running} abzgl. Skonto",
        2: f"Rg. {year}/{int(running):06d} {invoice.customer.number}",
        3: f"Auftrag {invoice.order.number}",
        4: f"Abschlag {invoice.number}",
        5: "Vielen Dank",
    }[at % _HABITS]
    if at % _HABITS == 1 and invoice.cash_discount_until and invoice.cash_discount_until >= day:
        amount -= open_items.discount_of(row)
    if at % _HABITS == 4:
        amount = max(Decimal("0.01"), (amount / 2).quantize(Decimal("0.01")))
    return Entry(
        booked_on=day,
        amount=amount,
        currency=invoice.currency,
        purpose=purpose,
        party=invoice.customer.name,
        iban=_iban(invoice.customer_id),
        reference=f"{day:%y%m%d}-{invoice.pk}",
    )


def _iban(key: int) -> str:
    """An account at a bank that does not exist, with its check digits (ISO 13616)."""
    account = f"10000000{key:010d}"
    check = 98 - int(f"{account}131400") % 97
    return f"DE{check:02d}{account}"
