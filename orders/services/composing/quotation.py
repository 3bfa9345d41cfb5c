"""The quotation: what we offer, at which price, and until when."""

from django.utils import timezone
from django.utils.translation import gettext

from orders.models import Printout, Quotation
from orders.printing import wording
from orders.printing.letter import Letter
from orders.services import addressing
from orders.services.composing import parts


def quotation(printout: Printout) -> Letter:
    offer, language = printout.quotation, printout.language
    if offer is None:
        raise ValueError(f"{printout.cause} names no quotation")
    company = parts.us()
    lines = list(offer.lines.order_by("position"))
    day = timezone.localdate(offer.sent_at or offer.created_at)
    return Letter(
        sender=parts.sender(company, language),
        language=language,
        title=gettext("Quotation"),
        number=offer.number,
        day=day,
        address=_address(offer, company.country, language),
        facts=parts.facts(
            (gettext("Quotation"), offer.number),
            (gettext("Date"), wording.day(day, language)),
            (gettext("Valid until"), wording.day(offer.valid_until, language)),
            (gettext("Your request"), offer.reference),
            (gettext("Customer number"), offer.customer.number if offer.customer else ""),
            *parts.about_desk(parts.desk(company, "sales")),
        ),
        opening=(
            parts.greeting(offer.contact_email),
            gettext("Thank you for your interest. We are pleased to offer you:"),
        ),
        table=parts.priced(lines, offer, language),
        sums=parts.sums_of(offer, lines, language),
        closing=_closing(offer, company.name, language),
        page=gettext("Page {page} of {pages}"),
    )


def _address(offer: Quotation, home: str, language: str) -> tuple[str, ...]:
    place = addressing.billing(offer.customer)
    if not place:
        return tuple(filter(None, (offer.contact_name, offer.contact_email)))
    return parts.address(place, home, language)


def _closing(offer: Quotation, name: str, language: str) -> tuple[str, ...]:
    notice = parts.untaxed(offer.tax_category)
    until = ""
    if offer.valid_until:
        words = gettext("Our offer holds until %(day)s. We look forward to your order.")
        until = words % {"day": wording.day(offer.valid_until, language)}
    return tuple(filter(None, (f"{notice}." if notice else "", until, parts.closing(name))))
