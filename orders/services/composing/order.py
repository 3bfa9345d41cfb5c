"""The confirmation of an order: what we promise, when, and on what terms."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext

from hbu.company.models import Company
from hbu.company.terms import terms
from orders.models import Order, Printout
from orders.printing import wording
from orders.printing.letter import Letter
from orders.services.composing import parts
from shop.models import Customer


def confirmation(printout: Printout) -> Letter:
    order, language = printout.order, printout.language
    if order is None:
        raise ValueError(f"{printout.cause} names no order")
    company = parts.us()
    lines = parts.lines_of(order)
    return Letter(
        sender=parts.sender(company, language),
        language=language,
        title=gettext("Order confirmation"),
        number=order.number,
        day=timezone.localdate(order.confirmed_at or order.created_at),
        address=parts.address(parts.billing(order), company.country, language),
        facts=_facts(order, company, language),
        opening=(
            parts.greeting(order.contact_email),
            gettext("Thank you very much for your order, which we are pleased to confirm:"),
        ),
        table=parts.priced(lines, order, language),
        sums=parts.sums_of(order, lines, language),
        payment=_payment(order, company, language),
        closing=_closing(order, company, language),
        page=gettext("Page {page} of {pages}"),
    )


def _facts(order: Order, company: Company, language: str) -> parts.Facts:
    day = timezone.localdate(order.confirmed_at or order.created_at)
    customer = order.customer
    return parts.facts(
        (gettext("Our order no."), order.number),
        (gettext("Date"), wording.day(day, language)),
        (gettext("Customer number"), customer.number if customer else ""),
        (gettext("Your order"), order.reference),
        (gettext("Your VAT ID"), customer.vat_id if customer else ""),
        *parts.about_desk(parts.desk(company, "orders")),
    )


def _payment(order: Order, company: Company, language: str) -> parts.Facts:
    ship_to = parts.address(parts.delivery(order), company.country, language)
    delivery = parts.facts(
        (gettext("Delivery"), _promised(order, language)),
        (gettext("Delivered to"), ", ".join(ship_to)),
        (gettext("Payment"), payment_terms(order)),
    )
    if order.payment != Customer.Payment.PREPAYMENT:
        return delivery
    return (*delivery, *account(company, order.number))


def account(company: Company, reference: str) -> parts.Facts:
    return parts.facts(
        (gettext("Recipient"), company.name),
        ("IBAN", wording.iban(company.iban)),
        ("BIC", " · ".join(filter(None, (company.bic, company.bank)))),
        (gettext("Payment reference"), reference),
    )


def _promised(order: Order, language: str) -> str:
    if order.promised_date is None:
        return ""
    words = gettext("leaves our house by %(day)s at the latest")
    return words % {"day": wording.day(order.promised_date, language)}


def payment_terms(order: Order) -> str:
    if order.payment == Customer.Payment.PREPAYMENT:
        until = timezone.localdate(order.confirmed_at or order.created_at)
        until += timedelta(days=terms().prepayment_days)
        words = gettext("in advance, please by %(day)s; we send the goods when it has arrived")
        return words % {"day": wording.day(until, order.language)}
    customer = order.customer
    if customer is None:
        return ""
    words = gettext("within %(days)d days of the invoice, without deduction")
    net = words % {"days": customer.payment_days}
    if not (customer.cash_discount_percent and customer.cash_discount_days):
        return net
    percent = wording.percent(customer.cash_discount_percent, order.language)
    words = gettext("%(percent)s cash discount within %(days)d days, else %(net)s")
    return words % {"percent": percent, "days": customer.cash_discount_days, "net": net}


def _closing(order: Order, company: Company, language: str) -> tuple[str, ...]:
    notice = parts.untaxed(order.tax_category)
    return (
        *((f"{notice}.",) if notice else ()),
        gettext("If anything here is not as you wish, please tell us; we gladly put it right."),
        parts.closing(company.name),
    )
