"""What a case can tell: what happened in it, what was said, and how its time was used."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.cases import READ
from cases.api.serializers import ClocksShape, MomentShape, ThreadShape, name_of
from cases.api.showing import AboutCase
from cases.models import Case
from cases.services import clocks, conversation
from cases.sla import Clock
from emails.models import Email, OutgoingEmail
from hbu.journal.labels import facts_of, label_of
from hbu.journal.models import Event
from hbu.lib.api.asking import known


class Timeline(AboutCase):
    """What happened in a case and to its tasks, mails, letters and orders; newest first."""

    permission_classes = [READ]
    serializer_class = MomentShape

    @extend_schema(tags=["cases"], responses=MomentShape(many=True), operation_id="case_timeline")
    def get(self, request: Request, pk: str) -> Response:
        known(request, ())
        events = events_of(self.case(), request.user).select_related("actor").order_by("-id")
        rows = [_moment(one) for one in self.paginate_queryset(events) or ()]
        return self.get_paginated_response(MomentShape(rows, many=True).data)


def events_of(case: Case, user: Any) -> QuerySet[Event]:
    """What the journal knows of a case and its parts; of orders for those who may see orders."""
    parts: dict[str, QuerySet[Any]] = {
        "cases.task": case.tasks.all(),
        "emails.email": case.emails.all(),
        "emails.outgoingemail": conversation.letters(case),
    }
    if user.has_perm("orders.view_order"):
        parts["orders.order"] = case.orders.all()
    if user.has_perm("orders.view_quotation"):
        parts["orders.quotation"] = case.quotations.all()
    about = Q(subject_type=Case._meta.label_lower, subject_id=case.pk)
    for sort, rows in parts.items():
        about |= Q(subject_type=sort, subject_id__in=rows.order_by().values("pk"))
    return Event.objects.filter(about)


OF = {"email": "mail", "outgoingemail": "letter"}


def _moment(event: Event) -> dict[str, Any]:
    noun = event.subject_type.rpartition(".")[2]
    return {
        "id": event.pk,
        "at": event.at,
        "kind": event.kind,
        "what": label_of(event.kind),
        "of": OF.get(noun, noun),
        "by": name_of(event.actor),
        "facts": [{"name": name, "value": value} for name, value in facts_of(event.data)],
    }


class Threads(AboutCase):
    """The mails that came and our letters, oldest first, as one conversation."""

    permission_classes = [READ]
    serializer_class = ThreadShape

    @extend_schema(tags=["cases"], responses=ThreadShape, operation_id="case_threads")
    def get(self, request: Request, pk: str) -> Response:
        known(request, ())
        case = self.case()
        mails = sorted([*_mails(case), *_letters(case)], key=lambda mail: mail["at"])
        thread = case.thread
        told = {
            "case": case.number,
            "thread": case.thread_id,
            "subject": thread.subject if thread else case.title,
            "mails": mails,
        }
        return Response(ThreadShape(told).data)


def _mails(case: Case) -> Iterator[dict[str, Any]]:
    rows = case.emails.defer("html_safe", "trace", "reasons").prefetch_related("attachments")
    for mail in rows:
        yield _in(mail)


def _in(mail: Email) -> dict[str, Any]:
    return {
        "id": mail.pk,
        "direction": "in",
        "message_id": mail.message_id,
        "state": mail.state,
        "from": mail.from_address,
        "to": mail.to,
        "cc": mail.cc,
        "at": mail.received_at,
        "subject": mail.subject,
        "text": mail.text,
        "attachments": [
            {"name": one.filename, "media_type": one.content_type, "size": one.size}
            for one in mail.attachments.all()
        ],
    }


def _letters(case: Case) -> Iterator[dict[str, Any]]:
    for letter in conversation.letters(case).prefetch_related("enclosures"):
        yield _out(letter)


def _out(letter: OutgoingEmail) -> dict[str, Any]:
    return {
        "id": letter.pk,
        "direction": "out",
        "message_id": letter.message_id,
        "state": letter.state,
        "from": letter.from_address,
        "to": [letter.to_address],
        "cc": letter.cc,
        "at": letter.sent_at or letter.created_at,
        "subject": letter.subject,
        "text": letter.text,
        "attachments": [
            {"name": one.filename, "media_type": one.media_type, "size": one.size}
            for one in letter.enclosures.all()
        ],
    }


class Clocks(AboutCase):
    """What was promised, how much of it is used up, and which stretches of time counted."""

    permission_classes = [READ]
    serializer_class = ClocksShape

    @extend_schema(tags=["cases"], responses=ClocksShape, operation_id="case_sla")
    def get(self, request: Request, pk: str) -> Response:
        known(request, ())
        reading = clocks.readable(self.case(), timezone.now())
        told = {
            "case": reading.case.number,
            "policy": reading.policy.code if reading.policy else "",
            "standing": reading.case.standing,
            "clocks": [_clock(one) for one in reading.clocks],
        }
        return Response(ClocksShape(told).data)


def _clock(one: Clock) -> dict[str, Any]:
    return {
        "clock": one.name.value,
        "state": one.state.value,
        "since": one.since,
        "until": one.until,
        "ended": one.ended,
        "promised_minutes": one.promised,
        "used_minutes": round(one.used_minutes, 2),
        "percent": round(one.percent, 1),
        "due_at": one.due_at,
        "stretches": [
            {
                "starts": piece.starts,
                "ends": piece.ends,
                "counted": piece.counted,
                "minutes": round(piece.length.total_seconds() / 60, 2),
                "why": ": ".join(filter(None, (gettext(piece.why), piece.detail))),
            }
            for piece in one.stretches
        ],
    }
