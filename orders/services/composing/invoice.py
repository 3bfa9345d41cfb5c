"""Invoices, credit notes and cancellations: what the row states, and nothing beside it."""

from decimal import Decimal

from django.utils.translation import gettext

from orders.models import Invoice, Printout
from orders.printing import wording
from orders.printing.letter import Letter
from orders.services.composing import parts
from shop.models import Customer


def invoice(printout: Printout) -> Letter:
    row = invoice_of(printout)
    language = printout.language
    company = parts.us()
    lines = list(row.lines.order_by("position"))
    rates = [(Decimal(one["rate"]), Decimal(one["basis"]), Decimal(one["amount"])) for one in row.taxes]  # fmt: skip
    return Letter(
        sender=parts.sender(company, language),
        language=language,
        title=title(row),
        number=row.number,
        day=row.issued_on,
        address=parts.address(row.buyer, row.seller.get("country", ""), language),
        facts=_facts(row, language),
        opening=_opening(row, language),
        table=parts.priced(lines, row, language),
        sums=parts.summed(row, [one for one in rates if one[0]], language),
        payment=_payment(row, language),
        closing=_closing(row, company.name),
        page=gettext("Page {page} of {pages}"),
    )


def invoice_of(printout: Printout) -> Invoice:
    if printout.invoice is None:
        raise ValueError(f"{printout.cause} names no invoice")
    return printout.invoice


def title(row: Invoice) -> str:
    return {
        Invoice.Kind.INVOICE: gettext("Invoice"),
        # A "Gutschrift" is what a buyer writes (§ 14 (2) UStG); ours corrects an invoice.
        Invoice.Kind.CREDIT_NOTE: gettext("Credit note"),
        Invoice.Kind.CANCELLATION: gettext("Cancellation of an invoice"),
    }[Invoice.Kind(row.kind)]


def _facts(row: Invoice, language: str) -> parts.Facts:
    return parts.facts(
        (gettext("Invoice number"), row.number),
        (gettext("Invoice date"), wording.day(row.issued_on, language)),
        (_delivery_label(row), wording.day(row.delivered_on, language)),
        (gettext("Customer number"), row.buyer.get("identifier", "")),
        (gettext("Our order no."), row.order.number),
        (gettext("Your order"), row.order_reference),
        (gettext("Your reference"), row.buyer_reference),
        (gettext("Your VAT ID"), row.buyer.get("vat_id", "")),
        (gettext("Contact"), row.seller.get("contact", "")),
        (gettext("E-mail"), row.seller.get("email", "")),
    )


def _delivery_label(row: Invoice) -> str:
    """A supply within the EU names its day even if it is paid first."""
    return gettext("Planned delivery") if is_in_advance(row) else gettext("Delivery date")


def is_in_advance(row: Invoice) -> bool:
    sent = row.delivered_on is not None and row.delivered_on <= row.issued_on
    return row.payment == Customer.Payment.PREPAYMENT and row.refers_to is None and not sent


def _opening(row: Invoice, language: str) -> tuple[str, ...]:
    greeting = parts.greeting(row.order.contact_email)
    if row.refers_to is None:
        if is_in_advance(row):
            return (greeting, in_advance())
        return (greeting, gettext("For our delivery we take the liberty of invoicing you:"))
    words = {
        Invoice.Kind.CREDIT_NOTE: gettext(
            "We correct our invoice %(number)s of %(day)s and credit you with:"
        ),
        Invoice.Kind.CANCELLATION: gettext(
            "We cancel our invoice %(number)s of %(day)s as a whole. You owe us nothing of it:"
        ),
    }[Invoice.Kind(row.kind)]
    told = {"number": row.refers_to.number, "day": wording.day(row.refers_to.issued_on, language)}
    return (
        greeting,
        words % told,
        *((gettext("Reason: %(reason)s") % {"reason": row.reason},) if row.reason else ()),
    )


def in_advance() -> str:
    return gettext("This invoice is to be paid in advance; the delivery follows your payment:")


def terms(row: Invoice, language: str) -> str:
    """How it is to be paid, in words (BT-20)."""
    if row.kind != Invoice.Kind.INVOICE:
        return gettext("The amount is set off against what is open, or paid back to you.")
    if not row.cash_discount_until or row.due_on is None:
        words = gettext("Please pay by %(day)s without deduction.")
        return words % {"day": wording.day(row.due_on, language)}
    words = gettext("%(percent)s cash discount if paid by %(early)s, by %(day)s without deduction.")
    return words % {
        "percent": wording.percent(row.cash_discount_percent, language),
        "early": wording.day(row.cash_discount_until, language),
        "day": wording.day(row.due_on, language),
    }


def _payment(row: Invoice, language: str) -> parts.Facts:
    if row.kind != Invoice.Kind.INVOICE:
        return parts.facts((gettext("Settlement"), terms(row, language)))
    delivered = parts.address(row.ship_to, row.seller.get("country", ""), language)
    elsewhere = ", ".join(delivered) if _differs(row) else ""
    return parts.facts(
        (gettext("Delivered to"), elsewhere),
        (gettext("Payment"), terms(row, language)),
        (gettext("Recipient"), row.seller.get("name", "")),
        ("IBAN", wording.iban(row.seller.get("iban", ""))),
        (gettext("Payment reference"), row.number),
    )


def _differs(row: Invoice) -> bool:
    return any(row.ship_to.get(part) != row.buyer.get(part) for part in ("name", "street", "city"))


def notices(row: Invoice) -> tuple[str, ...]:
    """Why no VAT is charged, with the VAT ids of both sides."""
    reasons = dict.fromkeys(str(one.get("reason", "")) for one in row.taxes)
    ids = gettext("Our VAT ID: %(ours)s, your VAT ID: %(theirs)s") % {
        "ours": row.seller.get("vat_id", ""),
        "theirs": row.buyer.get("vat_id", "") or "–",
    }
    return tuple(f"{reason}. {ids}." for reason in reasons if reason)


def _closing(row: Invoice, name: str) -> tuple[str, ...]:
    thanks = (gettext("Thank you very much for your trust."),)
    return (
        *notices(row),
        *(thanks if row.kind == Invoice.Kind.INVOICE else ()),
        parts.closing(name),
    )
