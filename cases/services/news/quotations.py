"""A quotation was asked for in the shop, or is sent."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from agents.data import CHECK_THE_QUOTATION
from cases.services import telling, wording
from cases.services.news import missing
from cases.services.telling import News
from hbu.company.terms import terms
from hbu.journal.models import Event
from orders.models import Order, Quotation
from orders.services import quoting

SENT, REQUESTED = "quotation_sent", "quotation_ack"
State = Quotation.State


def tell_sent(ids: Iterable[int]) -> None:
    with transaction.atomic():
        rows = _held(Quotation.objects.filter(pk__in=list(ids), state=State.SENT))
        decided = _by_persons(row.pk for row in rows)
        telling.tell([sent(row, by_person=row.pk in decided) for row in rows])


def _held(quotations: "QuerySet[Quotation]") -> list[Quotation]:
    rows = quotations.select_for_update(of=("self",)).select_related("customer", "document")
    return list(rows.order_by("pk"))


def _by_persons(keys: Iterable[int]) -> set[int]:
    events = Event.objects.filter(
        kind="quotation.sent", subject_type=Quotation._meta.label_lower, subject_id__in=list(keys)
    )
    return set(events.exclude(actor=None).values_list("subject_id", flat=True))


def sent(quotation: Quotation, *, by_person: bool = False) -> News:
    return News(
        cause=f"quotation:{quotation.pk}:sent",
        template=SENT,
        matter=quotation,
        variables=facts(quotation),
        enclosures=(quoting.printed_as(quotation),),
        by_person=by_person,
    )


def preview(quotation: Quotation) -> str:
    """How the letter with the quotation would read. Raises DomainError when there is none."""
    usual = timezone.localdate() + timedelta(days=terms().quotation_days)
    as_sent = copy(quotation)
    as_sent.valid_until = quotation.valid_until or usual
    return telling.preview(sent(as_sent, by_person=True))


def facts(quotation: Quotation) -> dict[str, object]:
    language = quotation.language
    return {
        "document_number": quotation.number,
        "order_reference": quotation.reference,
        "valid_until": wording.day(quotation.valid_until, language),
        "link": f"{settings.HBU_SITE_URL}/shop/quotations/{quotation.token}/",
        **wording.sums(quotation, language),
        "lines": wording.lines(quotation.lines.all(), language),
    }


def unsent(now: datetime) -> list[int]:
    rows = Quotation.objects.filter(state=State.SENT, **missing.window(now, "sent_at"))
    return missing.keys(rows, "quotation", "sent")


def tell_requested(ids: Iterable[int]) -> None:
    """Thank for requests that did not come by mail and wait for a person, and ask the person."""
    with transaction.atomic():
        rows = _held(_to_check().filter(pk__in=list(ids)))
        telling.tell(
            [
                News(
                    cause=f"quotation:{row.pk}:requested",
                    template=REQUESTED,
                    matter=row,
                    weight=telling.ACKNOWLEDGEMENT,
                    owed=CHECK_THE_QUOTATION,
                    why="; ".join(one["what"] for one in row.doubts),
                )
                for row in rows
            ]
        )


def _to_check() -> "QuerySet[Quotation]":
    return Quotation.objects.to_check().filter(source__in=(Order.Source.SHOP, Order.Source.API))


def unrequested(now: datetime) -> list[int]:
    rows = _to_check().filter(**missing.window(now, "created_at"))
    return missing.keys(rows, "quotation", "requested")
