"""Letters of a case: who is addressed, from which desk, about which order, in which words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel.dates import format_datetime
from django.utils import timezone
from django.utils.translation import gettext, override

from agents.models import Department
from cases.models import Case
from cases.services import wording
from emails.data import Kind, Letter
from emails.models import Email, Mailbox
from emails.parsing import AMBIGUOUS_SENDER
from hbu.company.calendar import calendar
from hbu.company.models import Company
from hbu.lib.hours import Calendar, add_minutes
from hbu.lib.reasons import N_
from orders.models import Order
from orders.services import links
from shop.models import Contact
from shop.services import people

FROM_NAME_LENGTH = 120
CONFIRMATION = "order_confirmed"
# What we promise where a case has no policy: an answer within a working day.
A_DAY_IN_MINUTES = 480
UNWRITTEN = N_("The letter could not be written: its template is missing or does not fit.")
LOCALES = wording.LOCALES


@dataclass(frozen=True, slots=True)
class Stationery:
    """What letters of a chunk share: our name, our desks, and whom we write to."""

    company: Company
    mailboxes: Sequence[Mailbox]
    contacts: Mapping[str, Contact]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: from which template, about which order, and how much it matters."""

    template: str
    order: Order | None = None
    variables: Mapping[str, object] = field(default_factory=dict)
    cause: str = ""
    weight: str = "acknowledgement"
    by_person: bool = False
    """A person decided that it is given, however old the mail is."""
    look_first: str = ""
    """Why a person reads it before it leaves."""
    enclosures: tuple[str, ...] = ()


def stationery(emails: Sequence[Email]) -> Stationery:
    return stationery_for(recipient(email) for email in emails)


def stationery_for(addresses: Iterable[str]) -> Stationery:
    return Stationery(
        company=Company.objects.get(),
        mailboxes=list(Mailbox.objects.watched()),
        contacts=people.contacts(set(addresses)),
        calendar=calendar(),
    )


def recipient(email: Email) -> str:
    """Return whom to answer: never somebody that only the mail's text or another domain names.

    A Reply-To is followed within the sender's own domain; elsewhere it could lead an answer with
    a customer's data to a stranger (promise H1).
    """
    same_house = email.reply_to.rpartition("@")[2] == email.from_address.rpartition("@")[2]
    return email.reply_to if email.reply_to and same_house else email.from_address


def letter(email: Email, case: Case, answer: Answer, paper: Stationery) -> Letter:
    """Return the letter that answers a mail of a case."""
    mailbox = mailbox_of(case.department, paper, email.mailbox_id)
    language = email.language or paper.company.language
    to_address = recipient(email)
    contact = paper.contacts.get(to_address.lower())
    return Letter(
        cause=answer.cause or f"email:{email.pk}",
        template=answer.template,
        language=language,
        variables={
            **facts(case, contact, paper, language=language, name=email.from_name),
            "subject_line": email.subject,
            **order_facts(answer.order),
            **answer.variables,
        },
        to_address=to_address,
        to_name=email.from_name if to_address == email.from_address else "",
        from_name=from_name(case.department, paper, language),
        from_address=mailbox.address if mailbox else case.department.address,
        mailbox_id=mailbox.pk if mailbox else None,
        answers_id=email.pk,
        thread_id=email.thread_id,
        in_reply_to=email.message_id,
        references=tuple(email.references),
        weight=answer.weight,
        policy="at_least_once" if answer.weight == "commitment" else "at_most_once",
        withhold=withhold(email, to_address, by_person=answer.by_person),
        look_first=answer.look_first,
        enclosures=answer.enclosures,
    )


def mailbox_of(desk: Department, paper: Stationery, got_it: int | None = None) -> Mailbox | None:
    """The desk's mailbox that got the mail, else the one named after the desk, else any of it."""
    return min(
        (box for box in paper.mailboxes if box.department_id == desk.pk),
        key=lambda box: (box.pk != got_it, box.address != desk.address),
        default=None,
    )


def from_name(desk: Department, paper: Stationery, language: str) -> str:
    return f"{paper.company.name}, {desk.name_in(language)}"[:FROM_NAME_LENGTH]


def confirmation(
    order: Order, email: Email, case: Case, paper: Stationery, *, by_person: bool = False
) -> Letter:
    """Return the one letter that confirms an order, whoever confirmed it."""
    answer = Answer(
        CONFIRMATION,
        order=order,
        cause=confirmation_cause(order),
        weight="commitment",
        by_person=by_person,
        enclosures=(confirmation_printed_as(order),),
    )
    return letter(email, case, answer, paper)


def confirmation_cause(order: Order) -> str:
    return f"order:{order.pk}:confirmed"


def confirmation_printed_as(order: Order) -> str:
    """The cause of the printed confirmation, which orders want when they are confirmed."""
    return f"order:{order.pk}:confirmation:1"


def asking(order: Order, case: Case) -> Email | None:
    """The mail that brought the order: by its document, else the last order before it was entered."""
    mails = case.emails.order_by("pk")
    paper = order.document.sha256 if order.document else ""
    brought = mails.filter(attachments__sha256=paper) if paper else mails.filter(kind=Kind.ORDER)
    return brought.filter(received_at__lte=order.created_at).last() or mails.first()


def withhold(email: Email, to_address: str, *, by_person: bool) -> str:
    if email.must_not_answer:
        return email.must_not_answer
    if email.automatic:
        return N_("A machine wrote the mail; machines are not answered.")
    if not email.answerable and not by_person:
        return N_("The mail was imported or is older than two days.")
    if AMBIGUOUS_SENDER in email.defects or "@" not in to_address:
        return N_("The mail does not say clearly who sent it.")
    return ""


def facts(
    case: Case, contact: Contact | None, paper: Stationery, *, language: str, name: str
) -> dict[str, Any]:
    """What every letter of a case may say; `name`: of its reader, where the customer is unknown."""
    return {
        "salutation": people.salutation(contact, language),
        "customer": case.customer.name if case.customer else name,
        "case_number": case.number,
        "department": case.department.name_in(language),
        "deadline": _deadline(case, paper.calendar, language),
        "company": paper.company.name,
        "iban": paper.company.iban,
        "signature": paper.company.imprint(language),
    }


def _deadline(case: Case, house: Calendar, language: str) -> str:
    """By when we answer. A case that is taken up again is promised a moment that still lies ahead."""
    now, moment = timezone.now(), case.first_response_due_at
    if moment is None or moment <= now:
        minutes = case.policy.first_response_minutes if case.policy else A_DAY_IN_MINUTES
        moment = add_minutes(house, now, minutes)
    pattern = "EEEE, d. MMMM, HH:mm 'Uhr'" if language == "de" else "EEEE, d MMMM, HH:mm"
    return format_datetime(timezone.localtime(moment), pattern, locale=wording.locale_of(language))


def order_facts(order: Order | None) -> dict[str, Any]:
    if order is None:
        return {}
    with override(order.language):
        doubts = [
            " ".join(part for part in (gettext(one["what"]), one["evidence"]) if part)
            for one in order.doubts
        ]
        state = str(order.get_state_display())
    return {
        "order_number": order.number,
        "order_reference": order.reference,
        "order_state": state,
        "promised_date": wording.day(order.promised_date, order.language),
        "doubts": doubts,
        "link": links.status_url(order),
        **wording.sums(order, order.language),
        "lines": wording.lines(order.lines.all(), order.language),
    }
