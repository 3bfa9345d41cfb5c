"""A case as the conversation it is: mails both ways, notes, and what happened in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce

from cases.models import Case, Note
from emails.models import OutgoingEmail
from hbu.journal.models import Event

SHOWN = 40
TOLD = (
    "case.opened", "case.status_changed", "case.resolved", "case.closed", "case.reopened",
    "case.assigned", "case.handed_over", "case.merged", "case.split", "case.snoozed", "case.woken",
    "case.escalated", "case.sla_breached", "case.rated",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said or happened."""

    sort: str
    """mail, letter, note or event."""
    at: datetime
    row: Any


@dataclass(frozen=True, slots=True)
class Conversation:
    entries: Sequence[Entry]
    earlier: int
    """How many were left out at the beginning."""


def conversation(case: Case, *, whole: bool = False) -> Conversation:
    """Return what was said in a case, oldest first; neither queries nor what is read grow with it."""
    entries: list[Entry] = []
    total, most = 0, None if whole else SHOWN
    for sort, rows, moment in _sorts(case):
        newest = [
            Entry(sort, row.moment, row)
            for row in rows.annotate(moment=moment).order_by("-moment", "-pk")[:most]
        ]
        total += rows.count() if len(newest) == most else len(newest)
        entries += reversed(newest)
    entries.sort(key=lambda one: one.at)
    shown = entries if whole else entries[-SHOWN:]
    return Conversation(shown, total - len(shown))


def _sorts(case: Case) -> Iterable[tuple[str, "QuerySet[Any]", Any]]:
    """What was said, by its sort, and what says when."""
    mails = case.emails.select_related("customer").defer("html_safe", "trace", "reasons")
    yield "mail", mails.prefetch_related("attachments"), F("received_at")
    ours = letters(case).select_related("created_by", "approved_by")
    yield "letter", ours.prefetch_related("enclosures"), Coalesce("sent_at", "created_at")
    yield "note", Note.objects.filter(case=case).select_related("author"), F("at")
    events = Event.objects.about(case).filter(kind__in=TOLD).select_related("actor")
    # That somebody began is seen from what he did.
    began = {"kind": "case.status_changed", "data__from": Case.Status.NEW}
    yield "event", events.exclude(**began), F("at")


def letters(case: Case) -> "QuerySet[OutgoingEmail]":
    """Our letters in the conversation of a case, and the answers to its mails."""
    ours = Q(answers__link__case=case)
    if case.thread_id:
        # Cases that follow one another share a conversation; each tells its own part.
        ours |= Q(thread=case.thread_id, answers=None)
    # What somebody took back is a draft again, and was never said.
    taken_back = Q(state=OutgoingEmail.State.ABORTED, weight=OutgoingEmail.Weight.PERSONAL)
    return OutgoingEmail.objects.filter(ours).exclude(taken_back)


def timeline(case: Case, *, limit: int = 60) -> list[Event]:
    """What the journal knows of a case, its orders and its tasks; newest first."""
    parts: list[tuple[Model, Iterable[int]]] = [
        (case, [case.pk]),
        *((one, [one.pk]) for one in case.orders.all()),
        *((one, [one.pk]) for one in case.tasks.all()),
    ]
    about = Q()
    for row, keys in parts:
        about |= Q(subject_type=row._meta.label_lower, subject_id__in=keys)
    return list(Event.objects.filter(about).select_related("actor")[:limit])
