"""Rows of every sort that figures count, on both sides of every boundary of a time.

The time is Monday 23 to Wednesday 25 November 2026, seen from Friday the 27th; each sort has rows in
the moment before, in the first moment, inside, in the last moment and in the moment after.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count, product
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model

from agents.models import Agent, AgentRun, Department
from cases.models import Case, CaseEmail, Rating, SLAResult, StatusChange, Task
from emails.models import Correction, Email, OutgoingEmail
from hbu.journal.models import Event
from kpis.periods import Span
from orders.models import Invoice, Milestone, Order
from shop.models import Customer

BERLIN = ZoneInfo("Europe/Berlin")
SPAN = Span(date(2026, 11, 23), date(2026, 11, 25))
NOW = datetime(2026, 11, 27, 15, tzinfo=BERLIN)
TICK = timedelta(microseconds=1)
MOMENTS = (
    SPAN.begins - TICK,
    SPAN.begins,
    datetime(2026, 11, 24, 12, tzinfo=BERLIN),
    SPAN.ends - TICK,
    SPAN.ends,
)
DAYS = [SPAN.first - timedelta(days=1), *SPAN, SPAN.last + timedelta(days=1)]
numbers = count(1)


def fill():
    info, sales = (Department.objects.get(code=code) for code in ("info", "sales"))
    for moment, desk in product(MOMENTS, (info, sales)):
        clocks(moment, desk)
        work(moment, desk)
        cases(moment, desk)
    for moment, desk in product(MOMENTS, (info, sales, None)):
        mails(moment, desk)
    for day in DAYS:
        promised(day)
        billed(day)
    for moment in MOMENTS:
        case(info, opened_at=moment, merged_into=Case.objects.first())
        order("CANCELLED", created_at=moment)
        order("CREATED", created_at=moment)
        order("CREATED", created_at=moment)


def case(desk, **fields):
    number = next(numbers)
    return Case.objects.create(
        number=f"C-{number:06}",
        title="Buttons",
        department=desk,
        **({"opened_at": LONG_AGO} | fields),
    )


LONG_AGO = datetime(2026, 10, 1, tzinfo=UTC)


def clocks(moment, desk):
    held = case(desk)
    for clock, kept, minutes in (
        ("first_response", True, 50.5),
        ("first_response", False, 400),
        ("resolution", True, 1000),
        ("update", True, 33),
    ):
        SLAResult.objects.create(
            case=held,
            clock=clock,
            since=LONG_AGO + timedelta(seconds=next(numbers)),
            ended_at=moment,
            minutes=minutes,
            promised_minutes=240,
            kept=kept,
        )


def cases(moment, desk):
    """Opened, resolved and rated at the moment."""
    case(desk, opened_at=moment, kind="complaint")
    case(desk, opened_at=moment, kind="order")
    for letters, times in ((1, 1), (1, 0), (2, 1), (1, 2), (0, 1)):
        done = case(desk, resolved_at=moment, status="resolved", kind="complaint")
        for _ in range(letters):
            CaseEmail.objects.create(case=done, email=mail(received_at=LONG_AGO))
        CaseEmail.objects.create(case=done, email=mail(received_at=LONG_AGO, automatic="bounce"))
        for _ in range(times):
            StatusChange.objects.create(case=done, status="resolved", at=moment)
        StatusChange.objects.create(case=done, status="in_progress", at=moment)
    for stars in (1, 3, 4, 5):
        Rating.objects.create(case=case(desk), stars=stars, at=moment)


def mail(**fields):
    number = next(numbers)
    row = {"fingerprint": f"{number:064}", "kind": "general", "state": "handled"}
    return Email.objects.create(subject="Buttons", **(row | fields))


def mails(moment, desk):
    there = {"received_at": moment, "department": desk}
    for odd in (
        {"automatic": "bounce"}, {"kind": "spam"}, {"state": "received"}, {"state": "dismissed"},
        {"state": "quarantined"}, {"state": "triaged"}, {},
    ):  # fmt: skip
        mail(**(there | odd))
    corrected = mail(**there)
    Correction.objects.create(email=corrected, said_kind="order", kind="general")
    Correction.objects.create(email=corrected, said_kind="general", kind="order")
    ben = get_user_model().objects.get(username="anna")
    for letters in ([{}], [{}, {}], [{"created_by": ben}], [{}, {"approved_by": ben}],
                    [{"state": "draft", "sent_at": None}]):  # fmt: skip
        answered = mail(**there)
        for fields in letters:
            letter(**({"answers": answered, "sent_at": moment} | fields))
    asked = mail(**there)
    letter(answers=asked, sent_at=moment, state="bounced", score=60)
    letter(answers=asked, sent_at=moment, weight="notice")
    letter(answers=asked, sent_at=moment)
    if desk:
        held = case(desk)
        CaseEmail.objects.create(case=held, email=asked)
        Task.objects.create(
            number=f"T-{next(numbers)}", case=held, title="Look at it", department=desk
        )


def letter(**fields):
    number = next(numbers)
    row = {
        "state": "sent",
        "cause": f"busy:{number}",
        "message_id": f"<busy.{number}@h-bu.de>",
        "to_address": "anna@amann.example",
        "subject": "Your buttons",
        "text": "With pleasure.",
        "score": 80 + number % 20,
    }
    return OutgoingEmail.objects.create(**(row | fields))


def order(state="CREATED", **fields):
    number = f"B-{next(numbers):06}"
    row = {"created_at": LONG_AGO, "source": "mail", "number": number, "state": state}
    return Order.objects.create(**(row | fields))


def promised(day):
    for state, arrived in (
        ("PACKED", None), ("CANCELLED", None), ("SHIPPED", None), ("CLOSED", 0), ("DELIVERED", -2),
        ("DELIVERED", 1),
    ):  # fmt: skip
        made = order(state, promised_date=day)
        if arrived is not None:
            late = datetime(day.year, day.month, day.day, 23, 30, tzinfo=BERLIN)
            Milestone.objects.create(
                order=made, state="DELIVERED", reached_at=late + timedelta(days=arrived)
            )


def billed(day):
    customer = Customer.objects.first()
    first = None
    for kind, net in (("invoice", "100.10"), ("invoice", "250.00"), ("credit_note", "40.05")):
        row = Invoice.objects.create(
            number=f"X-{next(numbers)}",
            kind=kind,
            net=net,
            issued_on=day,
            customer=customer,
            order=order(),
            refers_to=first if kind != "invoice" else None,
        )
        first = first or row


def work(moment, desk):
    software, anna = Agent.objects.software().first(), Agent.objects.get(user__username="anna")
    get_user_model().objects.update(date_joined=SPAN.begins + timedelta(days=1))
    get_user_model().objects.filter(pk__in=[software.user_id, anna.user_id]).update(
        date_joined=LONG_AGO
    )
    for _ in range(2):
        AgentRun.objects.create(agent=software, case_number="C-1", at=moment)
    Event.objects.create(
        at=moment, kind="case.noted", subject_type="cases.case", subject_id=1, actor=anna.user
    )
    Event.objects.create(at=moment, kind="case.noted", subject_type="cases.case", subject_id=1)
