"""Texts that staff send by hand, filled with what the books know of the case."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser

from cases.models import Case
from cases.services import replying, wording
from cases.services.answering.composed import clerk, language_of, last_mail
from emails import templating
from emails.models import RoyalTemplate
from emails.threading import with_token
from hbu.lib.errors import DomainError
from orders.models import Invoice, Order, Shipment

OPEN = re.compile(r"\[\[(\w{1,40})\]\]")


@dataclass(frozen=True, slots=True)
class Filled:
    subject: str
    text: str
    missing: tuple[str, ...] = ()
    """Placeholders that the books cannot fill; they stand in the text as [[name]]."""


def offered(case: Case) -> list[RoyalTemplate]:
    """Return the texts to choose from, those in the language of the case first."""
    language = language_of(case)
    rows = RoyalTemplate.objects.filter(by_hand=True)
    return sorted(rows, key=lambda row: (row.language != language, row.title or row.code))


def fill(
    case: Case,
    template: RoyalTemplate,
    *,
    by: AbstractUser,
    language: str = "",
    to: str = "",
) -> Filled:
    """Return how a text reads for a case; `to`: whom it greets. Raises DomainError."""
    spoken = language or template.language
    try:
        rendered = templating.fill(
            template.subject, template.body, _variables(case, by=by, language=spoken, to=to)
        )
    except templating.TemplateProblem as problem:
        raise DomainError("template.unfit", problem.message) from problem
    missing = OPEN.findall(f"{rendered.subject}\n{rendered.text}")
    return Filled(
        subject=with_token(rendered.subject, case.number),
        text=rendered.text,
        missing=tuple(dict.fromkeys(missing)),
    )


def _variables(case: Case, *, by: AbstractUser, language: str, to: str) -> dict[str, Any]:
    email = last_mail(case)
    address = to or (replying.recipient(email) if email else "")
    paper = replying.stationery_for([address] if address else [])
    contact = paper.contacts.get(address.lower())
    order = case.orders.select_related("customer").order_by("pk").last()
    quotation = case.quotations.order_by("pk").last()
    return {
        **replying.facts(
            case, contact, paper, language=language, name=email.from_name if email else ""
        ),
        "subject_line": email.subject if email else case.title,
        **replying.order_facts(order),
        **_of_the_parcel(order, language),
        **_of_the_invoice(order, language),
        "valid_until": wording.day(quotation.valid_until, language) if quotation else "",
        "clerk": clerk(by),
    }


def _of_the_parcel(order: Order | None, language: str) -> dict[str, str]:
    parcel = Shipment.objects.filter(order=order).order_by("pk").last() if order else None
    if parcel is None:
        return {}
    return {
        "shipment_number": parcel.number,
        "carrier": parcel.carrier,
        "tracking": parcel.tracking,
        "delivery_date": wording.day(parcel.expected_on, language),
    }


def _of_the_invoice(order: Order | None, language: str) -> dict[str, str]:
    rows = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE) if order else None
    invoice = rows.order_by("pk").last() if rows is not None else None
    if invoice is None:
        return {}
    return {
        "document_number": invoice.number,
        "due_date": wording.day(invoice.due_on, language),
    }
