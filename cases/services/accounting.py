"""How a customer's invoices stand, for the answer to whoever asks: from the books, never from a mail.

Only invoices of the sender's own company are ever told. A number that is another's is treated as one
that does not exist, so that an answer does not say which invoices there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from agents.data import Brief, InvoiceBrief
from cases.services import wording
from emails.data import Kind, Trust
from emails.models import Email
from emails.parsing import AMBIGUOUS_SENDER
from orders import references
from orders.models import Allocation, Invoice, Receivable
from orders.services.issuing import SERIES

TEXT_LOOKED_AT = 20_000
ABOUT_PAYMENTS = (Kind.PAYMENT, Kind.INVOICE)
MOST_TOLD = 30


@dataclass(frozen=True, slots=True)
class Account:
    """What a mail asks about, and what its sender's company has open."""

    named: tuple[InvoiceBrief, ...] = ()
    open: tuple[InvoiceBrief, ...] = ()
    unclear: bool = False


def accounts(emails: Sequence[Email]) -> dict[int, Account]:
    """Return the account of each mail's sender; empty where it is not about invoices."""
    asking = [one for one in emails if one.kind in ABOUT_PAYMENTS and one.customer_id]
    known = _invoices(one for one in asking if _is_sure(one))
    received = _received(row.pk for rows in known.values() for row in rows)
    found = {one.pk: Account() for one in emails}
    for email in asking:
        rows = known.get(email.customer_id or 0, ())
        found[email.pk] = (
            _account(email, rows, received) if _is_sure(email) else Account(unclear=True)
        )
    return found


def may_tell(brief: Brief) -> bool:
    return bool(brief.customer) and not brief.unclear_invoices


def told(brief: Brief, numbers: str) -> dict[str, object]:
    """What the letter says of these invoices; without numbers, of all that are open."""
    there = {one.number: one for one in (*brief.open_invoices, *brief.invoices)}
    wanted = [there[number] for number in numbers.split() if number in there]
    rows = wanted or ([] if numbers.split() else list(brief.open_invoices))
    return {
        "invoices": [
            {
                "number": one.number,
                "gross": one.gross,
                "received": one.received,
                "open": one.open,
                "due": one.due,
            }
            for one in rows
        ]
    }


def _is_sure(email: Email) -> bool:
    """Whether the mail is of whom it says, as far as we can tell (promise D4)."""
    return email.trust != Trust.FAILED and AMBIGUOUS_SENDER not in email.defects


def _invoices(emails: Iterable[Email]) -> dict[int, list[Invoice]]:
    """The invoices of the senders' companies: what is open, and what is named."""
    mails = list(emails)
    numbers = {number for email in mails for number in _numbers(email)}
    customers = {email.customer_id for email in mails}
    rows = Invoice.objects.filter(customer__in=customers, kind=Invoice.Kind.INVOICE)
    unpaid = rows.filter(receivable__state__in=Receivable.UNPAID)
    named = rows.filter(number__in=numbers)
    found: dict[int, list[Invoice]] = {}
    for invoice in (unpaid | named).select_related("receivable").order_by("due_on", "pk"):
        found.setdefault(invoice.customer_id, []).append(invoice)
    return found


def _account(email: Email, invoices: Sequence[Invoice], received: Mapping[int, Decimal]) -> Account:
    briefs = {one.number: _brief(one, received, email.language) for one in invoices}
    wanted = _numbers(email)
    named = tuple(briefs[number] for number in wanted if number in briefs)
    open_ones = tuple(one for one in briefs.values() if one.is_open)[:MOST_TOLD]
    # What looks like a number of ours and is none of theirs is for a person, whosever it is.
    return Account(named, open_ones, unclear=any(number not in briefs for number in wanted))


def _numbers(email: Email) -> list[str]:
    """Numbers of invoices that the mail names, as we write them."""
    text = f"{email.subject}\n{email.reply_text or email.text}"[:TEXT_LOOKED_AT]
    series = SERIES[Invoice.Kind.INVOICE]
    found = []
    for one in references.find(text):
        if one.year and (one.may_be_of(series)):
            runs = (one.running[0], *one.more)
            found += [f"{series}-{one.year}-{running:06d}" for running in runs]
    return list(dict.fromkeys(found))[:MOST_TOLD]


def _received(invoices: Iterable[int]) -> dict[int, Decimal]:
    rows = Allocation.objects.filter(invoice__in=list(invoices), taken_back_at=None)
    sums = rows.order_by().values_list("invoice").annotate(sum=Sum("amount"))
    return {invoice: Decimal(amount) for invoice, amount in sums}


def _brief(invoice: Invoice, received: Mapping[int, Decimal], language: str) -> InvoiceBrief:
    item: Receivable = invoice.receivable

    def said(amount: Decimal) -> str:
        return f"{wording.money(amount, language)} {invoice.currency}"

    return InvoiceBrief(
        number=invoice.number,
        gross=said(invoice.gross),
        received=said(received.get(invoice.pk, Decimal(0))),
        open=said(item.open_amount),
        due=wording.day(item.due_on, language),
        is_open=item.state in Receivable.UNPAID,
    )
