"""What comes of a crowd's correspondence: answers, clocks, ratings, orders and invoices, for measuring."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from cases.models import Case, Rating, SLAMark, SLAResult
from emails.models import Email, OutgoingEmail
from orders.models import Invoice, Milestone, Order
from shop.models import Customer

PORTION = 2000
FIRST, DONE = SLAMark.Clock.FIRST_RESPONSE, SLAMark.Clock.RESOLUTION


def deal(orders: int, *, start: int = 0, seed: int = 1) -> None:
    """Answer every mail that has no answer, and write so many orders with their invoices."""
    chance = random.Random(seed + start)  # noqa: S311 - figures, not secrets
    waiting = Email.objects.filter(answers=None).select_related("link__case").order_by("pk")
    mails = list(waiting)
    for first in range(0, len(mails), PORTION):
        _answer(mails[first : first + PORTION], chance)
    for first in range(start, start + orders, PORTION):
        _sell(range(first, min(first + PORTION, start + orders)), chance)


def _answer(mails: list[Email], chance: random.Random) -> None:
    OutgoingEmail.objects.bulk_create(
        OutgoingEmail(
            state=chance.choices(["sent", "bounced"], [97, 3])[0],
            weight=OutgoingEmail.Weight.COMMITMENT,
            cause=f"crowd:{mail.pk}",
            message_id=f"<crowd.{mail.pk}@h-bu.example>",
            to_address=mail.from_address,
            subject=mail.subject,
            answers=mail,
            score=chance.randint(60, 100),
            created_at=mail.received_at,
            sent_at=mail.received_at,
        )
        for mail in mails
    )
    cases = [mail.link.case for mail in mails]
    for case in cases:
        case.resolved_at = case.opened_at + timedelta(hours=chance.randint(1, 90))
    Case.objects.bulk_update(cases, ["resolved_at"], batch_size=500)
    SLAResult.objects.bulk_create(
        _result(case, clock, chance.uniform(5, 500)) for case in cases for clock in (FIRST, DONE)
    )
    Rating.objects.bulk_create(
        Rating(case=case, stars=chance.randint(1, 5), at=case.opened_at) for case in cases[::5]
    )


def _result(case: Case, clock: str, minutes: float) -> SLAResult:
    return SLAResult(
        case=case,
        clock=clock,
        since=case.opened_at,
        ended_at=case.opened_at + timedelta(minutes=minutes),
        minutes=minutes,
        promised_minutes=240,
        kept=minutes <= 240,
    )


def _sell(numbers: range, chance: random.Random) -> None:
    now, customer = timezone.now(), Customer.objects.first()
    orders = Order.objects.bulk_create(
        _order(number, customer, now - timedelta(hours=number), chance) for number in numbers
    )
    Milestone.objects.bulk_create(
        Milestone(
            order=order,
            state=Order.State.DELIVERED,
            reached_at=order.created_at + timedelta(days=chance.randint(4, 8)),
        )
        for order in orders
    )
    Invoice.objects.bulk_create(
        Invoice(
            number=f"RE-{order.number}",
            kind=Invoice.Kind.INVOICE,
            order=order,
            customer=customer,
            issued_on=order.created_at.date(),
            net=order.net,
        )
        for order in orders
    )


def _order(number: int, customer: Customer | None, at: datetime, chance: random.Random) -> Order:
    return Order(
        number=f"B-crowd-{number}",
        source=Order.Source.MAIL,
        state=Order.State.DELIVERED,
        customer=customer,
        created_at=at,
        promised_date=at.date() + timedelta(days=7),
        net=chance.randint(50, 5000),
    )
