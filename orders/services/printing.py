"""Documents of ours: wanted with the change they tell of, made as files afterwards."""

from collections.abc import Iterable

from hbu.journal.recording import record_many
from orders.models import Printout


def want(printouts: Iterable[Printout]) -> list[Printout]:
    """Ask for documents, in the transaction of their cause; what was asked for before stays as it is.

    The listener of "printout.wanted" rings whoever makes them; a sweep finds what it missed.
    """
    wanted = {one.cause: one for one in printouts}
    known = set(Printout.objects.filter(cause__in=wanted).values_list("cause", flat=True))
    rows = Printout.objects.bulk_create(one for one in wanted.values() if one.cause not in known)
    record_many("printout.wanted", ((row, {"kind": row.kind}) for row in rows))
    return rows
