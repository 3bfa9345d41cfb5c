"""Letters of a case: who is addressed, from which desk, about which order, in which words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext, override

from cases.models import Case
from cases.services import following
from emails.data import Kind, Letter
from emails.models import Email, Mailbox, OutgoingEmail
from emails.parsing import AMBIGUOUS_SENDER
from emails.services import writing
from hbu.company.calendar import calendar
from hbu.company.models import Company
from hbu.journal.models import Event
from hbu.lib.hours import Calendar, add_minutes
from hbu.lib.reasons import N_
from orders.models import Order, OrderLine
from shop.models import Contact
from shop.services import people

LOCALES = {"de": "de_DE", "en": "en_GB"}
FROM_NAME_LENGTH = 120
CONFIRMATION = "order_confirmed"
# What we promise where a case has no policy: an answer within a working day.
A_DAY_IN_MINUTES = 480
# How long the sweep looks for confirmed orders without a letter: over any long weekend.
UNTOLD_DAYS = 7
UNWRITTEN = N_("The letter could not be written: its template is missing or does not fit.")


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


def stationery(emails: Sequence[Email]) -> Stationery:
    return Stationery(
        company=Company.objects.get(),
        mailboxes=list(Mailbox.objects.watched()),
        contacts=people.contacts({recipient(email) for email in emails}),
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
    mailbox = _mailbox(email, case, paper)
    language = email.language or paper.company.language
    to_address = recipient(email)
    contact = paper.contacts.get(to_address.lower())
    return Letter(
        cause=answer.cause or f"email:{email.pk}",
        template=answer.template,
        language=language,
        variables={
            **_facts(email, case, contact, paper),
            **_order(answer.order),
            **answer.variables,
        },
        to_address=to_address,
        to_name=email.from_name if to_address == email.from_address else "",
        from_name=f"{paper.company.name}, {case.department.name_in(language)}"[:FROM_NAME_LENGTH],
        from_address=mailbox.address if mailbox else case.department.address,
        mailbox_id=mailbox.pk if mailbox else None,
        answers_id=email.pk,
        thread_id=email.thread_id,
        in_reply_to=email.message_id,
        references=tuple(email.references),
        weight=answer.weight,
        policy="at_least_once" if answer.weight == "commitment" else "at_most_once",
        withhold=_withhold(email, to_address, by_person=answer.by_person),
    )


def _mailbox(email: Email, case: Case, paper: Stationery) -> Mailbox | None:
    """The desk's mailbox that got the mail, else the one named after the desk, else any of it."""
    return min(
        (box for box in paper.mailboxes if box.department_id == case.department_id),
        key=lambda box: (box.pk != email.mailbox_id, box.address != case.department.address),
        default=None,
    )


def confirmation(
    order: Order, email: Email, case: Case, paper: Stationery, *, by_person: bool = False
) -> Letter:
    """Return the one letter that confirms an order, whoever confirmed it."""
    answer = Answer(
        CONFIRMATION,
        order=order,
        cause=_cause(order),
        weight="commitment",
        by_person=by_person,
    )
    return letter(email, case, answer, paper)


def tell_confirmed(orders: Sequence[Order]) -> None:
    """Confirm to the customers, in their conversation, what a person confirmed in the books.

    Where the letter must not leave or cannot be written, a task tells it to a person.
    """
    with transaction.atomic():
        # The lock keeps two doorbells for one order from writing at the same time.
        held = {
            order.pk: order
            for order in Order.objects.select_for_update()
            .filter(pk__in=[order.pk for order in orders], confirmed_at__isnull=False)
            .exclude(state=Order.State.CANCELLED)
        }
        links = Case.orders.through.objects.filter(order__in=held).select_related(
            "case__department", "case__customer", "case__policy"
        )
        found = [
            (held[link.order_id], link.case, asking(held[link.order_id], link.case))
            for link in links
        ]
        asked = [(order, case, email) for order, case, email in found if email is not None]
        if asked:
            paper = stationery([email for _, _, email in asked])
            decided = _decided_by_a_person(held)
            writing.queue(
                [
                    confirmation(order, email, case, paper, by_person=order.pk in decided)
                    for order, case, email in asked
                ]
            )
            _hand_to_a_person([(order, case) for order, case, _ in asked if order.pk in decided])


def _decided_by_a_person(orders: Collection[int]) -> set[int]:
    confirmed = Event.objects.filter(
        kind="order.confirmed", subject_type=Order._meta.label_lower, subject_id__in=orders
    )
    return set(confirmed.exclude(actor=None).values_list("subject_id", flat=True))


def _hand_to_a_person(told: Sequence[tuple[Order, Case]]) -> None:
    """Open a task for each order whose customer hears nothing by itself."""
    rows = OutgoingEmail.objects.filter(cause__in=[_cause(order) for order, _ in told])
    letters = {row.cause: row for row in rows.only("cause", "state", "reason")}
    for order, case in told:
        letter = letters.get(_cause(order))
        if letter is None:
            following.owe_confirmation(order, case, UNWRITTEN)
        elif letter.state == OutgoingEmail.State.WITHHELD:
            following.owe_confirmation(order, case, letter.reason)


def _cause(order: Order) -> str:
    return f"order:{order.pk}:confirmed"


def untold(now: datetime) -> list[int]:
    """Return orders confirmed lately whose customers have no letter yet: the sweep's list."""
    cause = Concat(Value("order:"), Cast("pk", CharField()), Value(":confirmed"))
    orders = Order.objects.annotate(cause=cause).filter(
        ~Exists(OutgoingEmail.objects.filter(cause=OuterRef("cause"))),
        confirmed_at__gte=now - timedelta(days=UNTOLD_DAYS),
        confirmed_at__lt=now - timedelta(seconds=30),
        cases__emails__isnull=False,
    )
    return list(orders.exclude(state=Order.State.CANCELLED).values_list("pk", flat=True).distinct())


def asking(order: Order, case: Case) -> Email | None:
    """The mail that brought the order: by its document, else the last order before it was entered."""
    mails = case.emails.order_by("pk")
    paper = order.document.sha256 if order.document else ""
    brought = mails.filter(attachments__sha256=paper) if paper else mails.filter(kind=Kind.ORDER)
    return brought.filter(received_at__lte=order.created_at).last() or mails.first()


def _withhold(email: Email, to_address: str, *, by_person: bool) -> str:
    if email.must_not_answer:
        return email.must_not_answer
    if email.automatic:
        return N_("A machine wrote the mail; machines are not answered.")
    if not email.answerable and not by_person:
        return N_("The mail was imported or is older than two days.")
    if AMBIGUOUS_SENDER in email.defects or "@" not in to_address:
        return N_("The mail does not say clearly who sent it.")
    return ""


def _facts(email: Email, case: Case, contact: Contact | None, paper: Stationery) -> dict[str, Any]:
    language = email.language or paper.company.language
    department = case.department.name_in(language)
    return {
        "salutation": people.salutation(contact, language),
        "customer": case.customer.name if case.customer else email.from_name,
        "subject_line": email.subject,
        "case_number": case.number,
        "department": department,
        "deadline": _deadline(case, paper.calendar, language),
        "company": paper.company.name,
        "signature": paper.company.imprint(language),
    }


def _deadline(case: Case, house: Calendar, language: str) -> str:
    """By when we answer. A case that is taken up again is promised a moment that still lies ahead."""
    now, moment = timezone.now(), case.first_response_due_at
    if moment is None or moment <= now:
        minutes = case.policy.first_response_minutes if case.policy else A_DAY_IN_MINUTES
        moment = add_minutes(house, now, minutes)
    pattern = "EEEE, d. MMMM, HH:mm 'Uhr'" if language == "de" else "EEEE, d MMMM, HH:mm"
    locale = LOCALES.get(language, "en_GB")
    return format_datetime(timezone.localtime(moment), pattern, locale=locale)


def _order(order: Order | None) -> dict[str, Any]:
    if order is None:
        return {}
    locale = LOCALES.get(order.language, "en_GB")
    with override(order.language):
        doubts = [
            " ".join(part for part in (gettext(one["what"]), one["evidence"]) if part)
            for one in order.doubts
        ]
        state = str(order.get_state_display())
        lines = [_line(line, locale) for line in order.lines.all()]
    return {
        "order_number": order.number,
        "order_reference": order.reference,
        "order_state": state,
        "promised_date": format_date(order.promised_date, "long", locale)
        if order.promised_date
        else "",
        "lines": lines,
        "net": _money(order.net, locale),
        "tax": _money(order.tax, locale),
        "gross": _money(order.gross, locale),
        "currency": order.currency,
        "doubts": doubts,
    }


def _line(line: OrderLine, locale: str) -> dict[str, Any]:
    return {
        "position": line.position,
        "sku": line.sku,
        "name": line.name,
        "quantity": format_decimal(line.quantity, "#,##0.##", locale),
        "unit": gettext("pcs"),
        "unit_price": format_decimal(line.unit_price, "#,##0.00##", locale),
        "total": _money(line.total, locale),
    }


def _money(amount: Decimal, locale: str) -> str:
    return str(format_decimal(amount, "#,##0.00", locale))
