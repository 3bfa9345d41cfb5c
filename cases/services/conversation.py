"""A case as the conversation it is: mails both ways, notes, and what happened in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

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
    """Return what was said in a case, oldest first; the queries do not grow with it."""
    entries = sorted(
        [*_mails(case), *_letters(case), *_notes(case), *_events(case)], key=lambda one: one.at
    )
    shown = entries if whole else entries[-SHOWN:]
    return Conversation(shown, len(entries) - len(shown))


def _mails(case: Case) -> Iterable[Entry]:
    mails = case.emails.select_related("customer").defer("html_safe", "trace", "reasons")
    for email in mails.prefetch_related("attachments"):
        yield Entry("mail", email.received_at, email)


def letters(case: Case) -> "Any":
    """Our letters in the conversation of a case, and the answers to its mails."""
    ours = Q(answers__link__case=case)
    if case.thread_id:
        # Cases that follow one another share a conversation; each tells its own part.
        ours |= Q(thread=case.thread_id, answers=None)
    # What somebody took back is a draft again, and was never said.
    taken_back = Q(state=OutgoingEmail.State.ABORTED, weight=OutgoingEmail.Weight.PERSONAL)
    return OutgoingEmail.objects.filter(ours).exclude(taken_back).distinct()


def _letters(case: Case) -> Iterable[Entry]:
    rows = letters(case).select_related("created_by", "approved_by").prefetch_related("enclosures")
    for letter in rows:
        yield Entry("letter", letter.sent_at or letter.created_at, letter)


def _notes(case: Case) -> Iterable[Entry]:
    for note in Note.objects.filter(case=case).select_related("author"):
        yield Entry("note", note.at, note)


def _events(case: Case) -> Iterable[Entry]:
    events = Event.objects.about(case).filter(kind__in=TOLD).select_related("actor")
    for event in events[:200]:
        # That somebody began is seen from what he did.
        if event.data.get("from") != Case.Status.NEW or event.kind != "case.status_changed":
            yield Entry("event", event.at, event)


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
