"""Letters to people who want a login of the shop: a link, or that we know nobody there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from emails.data import Letter
from emails.models import Mailbox, OutgoingEmail
from emails.services import writing
from hbu.company.models import Company
from hbu.journal.models import Event
from shop.models import Contact
from shop.services import accounts, people

ASKED = "account.asked"
LINK, UNKNOWN = "account_link", "account_unknown"
# Who waits longer for a link has asked again.
UNWRITTEN_FOR = timedelta(hours=1)
_CAUSE = "account:"


def write(asked: Collection[int]) -> None:
    """Answer each request for a login once; the link stands in the letter and nowhere else."""
    with transaction.atomic():
        events = list(Event.objects.filter(pk__in=asked, kind=ASKED).order_by("pk"))
        done = OutgoingEmail.objects.filter(cause__in=[_cause(event) for event in events])
        answered = set(done.values_list("cause", flat=True))
        events = [event for event in events if _cause(event) not in answered]
        if not events:
            return
        contacts = _contacts(events)
        company = Company.objects.get()
        desk = _desk(company)
        writing.queue([_letter(event, contacts, company, desk) for event in events])


def _contacts(events: Sequence[Event]) -> Mapping[int, Contact]:
    label = Contact._meta.label_lower
    ids = {event.subject_id for event in events if event.subject_type == label}
    rows = Contact.objects.select_for_update(of=("self",)).select_related("customer")
    return {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}


def _desk(company: Company) -> Mailbox | None:
    """Where answers to such letters are read: at the address of the house."""
    boxes = Mailbox.objects.watched().select_related("department")
    return min(boxes, key=lambda box: (box.address != company.email, box.pk), default=None)


def _letter(
    event: Event, contacts: Mapping[int, Contact], company: Company, desk: Mailbox | None
) -> Letter:
    contact = (
        contacts.get(event.subject_id) if event.subject_type == Contact._meta.label_lower else None
    )
    link = accounts.link_of(contact) if contact else ""
    language = contact.customer.language if contact else str(event.data.get("language", ""))
    department = desk.department.name_in(language) if desk else company.name
    return Letter(
        cause=_cause(event),
        template=LINK if link else UNKNOWN,
        language=language or company.language,
        variables={
            "salutation": people.salutation(contact, language),
            "company": company.name,
            "department": department,
            "signature": company.imprint(language),
            "link": link,
        },
        to_address=contact.email if contact else str(event.data["address"]),
        from_name=f"{company.name}, {department}"[:120],
        from_address=desk.address if desk else company.email,
        mailbox_id=desk.pk if desk else None,
        # A stranger's address gets few of these, whoever types it how often.
        weight="commitment" if contact else "acknowledgement",
    )


def _cause(event: Event) -> str:
    return f"{_CAUSE}{event.pk}"


def unwritten(now: datetime) -> list[int]:
    """Return requests of the last hour without a letter: the sweep's list."""
    cause = Concat(Value(_CAUSE), Cast("pk", CharField()))
    asked = Event.objects.filter(
        kind=ASKED, at__gte=now - UNWRITTEN_FOR, at__lt=now - timedelta(seconds=30)
    )
    waiting = asked.annotate(cause=cause).filter(
        ~Exists(OutgoingEmail.objects.filter(cause=OuterRef("cause")))
    )
    return list(waiting.values_list("pk", flat=True))
