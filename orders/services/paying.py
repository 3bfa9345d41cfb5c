"""Payments pay invoices: by themselves where that is certain, else by a person, and back again.

Each is one transaction. Locks are taken in one order everywhere: orders, entry, open items.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_, Reason
from orders.models import Allocation, BankEntry, Invoice, Order
from orders.services import open_items, progressing

ZERO = Decimal(0)
FASTER = N_("Somebody else was faster: look at it as it stands now.")


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a payment for an invoice; below zero for a credit note, which lessens it."""

    invoice: Invoice
    amount: Decimal
    cash_discount: Decimal = ZERO


def allocate(
    entry: BankEntry,
    invoice: Invoice,
    amount: Decimal,
    *,
    cash_discount: Decimal = ZERO,
    by: AbstractBaseUser | None = None,
) -> Allocation:
    """Let a part of a payment pay an invoice. Raises DomainError."""
    return allocate_all(entry, [Share(invoice, amount, cash_discount)], by=by)[0]


def allocate_all(
    entry: BankEntry,
    shares: Sequence[Share],
    *,
    by: AbstractBaseUser | None = None,
    reasons: Sequence[Reason] = (),
) -> list[Allocation]:
    """Let a payment pay several invoices, all of them or none. Raises DomainError."""
    with transaction.atomic():
        orders = _lock_orders(share.invoice for share in shares)
        held = _hold(entry)
        _guard(held, shares)
        allocations = Allocation.objects.bulk_create(
            Allocation(
                entry=held,
                invoice=share.invoice,
                amount=share.amount,
                cash_discount=share.cash_discount,
                by_id=by.pk if by else None,
            )
            for share in shares
        )
        held.state = BankEntry.State.PARTLY if rest_of(held) else BankEntry.State.MATCHED
        held.reasons = [one.as_json() for one in reasons]
        held.save(update_fields=["state", "reasons"])
        for one in sorted(allocations, key=lambda one: one.invoice_id):
            _tell("payment.allocated", held, one, by)
            open_items.lessen(one.invoice, _weight(one), on=held.booked_on, by=by)
        for order in orders:
            progressing.follow(order, by=by)
    entry.__dict__.update(held.__dict__)
    return allocations


def take_back(allocation: Allocation, *, by: AbstractBaseUser | None = None) -> None:
    """Undo an allocation: its invoice is open again, its payment waits. Raises DomainError."""
    with transaction.atomic():
        orders = _lock_orders([allocation.invoice])
        held = _hold(allocation.entry)
        _take_back(held, [allocation], by)
        for order in orders:
            progressing.follow(order, by=by)


def take_back_all(entry: BankEntry, *, by: AbstractBaseUser | None = None) -> None:
    """Undo all that a payment paid. Raises DomainError."""
    with transaction.atomic():
        active = _active(entry)
        orders = _lock_orders(one.invoice for one in active)
        held = _hold(entry)
        if not active:
            raise DomainError("payment.not_allocated", N_("This payment pays nothing."))
        _take_back(held, active, by)
        for order in orders:
            progressing.follow(order, by=by)
    entry.__dict__.update(held.__dict__)


def _take_back(
    held: BankEntry, allocations: Sequence[Allocation], by: AbstractBaseUser | None
) -> None:
    for one in sorted(allocations, key=lambda one: one.invoice_id):
        undone = Allocation.objects.filter(pk=one.pk, taken_back_at=None)
        if not undone.update(taken_back_at=timezone.now()):
            raise DomainError("payment.taken_back_before", FASTER)
        open_items.lessen(one.invoice, -_weight(one), on=None, by=by)
        _tell("payment.taken_back", held, one, by)
    left = _active(held)
    held.state = BankEntry.State.PARTLY if left else BankEntry.State.OPEN
    held.reasons = []
    held.save(update_fields=["state", "reasons"])


def ignore(entry: BankEntry, *, reason: str, by: AbstractBaseUser | None = None) -> None:
    """Say that a payment, or what is left of it, is for no invoice. Raises DomainError."""
    if not reason.strip():
        raise DomainError("payment.no_reason", N_("Say what the payment is."), status=400)
    with transaction.atomic():
        held = _hold(entry)
        if held.state not in BankEntry.WAITING:
            raise DomainError("payment.decided", FASTER)
        held.state, held.note = BankEntry.State.IGNORED, reason.strip()[:300]
        held.save(update_fields=["state", "note"])
        record("payment.ignored", held, actor=by, amount=str(held.amount), reason=held.note)
    entry.__dict__.update(held.__dict__)


def reconsider(entry: BankEntry, *, by: AbstractBaseUser | None = None) -> None:
    """Put what was set aside back on the list. Raises DomainError."""
    with transaction.atomic():
        held = _hold(entry)
        if held.state != BankEntry.State.IGNORED:
            raise DomainError("payment.not_ignored", FASTER)
        held.state = BankEntry.State.PARTLY if _active(held) else BankEntry.State.OPEN
        held.note = ""
        held.save(update_fields=["state", "note"])
        record("payment.reconsidered", held, actor=by, amount=str(held.amount))
    entry.__dict__.update(held.__dict__)


def rest_of(entry: BankEntry) -> Decimal:
    """What of a payment is not allocated."""
    used = entry.allocations.filter(taken_back_at=None).aggregate(sum=Sum("amount"))["sum"]
    return (entry.amount - (used or ZERO)).quantize(Decimal("0.01"))


def _active(entry: BankEntry) -> list[Allocation]:
    return list(entry.allocations.filter(taken_back_at=None).select_related("invoice__order"))


def _lock_orders(invoices: Iterable[Invoice]) -> list[Order]:
    pks = {invoice.order_id for invoice in invoices}
    return list(Order.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def _hold(entry: BankEntry) -> BankEntry:
    return BankEntry.objects.select_for_update().get(pk=entry.pk)


def _guard(held: BankEntry, shares: Sequence[Share]) -> None:
    if held.state not in BankEntry.WAITING:
        raise DomainError("payment.decided", FASTER)
    if not shares or len({one.invoice.pk for one in shares}) < len(shares):
        raise DomainError("payment.no_shares", N_("Choose each invoice once."), status=400)
    for share in shares:
        _guard_share(held, share)
    paid_before = held.allocations.filter(
        taken_back_at=None, invoice__in=[one.invoice for one in shares]
    )
    if paid_before.exists():
        said = N_("This payment pays the invoice already: take that back first.")
        raise DomainError("payment.twice", said)
    rest = rest_of(held) - sum(share.amount for share in shares)
    low, high = sorted((ZERO, held.amount))
    if not low <= rest <= high:
        said = gettext("Only %(rest)s of this payment is left.") % {"rest": rest_of(held)}
        raise DomainError("payment.used_up", said)


def _guard_share(held: BankEntry, share: Share) -> None:
    is_credit = share.invoice.kind != Invoice.Kind.INVOICE
    right_way = share.amount < 0 if is_credit else share.amount > 0
    discount_fits = share.cash_discount == 0 or (not is_credit and share.cash_discount > 0)
    if not right_way or not discount_fits:
        raise DomainError("payment.amount", N_("This amount does not fit the invoice."), status=400)
    if any(one != round(one, 2) for one in (share.amount, share.cash_discount)):
        raise DomainError("payment.broken_cents", N_("Amounts have two places."), status=400)
    if share.invoice.currency != held.currency:
        raise DomainError("payment.currency", N_("Payment and invoice have different currencies."))


def _weight(one: Allocation) -> Decimal:
    """What it takes off the invoice, or of the credit note."""
    return abs(one.amount) + one.cash_discount


def _tell(kind: str, entry: BankEntry, one: Allocation, by: AbstractBaseUser | None) -> None:
    data = {"invoice": one.invoice.number, "amount": str(one.amount)}
    if one.cash_discount:
        data["cash_discount"] = str(one.cash_discount)
    record(kind, entry, actor=by, **data)
