"""Why orders wait, in words: what their page says, for many of them at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice

from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext

from orders.models import Order
from orders.models.order import State
from orders.pace import ENDED, Decision, Wait, next_step
from orders.services import advancing
from orders.services.situations import NEEDED, situations

DOUBTS_TOLD = 3


def reasons(orders: Collection[Order], today: date) -> dict[int, str]:
    """Return why each of the orders waits; empty where it moves by itself or is over.

    As many queries for one order as for many.
    """
    going = [one for one in orders if one.state not in ENDED]
    prefetch_related_objects(going, *NEEDED)
    decisions = {pk: next_step(one) for pk, one in situations(going, today).items()}
    failed = advancing.failures([pk for pk, one in decisions.items() if one.step])
    why = {pk: gettext(event.data.get("why", "")) for pk, event in failed.items()}
    return {one.pk: "; ".join(_told(one, decisions[one.pk], why.get(one.pk, ""))) for one in going}


def doubts(rows: Iterable[Mapping[str, str]]) -> str:
    """Return what is doubtful, as much of it as one reads on a line."""
    said = (
        ": ".join(filter(None, (gettext(one["what"]), one.get("evidence", "")))) for one in rows
    )
    return "; ".join(islice(said, DOUBTS_TOLD))


def words(wait: Wait) -> str:
    said = gettext(wait.what)
    if wait.until:
        until = date_format(wait.until, "SHORT_DATE_FORMAT")
        said = gettext("%(what)s (until %(day)s)") % {"what": said, "day": until}
    return f"{said}: {wait.evidence}" if wait.evidence else said


def _told(order: Order, decision: Decision, failed: str) -> Iterator[str]:
    if order.on_hold:
        yield order.hold_reason
    elif order.doubts and order.state == State.CREATED:
        yield doubts(order.doubts)
    elif failed:
        yield gettext("It could not move on by itself: %s") % failed
    else:
        yield from map(words, decision.waits)
