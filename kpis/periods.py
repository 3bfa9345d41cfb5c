"""Times that figures are asked for: whole days in the house's own time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from cases.services.sla_reports import Period

LENGTHS = (7, 30, 90, 365)
USUAL = 30


@dataclass(frozen=True, slots=True)
class Span(Period):
    """From a day to another one, both included."""

    @classmethod
    def until_today(cls, length: int) -> "Span":
        today = timezone.localdate()
        return cls(today - timedelta(days=length - 1), today)

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=one) for one in range(len(self)))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def before(self) -> "Span":
        """The time before, of the same length."""
        return Span(self.first - timedelta(days=len(self)), self.first - timedelta(days=1))

    def cut(self, step: int) -> Iterator["Span"]:
        """Yield it in pieces of so many days; the last may be shorter."""
        first = self.first
        while first <= self.last:
            yield Span(first, min(first + timedelta(days=step - 1), self.last))
            first += timedelta(days=step)
