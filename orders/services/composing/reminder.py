"""Reminders: courteous at every level, clear about what is open and until when."""

from decimal import Decimal

from django.utils.translation import gettext

from hbu.company.models import Company
from orders.models import Invoice, Printout, Reminder
from orders.printing import wording
from orders.printing.letter import Column, Letter, Row, Sum, Table
from orders.services.composing import parts
from orders.services.composing.order import account


def reminder(printout: Printout) -> Letter:
    row, language = printout.reminder, printout.language
    if row is None:
        raise ValueError(f"{printout.cause} names no reminder")
    company, invoice = parts.us(), row.invoice
    return Letter(
        sender=parts.sender(company, language),
        language=language,
        title=_title(row.level),
        number=row.number,
        day=row.written_on,
        address=parts.address(invoice.buyer, company.country, language),
        facts=parts.facts(
            (gettext("Number"), row.number),
            (gettext("Date"), wording.day(row.written_on, language)),
            (gettext("Invoice number"), invoice.number),
            (gettext("Customer number"), invoice.buyer.get("identifier", "")),
            *parts.about_desk(parts.desk(company, "finance")),
        ),
        opening=(parts.greeting(invoice.order.contact_email), *_opening(row)),
        table=_table(row, invoice, language),
        sums=_sums(row, invoice, language),
        payment=_payment(row, company, language),
        closing=(
            gettext("If you have paid in the meantime, please accept our thanks and put this letter aside. If something keeps you from paying, please talk to us: we will find a way together."),
            parts.closing(company.name),
        ),
        page=gettext("Page {page} of {pages}"),
    )  # fmt: skip


def _title(level: int) -> str:
    return {
        1: gettext("Payment reminder"),
        2: gettext("Second payment reminder"),
    }.get(level, gettext("Final payment reminder"))


def _opening(row: Reminder) -> tuple[str, ...]:
    return {
        1: (
            gettext("Surely it has just slipped your attention: the invoice below is still open. We would be grateful if you could pay it in the next days."),
        ),
        2: (
            gettext("We have not received your payment for the invoice below yet. May we ask you once more, and kindly, to settle it by the day named below?"),
        ),
    }.get(
        row.level,
        (
            gettext("In spite of our two letters the invoice below is still open. We ask you to pay it by the day named below; we would very much like to spare you and us any further steps."),
        ),
    )  # fmt: skip


def _table(row: Reminder, invoice: Invoice, language: str) -> Table:
    columns = (
        Column(gettext("Invoice number"), 0),
        Column(gettext("Dated"), 30),
        Column(gettext("Was due on"), 32),
        Column(gettext("Invoice amount"), 32, right=True),
        Column(gettext("Open amount"), 32, right=True),
    )
    cells = (
        invoice.number,
        wording.day(invoice.issued_on, language),
        wording.day(invoice.due_on, language),
        wording.money(invoice.gross, language, invoice.currency),
        wording.money(row.open_amount, language, invoice.currency),
    )
    return Table(columns, (Row(cells),))


def _sums(row: Reminder, invoice: Invoice, language: str) -> tuple[Sum, ...]:
    def money(amount: Decimal) -> str:
        return wording.money(amount, language, invoice.currency)

    fee = (Sum(gettext("Reminder fee"), money(row.fee)),) if row.fee else ()
    return (
        Sum(gettext("Open amount"), money(row.open_amount)),
        *fee,
        Sum(gettext("Please pay"), money(row.open_amount + row.fee), strong=True),
    )


def _payment(row: Reminder, company: Company, language: str) -> parts.Facts:
    return (
        (gettext("Please pay by"), wording.day(row.pay_until, language)),
        *account(company, row.invoice.number),
    )
