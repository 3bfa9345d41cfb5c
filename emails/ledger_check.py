"""Does the ledger hold all that a server showed us? Pure: no Django, no clock of its own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

KEPT = 1000
"""So many missing UIDs are named; the next count names the rest."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a server held when it was asked, up to the last UID that we had taken up by then."""

    until: int
    held: int
    gone: int
    """Stored by us, and moved or removed on the server since."""
    missing: list[int]
    """UIDs that the server holds and the ledger does not know."""


def count(held: Collection[int], known: Mapping[int, bool], until: int) -> Count:
    """Compare what the server holds with our rows: UID and whether its mail is stored.

    What came after `until` is for the next fetch. What was removed on the server before it could be
    stored is nobody's any more, and counts on neither side.
    """
    there = {uid for uid in held if uid <= until}
    return Count(
        until=until,
        held=len(there),
        gone=sum(1 for uid, stored in known.items() if stored and uid not in there),
        missing=sorted(there - known.keys())[:KEPT],
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """server = stored = decided; whatever differs and is not on its way is a gap."""

    server: int
    stored: int
    decided: int
    fetching: int = 0
    """Not stored, and tried right now."""
    deciding: int = 0
    """Stored, and read and routed right now."""

    @property
    def not_stored(self) -> int:
        return max(0, self.server - self.stored - self.fetching)

    @property
    def not_decided(self) -> int:
        return max(0, self.stored - self.decided - self.deciding)

    @property
    def gap(self) -> int:
        return self.not_stored + self.not_decided
