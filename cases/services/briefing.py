"""What an agent is shown: the mail, its documents and what the books say about its sender."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from agents.data import Brief, OrderBrief
from agents.models import Agent, Department
from agents.services import consulting
from cases.models import Case, CaseEmail
from cases.services import accounting, doubting, serving
from emails.data import Kind, Trust
from emails.models import Attachment, Email, OutgoingEmail
from hbu.lib.reasons import N_
from orders.data import Doubt, Proposal, ReadDocument
from orders.documents.reading import read_order
from orders.models import Order
from orders.models.order import State
from orders.services import drafting, quoting
from shop.models import Customer

TEXT_SHOWN = 4000
TEXT_LOOKED_AT = 20_000
# Shorter ones are too likely to be something else: "um 12 Uhr".
NUMBER = re.compile(r"\w[\w./-]{3,39}")
MOST_PIECES = 10_000_000
# What a document may call itself, by what its mail is about.
PAPERS: Mapping[str, tuple[str, ...]] = {
    Kind.ORDER: ("order",),
    Kind.QUOTATION_REQUEST: ("order", "other"),
}
SEVERAL = Doubt("several_orders", N_("The mail brings more than one order"))
# Attachments that hold no order: pictures, cards, signatures, appointments.
SAYS_NOTHING = (
    "image/", "text/vcard", "text/x-vcard", "text/calendar", "application/pkcs7-signature",
    "application/x-pkcs7-signature", "application/pgp-",
)  # fmt: skip
UNDER_WAY = (
    State.CONFIRMED, State.PLANNED, State.IN_PRODUCTION, State.PRODUCED, State.PACKED,
    State.SHIPPED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """A mail on the desk: its case, its agent, and the order document it brought, if any."""

    email: Email
    case: Case
    desk: Department
    """Who can do what this mail calls for; an order may well arrive in a case of the front desk."""
    agent: Agent | None
    """None where no software agent takes it."""
    brief: Brief
    nobody: str = consulting.UNSERVED
    """Why, where there is none."""
    proposal: Proposal | None = None
    document: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """The order document of a mail, where it stood, and what makes it doubtful."""

    attachment: Attachment | None = None
    document: ReadDocument | None = None
    doubts: tuple[Doubt, ...] = ()


def brief(emails: Sequence[Email]) -> list[Matter]:
    """Put the mails of a chunk on their agents' desks. Reads only."""
    cases = _cases(emails)
    attachments = _attachments(emails)
    documents = {
        email.pk: _order_document(email, attachments.get(email.pk, ())) for email in emails
    }
    proposals = _proposals(emails, documents)
    statuses = _orders_named(emails)
    accounts = accounting.accounts(emails)
    acknowledged = _acknowledged(emails)
    departments = Department.objects.in_bulk()
    desks = {
        email.pk: departments.get(email.department_id or 0) or cases[email.pk].department
        for email in emails
    }
    served = serving.served(emails, desks)
    matters = []
    for email in emails:
        case, proposal, desk = cases[email.pk], proposals.get(email.pk), desks[email.pk]
        matters.append(
            Matter(
                email=email,
                case=case,
                desk=desk,
                agent=served[email.pk].agent,
                nobody=served[email.pk].nobody,
                brief=Brief(
                    case=case.number,
                    kind=email.kind,
                    priority=email.priority,
                    language=email.language,
                    subject=email.subject,
                    text=(email.reply_text or email.text)[:TEXT_SHOWN],
                    sender_name=email.from_name,
                    customer=email.customer.name if email.customer else "",
                    oem=email.is_oem,
                    automatic=email.automatic,
                    confidence=email.confidence,
                    department=desk.code,
                    order=_order_brief(email, proposal),
                    quotation=_quotation_brief(email, proposal),
                    open_orders=statuses.get(email.pk, ()),
                    invoices=accounts[email.pk].named,
                    open_invoices=accounts[email.pk].open,
                    unclear_invoices=accounts[email.pk].unclear,
                    unread=_unread_names(attachments.get(email.pk, ())),
                    answered_before=email.thread_id in acknowledged,
                    remembered=served[email.pk].remembered,
                ),
                proposal=proposal,
                document=documents[email.pk].attachment,
            )
        )
    return matters


def _cases(emails: Sequence[Email]) -> dict[int, Case]:
    """Return each mail's case; mails of one case share one object."""
    links = CaseEmail.objects.filter(email__in=emails).select_related(
        "case__department", "case__customer", "case__policy"
    )
    cases: dict[int, Case] = {}
    return {link.email_id: cases.setdefault(link.case_id, link.case) for link in links}


def _attachments(emails: Sequence[Email]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.filter(email__in=emails, inline=False):
        found.setdefault(row.email_id, []).append(row)
    return found


def _order_document(email: Email, attachments: Sequence[Attachment]) -> Paper:
    """Return what a mail orders or wants quoted: an attachment before the mail's own words."""
    if email.kind not in PAPERS:
        return Paper()
    found = [
        Paper(
            attachment,
            document,
            (*_unread(attachments, "application/pdf"), *doubting.of_words(email, attachment.text)),
        )
        for attachment in attachments
        if attachment.document
        and (document := ReadDocument.from_json(attachment.document)).kind in PAPERS[email.kind]
        and can_be_entered(document)
    ]
    if found:
        several = len({paper.document for paper in found}) > 1
        return replace(found[0], doubts=(*found[0].doubts, *([SEVERAL] if several else [])))
    words = email.reply_text or email.text
    document = read_order(words, format="text", language=email.language)
    if not can_be_entered(document):
        return Paper()
    if email.kind == Kind.QUOTATION_REQUEST:
        # It is filed as what it is, not as an order.
        document = replace(document, kind="other")
    return Paper(None, document, doubts=_unread(attachments))


def can_be_entered(document: ReadDocument) -> bool:
    """Return whether the books can hold it: with lines, and none for nothing or for the moon."""
    quantities = [line.quantity for line in document.lines]
    return bool(quantities) and all(0 < one <= MOST_PIECES for one in quantities)


def _unread(attachments: Iterable[Attachment], media_type: str = "") -> tuple[Doubt, ...]:
    """What the customer sent along and we could not read may say something else."""
    names = _unread_names(attachments, media_type)
    what = N_("An attachment could not be read")
    return (Doubt("unread_attachment", what, ", ".join(names)[:200]),) if names else ()


def _unread_names(attachments: Iterable[Attachment], media_type: str = "") -> tuple[str, ...]:
    return tuple(
        one.filename
        for one in attachments
        if not one.text
        and one.content_type.startswith(media_type)
        and not one.content_type.startswith(SAYS_NOTHING)
    )


def _proposals(emails: Sequence[Email], papers: Mapping[int, Paper]) -> dict[int, Proposal]:
    readable = [
        (email, paper.document, paper.doubts)
        for email, paper in ((email, papers[email.pk]) for email in emails)
        if paper.document is not None
    ]
    drafts = drafting.draft(
        [
            drafting.Request(document, email.customer, (*doubting.of_mail(email), *doubts))
            for email, document, doubts in readable
        ]
    )
    return {email.pk: draft for (email, _, _), draft in zip(readable, drafts, strict=True)}


def _order_brief(email: Email, proposal: Proposal | None) -> OrderBrief | None:
    if proposal is None or email.kind != Kind.ORDER:
        return None
    return _in_brief(proposal, proposal.doubts)


def _quotation_brief(email: Email, proposal: Proposal | None) -> OrderBrief | None:
    if proposal is None or email.kind != Kind.QUOTATION_REQUEST:
        return None
    return _in_brief(proposal, quoting.doubts_of(proposal))


def _in_brief(proposal: Proposal, doubts: Sequence[Doubt]) -> OrderBrief:
    return OrderBrief(
        reference=proposal.document.number,
        lines=len(proposal.lines),
        gross=str(proposal.gross),
        certain=bool(proposal.lines) and not doubts,
        doubts=tuple(": ".join(filter(None, (one.what, one.evidence))) for one in doubts),
    )


def _orders_named(emails: Sequence[Email]) -> dict[int, tuple[tuple[str, str, str], ...]]:
    """Return the orders that a status question names, of the asking customer only.

    Who may be forged is told nothing of them (promise D4).
    """
    asking = [
        email
        for email in emails
        if email.kind == Kind.ORDER_STATUS and email.customer and email.trust != Trust.FAILED
    ]
    if not asking:
        return {}
    orders: dict[int | None, list[Order]] = {}
    tokens = {token for email in asking for token in _tokens(email)}
    named = Order.objects.filter(Q(number__in=tokens) | Q(reference__in=tokens))
    for order in named.filter(customer__in={email.customer_id for email in asking}):
        orders.setdefault(order.customer_id, []).append(order)
    return {email.pk: _statuses(email, orders.get(email.customer_id, ())) for email in asking}


def _tokens(email: Email) -> set[str]:
    """The words of a mail that may be the number of an order, ours or the customer's."""
    text = f"{email.subject}\n{email.reply_text or email.text}"[:TEXT_LOOKED_AT]
    return {word.rstrip("./-") for word in NUMBER.findall(text)}


def _statuses(email: Email, orders: Iterable[Order]) -> tuple[tuple[str, str, str], ...]:
    """Empty as soon as one of the orders named is a matter for a person: not confirmed yet,
    cancelled, delivered, or late."""
    tokens = _tokens(email)
    named = [one for one in orders if one.number in tokens or one.reference in tokens]
    today = timezone.localdate()
    if any(
        one.state not in UNDER_WAY or one.promised_date is None or one.promised_date < today
        for one in named
    ):
        return ()
    return tuple(_status(order, email.language) for order in named)


def _status(order: Order, language: str) -> tuple[str, str, str]:
    with override(language):
        promised = date_format(order.promised_date) if order.promised_date else ""
        return order.number, str(order.get_state_display()), promised


def _acknowledged(emails: Sequence[Email]) -> set[int | None]:
    rows = OutgoingEmail.objects.filter(
        thread__in={email.thread_id for email in emails},
        state__in=OutgoingEmail.TRUE_SENDS,
        weight=OutgoingEmail.Weight.ACKNOWLEDGEMENT,
    )
    return set(rows.values_list("thread_id", flat=True))


def with_customers(emails: Sequence[Email]) -> None:
    """Attach customers with one query."""
    customers = Customer.objects.in_bulk({one.customer_id for one in emails if one.customer_id})
    for email in emails:
        email.customer = customers.get(email.customer_id) if email.customer_id else None
