"""Courteous words about invoices that are overdue, in up to three levels (§ 286 BGB).

The first two go by themselves, the third is a person's to give. Where the customer disputes, a
person pauses it; what is paid meanwhile is not reminded, because the row is locked and asked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from hbu.company.calendar import calendar
from hbu.company.models import Terms
from hbu.company.numbers import draw
from hbu.company.terms import terms
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.hours import Calendar, add_working_days
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all
from orders.models import Printout, Receivable, Reminder
from orders.services import printing

DAYS_TO_PAY = 10
AT_ONCE = 200
FOR_GOOD = date.max
"""Paused until a person says otherwise."""


@dataclass(frozen=True, slots=True)
class House:
    """What reminders of a day share."""

    terms: Terms
    calendar: Calendar
    today: date

    @property
    def days(self) -> list[int]:
        return [int(one) for one in self.terms.reminder_days][: Receivable.BY_PERSON]

    @property
    def is_open(self) -> bool:
        return next(iter(self.calendar.open_days(self.today)), None) == self.today

    @property
    def pay_until(self) -> date:
        return add_working_days(self.calendar, self.today + timedelta(days=DAYS_TO_PAY), 0)

    def fee(self, level: int) -> Decimal:
        """Only the last word costs; it is no part of the invoice."""
        return self.terms.reminder_fee if level == len(self.days) else Decimal(0)

    def next_after(self, level: int) -> date | None:
        """When the next word is due: as far apart as the terms have them, and never too soon."""
        if level >= len(self.days):
            return None
        apart = timedelta(days=self.days[level] - self.days[level - 1])
        return max(self.today + apart, self.pay_until + timedelta(days=1))


def remind(today: date | None = None) -> list[Reminder]:
    """Write the reminders that are due; on a day on which the house is closed, none.

    May run twice: what was reminded is not due any more.
    """
    house = _house(today)
    written: list[Reminder] = []
    while house.is_open and (some := _remind_some(house)):
        written += some
    return written


def levels() -> int:
    """How many reminders our terms have."""
    return len(_house(None).days)


def remind_now(receivable: Receivable, *, by: AbstractBaseUser) -> Reminder:
    """Write the next reminder at once, as a person wants it. Raises DomainError."""
    house = _house(None)
    with transaction.atomic():
        rows = Receivable.objects.owed_to_us().select_for_update(of=("self",))
        held = rows.select_related("invoice__order").filter(pk=receivable.pk).first()
        if held is None:
            raise DomainError("reminder.nothing_open", N_("Nothing is open of this invoice."))
        if held.level >= len(house.days) or held.level != receivable.level:
            raise DomainError("reminder.no_further", N_("There is no further reminder to write."))
        if held.due_on >= house.today:
            raise DomainError("reminder.not_due", N_("The invoice is not due yet."))
        reminder = _write([held], house, by)[0]
    receivable.__dict__.update(held.__dict__)
    return reminder


def pause(receivable: Receivable, *, until: date | None, reason: str, by: AbstractBaseUser) -> None:
    """Wait with reminders until a day, or for good; a disputed invoice is not reminded."""
    if not reason.strip():
        raise DomainError("reminder.no_reason", N_("Say why nobody shall be reminded."), status=400)
    if until is not None and until < timezone.localdate():
        raise DomainError("reminder.past", N_("Choose a day that lies ahead."), status=400)
    _set_pause(receivable, until or FOR_GOOD, reason.strip()[:300], "reminders.paused", by)


def resume(receivable: Receivable, *, by: AbstractBaseUser) -> None:
    """Reminders go on as they are due."""
    _set_pause(receivable, None, "", "reminders.resumed", by)


def _set_pause(
    receivable: Receivable, until: date | None, reason: str, kind: str, by: AbstractBaseUser
) -> None:
    with transaction.atomic():
        held = Receivable.objects.select_for_update().get(pk=receivable.pk)
        held.paused_until, held.pause_reason = until, reason
        held.save(update_fields=["paused_until", "pause_reason"])
        told = {"until": str(until)} if until and until != FOR_GOOD else {}
        record(kind, held.invoice, actor=by, number=held.invoice.number, reason=reason, **told)
    receivable.paused_until, receivable.pause_reason = until, reason


def _house(today: date | None) -> House:
    return House(terms(), calendar(), today or timezone.localdate())


def _remind_some(house: House) -> list[Reminder]:
    by_itself = min(len(house.days), Receivable.BY_PERSON - 1)
    with transaction.atomic():
        due = Receivable.objects.to_remind(house.today).filter(level__lt=by_itself)
        held = due.select_for_update(of=("self",)).select_related("invoice__order").order_by("pk")
        return _write(list(held[:AT_ONCE]), house, None)


def _write(rows: Sequence[Receivable], house: House, by: AbstractBaseUser | None) -> list[Reminder]:
    """Write one reminder for each locked row. Call inside a transaction."""
    if not rows:
        return []
    numbers = draw("M", len(rows))
    reminders = Reminder.objects.bulk_create(
        _reminder(row, number, house, by) for row, number in zip(rows, numbers, strict=True)
    )
    for row in rows:
        row.level += 1
        row.next_reminder_on = house.next_after(row.level)
    save_all(rows, ["level", "next_reminder_on"])
    printing.want(_printout(one) for one in reminders)
    record_many("reminder.written", ((one, _told(one)) for one in reminders), actor=by)
    return reminders


def _reminder(row: Receivable, number: str, house: House, by: AbstractBaseUser | None) -> Reminder:
    level = row.level + 1
    return Reminder(
        number=number,
        invoice=row.invoice,
        level=level,
        open_amount=row.open_amount,
        fee=house.fee(level),
        written_on=house.today,
        pay_until=house.pay_until,
        by_id=by.pk if by else None,
    )


def _printout(reminder: Reminder) -> Printout:
    return Printout(
        cause=f"reminder:{reminder.pk}",
        kind=Printout.Kind.REMINDER,
        order=reminder.invoice.order,
        invoice=reminder.invoice,
        reminder=reminder,
        language=reminder.invoice.language,
    )


def _told(reminder: Reminder) -> dict[str, str]:
    return {
        "number": reminder.number,
        "invoice": reminder.invoice.number,
        "level": str(reminder.level),
        "amount": str(reminder.open_amount),
    }
