"""What an agent is shown: the mail, its documents and what the books say about its sender."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import override

from agents.data import Brief, OrderBrief
from agents.models import Agent
from agents.services import consulting
from cases.models import Case, CaseEmail
from emails.data import Kind
from emails.models import Attachment, Email, OutgoingEmail
from hbu.lib.reasons import N_
from orders.data import Doubt, Proposal, ReadDocument
from orders.documents.reading import read_order
from orders.models import Order
from orders.services import drafting
from shop.models import Customer

TEXT_SHOWN = 4000


@dataclass(frozen=True, slots=True)
class Matter:
    """A mail on the desk: its case, its agent, and the order document it brought, if any."""

    email: Email
    case: Case
    agent: Agent
    brief: Brief
    proposal: Proposal | None = None
    document: Attachment | None = None


def brief(emails: Sequence[Email]) -> list[Matter]:
    """Put the mails of a chunk on their agents' desks. Reads only."""
    cases = _cases(emails)
    attachments = _attachments(emails)
    documents = {email.pk: _order_document(email, attachments) for email in emails}
    proposals = _proposals(emails, documents)
    statuses = _orders_named(emails)
    acknowledged = _acknowledged(emails)
    roster = consulting.roster()
    matters = []
    for email in emails:
        case, (attachment, _) = cases[email.pk], documents[email.pk]
        proposal = proposals.get(email.pk)
        matters.append(
            Matter(
                email=email,
                case=case,
                agent=roster.get(case.department.code) or roster["info"],
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
                    department=case.department.code,
                    order=_order_brief(proposal) if proposal else None,
                    open_orders=statuses.get(email.pk, ()),
                    documents=tuple(one.filename for one in attachments.get(email.pk, ())),
                    answered_before=email.thread_id in acknowledged,
                ),
                proposal=proposal,
                document=attachment,
            )
        )
    return matters


def _cases(emails: Sequence[Email]) -> dict[int, Case]:
    """Return each mail's case; mails of one case share one object."""
    links = CaseEmail.objects.filter(email__in=emails).select_related(
        "case__department", "case__customer"
    )
    cases: dict[int, Case] = {}
    return {link.email_id: cases.setdefault(link.case_id, link.case) for link in links}


def _attachments(emails: Sequence[Email]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.filter(email__in=emails, inline=False):
        found.setdefault(row.email_id, []).append(row)
    return found


def _order_document(
    email: Email, attachments: dict[int, list[Attachment]]
) -> tuple[Attachment | None, ReadDocument | None]:
    """Return the purchase order a mail brought: an attachment before the mail's own words."""
    if email.kind != Kind.ORDER:
        return None, None
    for attachment in attachments.get(email.pk, ()):
        if attachment.text:
            document = read_order(attachment.text, format="pdf", language=email.language)
            if document.kind == "order" and document.lines:
                return attachment, document
    words = email.reply_text or email.text
    document = read_order(words, format="text", language=email.language)
    return None, document if document.lines else None


def _proposals(
    emails: Sequence[Email],
    documents: dict[int, tuple[Attachment | None, ReadDocument | None]],
) -> dict[int, Proposal]:
    found = [(email, documents[email.pk][1]) for email in emails]
    readable = [(email, document) for email, document in found if document is not None]
    requests = [
        drafting.Request(document, email.customer, _doubts(email)) for email, document in readable
    ]
    drafts = drafting.draft(requests)
    return {email.pk: draft for (email, _), draft in zip(readable, drafts, strict=True)}


def _doubts(email: Email) -> tuple[Doubt, ...]:
    """What the mail itself leaves in doubt, whatever its document says."""
    doubts = []
    if "ambiguous sender" in email.defects:
        doubts.append(Doubt("sender", N_("The mail does not say clearly who sent it.")))
    if email.automatic:
        doubts.append(Doubt("automatic", N_("A machine wrote the mail.")))
    return tuple(doubts)


def _order_brief(proposal: Proposal) -> OrderBrief:
    return OrderBrief(
        reference=proposal.document.number,
        lines=len(proposal.lines),
        gross=str(proposal.gross),
        certain=proposal.certain,
        doubts=tuple(f"{doubt.what} {doubt.evidence}".strip() for doubt in proposal.doubts),
    )


def _orders_named(emails: Sequence[Email]) -> dict[int, tuple[tuple[str, str, str], ...]]:
    """Return the orders that a status question names, of the asking customer only."""
    asking = [email for email in emails if email.kind == Kind.ORDER_STATUS and email.customer]
    if not asking:
        return {}
    orders: dict[int, list[Order]] = {}
    for order in Order.objects.filter(customer__in={email.customer for email in asking}):
        orders.setdefault(order.customer_id or 0, []).append(order)
    return {
        email.pk: tuple(_status(order, email.language) for order in _named(email, orders))
        for email in asking
    }


def _named(email: Email, orders: dict[int, list[Order]]) -> Iterable[Order]:
    text = f"{email.subject}\n{email.reply_text or email.text}"
    for order in orders.get(email.customer_id or 0, []):
        if order.number in text or (order.reference and _whole(order.reference, text)):
            yield order


def _whole(reference: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(reference)}(?![\w-])", text) is not None


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
