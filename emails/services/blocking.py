"""Addresses that get no automatic mail for a while, and the end of that by a person (promise C8)."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from emails.models import BlockedAddress, OutgoingEmail
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all

BLOCKED_FOR = timedelta(days=60)
HELD_UNTIL = N_(
    "Mail to this address came back or was unwelcome, and automatic mail is held back until"
)
HELD = N_("A person blocked automatic mail to this address.")

State = OutgoingEmail.State


def held(addresses: Collection[str]) -> dict[str, str]:
    """Return why automatic mail to these addresses must wait, by the address in lower case."""
    rows = BlockedAddress.objects.of(addresses).in_force(timezone.now())
    return {row.address: _why(row) for row in rows}


def _why(row: BlockedAddress) -> str:
    return f"{HELD_UNTIL}: {timezone.localdate(row.until).isoformat()}" if row.until else HELD


def block(rows: Sequence[BlockedAddress], *, by: AbstractBaseUser | None = None) -> None:
    """Block the addresses, anew where they were blocked before; what waits for them is withheld.

    The rows are not in the books yet. What a person released leaves all the same.
    """
    found = {row.address.strip().lower(): row for row in rows if "@" in row.address}
    # What a person blocked for good is not let go after sixty days.
    for_good = BlockedAddress.objects.of(found).filter(until=None, lifted_at=None)
    for address in for_good.values_list("address", flat=True):
        del found[address]
    if not found:
        return
    for address, row in found.items():
        row.address, row.blocked_by_id = address[:254], by.pk if by else None
    with transaction.atomic():
        BlockedAddress.objects.bulk_create(
            found.values(),
            update_conflicts=True,
            unique_fields=["address"],
            update_fields=[
                "reason", "status", "letter", "report", "since", "until", "blocked_by",
                "lifted_at", "lifted_by",
            ],
        )  # fmt: skip
        record_many(
            "address.blocked",
            ((row, {"address": row.address, "reason": row.reason}) for row in found.values()),
            actor=by,
        )
        _hold_back(found)


def _hold_back(found: dict[str, BlockedAddress]) -> None:
    waiting = (
        OutgoingEmail.objects.select_for_update()
        .filter(state__in=[State.QUEUED, State.RETRYING], approved_by=None)
        .exclude(weight=OutgoingEmail.Weight.PERSONAL)
        .annotate(reader=Lower("to_address"))
        .filter(reader__in=found)
    )
    letters = list(waiting)
    for letter in letters:
        letter.state = State.WITHHELD
        letter.reason = _why(found[letter.to_address.lower()])
    save_all(letters, ["state", "reason"])
    record_many(
        "outgoing.held", ((one, {"to": one.to_address, "reason": one.reason}) for one in letters)
    )


def block_by_hand(row: BlockedAddress, *, by: AbstractBaseUser) -> None:
    """A person blocks an address. Raises DomainError when it is none, or is blocked already."""
    now = timezone.now()
    if "@" not in row.address:
        raise DomainError("address.none", N_("That is no mail address."), status=400)
    if BlockedAddress.objects.of([row.address.strip()]).in_force(now).exists():
        raise DomainError("address.blocked", N_("This address is blocked already."))
    row.since = now
    block([row], by=by)


def lift(row: BlockedAddress, *, by: AbstractBaseUser) -> None:
    """End a block; letters that were withheld wait for a person. Raises DomainError."""
    now = timezone.now()
    with transaction.atomic():
        ended = BlockedAddress.objects.in_force(now).filter(pk=row.pk)
        if not ended.update(lifted_at=now, lifted_by=by):
            raise DomainError("address.free", N_("This address is not blocked any more."))
        record("address.freed", row, actor=by, address=row.address)
    row.refresh_from_db()
