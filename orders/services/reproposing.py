"""An order that nobody confirmed yet is made anew from its document, with what was learned since."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import Doubt, Proposal, ReadDocument
from orders.models import Order
from orders.models.order import State
from orders.proposing import DOUBTS
from orders.services import agreed, drafting, filing, moving, placing


def propose_again(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    """Match, price and check the document as it is read now; lines, sums and doubts follow.

    The customer stays. Raises DomainError when the order moved on or has nothing to be made from.
    """
    with transaction.atomic():
        held = moving.lock(order)
        if held.state != State.CREATED:
            raise DomainError("order.not_editable", N_("Only orders not yet confirmed are edited."))
        read = filing.read_of(held.document) if held.document else None
        if read is None or not read.lines or any(line.quantity <= 0 for line in read.lines):
            raise DomainError("order.no_lines", N_("The document has no lines to make it from."))
        proposal = _proposal(held, read)
        held.lines.all().delete()
        held.lines.bulk_create(
            placing.line_of(held, position, line)
            for position, line in enumerate(proposal.lines, start=1)
        )
        if hasattr(held, "quotation"):
            agreed.keep(held)
        placing.fill(held, proposal)
        held.version += 1
        held.save()
        doubts = [doubt.code for doubt in proposal.doubts]
        record("order.proposed_again", held, actor=by, number=held.number, doubts=doubts)
    order.__dict__.update(held.__dict__)


def _proposal(order: Order, read: ReadDocument) -> Proposal:
    if hasattr(order, "quotation"):
        return agreed.proposal_of(order.quotation, order=order.pk)
    kept = tuple(Doubt(**one) for one in order.doubts if _came_with_the_mail(one["code"]))
    goes_to = order.delivery_address.get("country", "")
    request = drafting.Request(read, order.customer, kept, order=order.pk, ship_to=goes_to)
    return drafting.draft([request])[0]


def _came_with_the_mail(code: str) -> bool:
    """Not looked for here, and no refusal of the books, which confirming asks again."""
    return code not in DOUBTS and "." not in code
