"""When an order should be where, planned backwards from the day it is promised for. Pure."""

from dataclasses import dataclass
from datetime import date

from hbu.lib.hours import Calendar, add_working_days, take_working_days, working_days_after


@dataclass(frozen=True, slots=True)
class Terms:
    """What the plan is made from; all days are working days."""

    confirmed_on: date
    promised_for: date
    """When it arrives at the customer."""
    transit_days: int
    lead_days: int
    """Of the slowest product, from the order to the customer's door."""
    from_stock: bool
    """Nothing of it has to be made."""


def plan(calendar: Calendar, terms: Terms) -> dict[str, date]:
    """Return when each state is due; none lies before the day of the confirmation.

    A parcel is packed on the day it leaves, and what it holds is ready the day before. Production
    begins early enough to take what the lead time leaves for it, and is planned the day before.
    """
    back = _Backwards(calendar, terms.confirmed_on)
    shipped = back.from_(terms.promised_for, terms.transit_days)
    produced = back.from_(shipped, 1)
    making = 0 if terms.from_stock else max(1, terms.lead_days - terms.transit_days - 2)
    begun = back.from_(produced, making)
    return {
        "CONFIRMED": terms.confirmed_on,
        "PLANNED": back.from_(begun, 1),
        "IN_PRODUCTION": begun,
        "PRODUCED": produced,
        "PACKED": shipped,
        "SHIPPED": shipped,
        "DELIVERED": terms.promised_for,
        "INVOICED": add_working_days(calendar, terms.promised_for, 1),
    }


@dataclass(frozen=True, slots=True)
class _Backwards:
    calendar: Calendar
    not_before: date

    def from_(self, end: date, days: int) -> date:
        return max(take_working_days(self.calendar, end, days), self.not_before)


def days_late(calendar: Calendar, due: date | None, reached: date | None, today: date) -> int:
    """Return how many working days after its day a state was reached, or is missing today."""
    if due is None:
        return 0
    return working_days_after(calendar, due, reached or today)
