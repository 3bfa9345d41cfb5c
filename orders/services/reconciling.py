"""Bank reconciliation: what came in is matched with what is open, and what came back undone."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_, Reason
from hbu.lib.rows import save_all
from orders.models import Allocation, BankEntry, Invoice
from orders.paying.data import Books, Payment, Proposal
from orders.paying.deciding import decide
from orders.paying.naming import named
from orders.services import open_items
from orders.services.paying import Share, allocate_all, rest_of, take_back_all

OUTGOING = N_("We paid it.")
CAME_BACK = N_("It came back.")
TAKES_BACK = N_("It takes back an earlier payment.")
MATCH_AT_ONCE = 5_000


def match(entries: Iterable[BankEntry] | None = None) -> dict[int, list[Allocation]]:
    """Allocate what is certain; say why not of the rest. Without entries: all that wait.

    Return the allocations by the key of their payment. May run at any time and twice.
    """
    waiting = BankEntry.objects.filter(state=BankEntry.State.OPEN)
    if entries is not None:
        waiting = waiting.filter(pk__in=[one.pk for one in entries])
    rows = list(waiting.order_by("booked_on", "key")[:MATCH_AT_ONCE])
    found: dict[int, list[Allocation]] = {}
    left = [row for row in rows if not row.reversal]
    while done := _allocate_certain(left):
        # Who paid from which account is known better now.
        found |= done
        left = [row for row in left if row.pk not in done]
    _note(left)
    for entry in [row for row in rows if row.reversal]:
        _return(entry)
    return found


def _allocate_certain(entries: Sequence[BankEntry]) -> dict[int, list[Allocation]]:
    found: dict[int, list[Allocation]] = {}
    books = open_items.books({row.iban for row in entries})
    for entry in entries:
        best = next(iter(decide(payment_of(entry), books)), None)
        if best and best.certain and (done := _at_once(entry, best)):
            found[entry.pk] = done
            books = open_items.without(books, done)
        else:
            entry.reasons = [one.as_json() for one in _why(entry, best, books)]
    return found


def propose(entry: BankEntry) -> tuple[Proposal, ...]:
    """What a person may choose from for what is left of a payment."""
    if entry.state not in BankEntry.WAITING:
        return ()
    return decide(payment_of(entry, rest_of(entry)), open_items.books({entry.iban}))


def payment_of(entry: BankEntry, amount: Decimal | None = None) -> Payment:
    return Payment(
        amount=entry.amount if amount is None else amount,
        booked_on=entry.booked_on,
        currency=entry.currency,
        purpose=entry.purpose,
        end_to_end=entry.end_to_end,
        party=entry.party,
        iban=entry.iban,
    )


def _why(entry: BankEntry, best: Proposal | None, books: Books) -> Sequence[Reason]:
    return best.reasons if best else named(payment_of(entry), books)[1]


def _at_once(entry: BankEntry, proposal: Proposal) -> list[Allocation]:
    """Allocate a certain proposal; where the books moved meanwhile, a person looks."""
    invoices = Invoice.objects.in_bulk([part.item for part in proposal.parts])
    shares = [Share(invoices[one.item], one.amount, one.discount) for one in proposal.parts]
    try:
        return allocate_all(entry, shares, reasons=proposal.reasons)
    except DomainError:
        return []


def _note(entries: Sequence[BankEntry]) -> None:
    """Keep why nothing was allocated; what we paid ourselves asks nothing of anybody."""
    with transaction.atomic():
        pks = [one.pk for one in entries]
        locked = BankEntry.objects.select_for_update().filter(
            pk__in=pks, state=BankEntry.State.OPEN
        )
        still = set(locked.values_list("pk", flat=True))
        kept = [one for one in entries if one.pk in still]
        for entry in kept:
            if entry.amount <= 0:
                entry.state, entry.note = BankEntry.State.IGNORED, OUTGOING
        save_all(kept, ["state", "note", "reasons"])


def _return(entry: BankEntry) -> None:
    """A payment came back: what it paid is open again. Without its like in the books it waits."""
    with transaction.atomic():
        original = _original(entry)
        if original is None:
            return
        if original.allocations.filter(taken_back_at=None).exists():
            take_back_all(original)
        for held, note in ((original, CAME_BACK), (entry, TAKES_BACK)):
            one = BankEntry.objects.select_for_update().get(pk=held.pk)
            one.state, one.note, one.reasons = BankEntry.State.IGNORED, note, []
            one.save(update_fields=["state", "note", "reasons"])
        record("payment.returned", original, amount=str(original.amount), why=str(entry.booked_on))


def _original(entry: BankEntry) -> BankEntry | None:
    """The one payment of that amount which is the same by reference or account and words."""
    rows = BankEntry.objects.filter(
        amount=-entry.amount, currency=entry.currency, booked_on__lte=entry.booked_on
    ).filter(reversal=False)
    same = [one for one in rows.exclude(note=CAME_BACK) if _is_same(one, entry)]
    return same[0] if len(same) == 1 else None


def _is_same(one: BankEntry, back: BankEntry) -> bool:
    by_reference = one.end_to_end == back.end_to_end != "" or one.reference == back.reference != ""
    words = "".join(one.purpose.split()).casefold()
    told = words and words in "".join(back.purpose.split()).casefold()
    return bool(by_reference or (one.iban == back.iban != "" and told))
