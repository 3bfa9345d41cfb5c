"""What a stage would change about mails: which fields, from what to what, shown in few words."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet, prefetch_related_objects

from emails.models import Attachment, Email
from emails.services import deciding
from emails.services.deciding import Books
from emails.services.replay.again import (
    Again,
    Step,
    classify_again,
    load,
    parse_again,
    read_again,
    route_again,
)
from emails.services.triage import MAIL_FIELDS, ROUTE_FIELDS, VERDICT_FIELDS
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

Changes = dict[str, tuple[Any, Any]]
TEXT_OF, DOCUMENT_OF = "text of ", "document of "
SHOWN = 120
# How sure a verdict was and what spoke for it moves with every new word; it is written along where
# the verdict itself differs. So is the trace of a route.
BESIDE = {"confidence", "reasons", "trace"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the way that mails can go again."""

    name: str
    label: str
    steps: tuple[Step, ...]
    fields: tuple[str, ...] = ()
    """Columns of the mail that it decides."""
    reads_files: bool = False
    """Whether it decides what the attachments are and say."""
    can_be_applied: bool = True

    @property
    def compared(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in BESIDE)

    @property
    def portion(self) -> int:
        """How many mails go at a time: one may spend all its time on reading its documents."""
        return 1 if read_again in self.steps else settings.HBU_CHUNK


@dataclass(frozen=True, slots=True)
class Compared:
    again: Again
    changes: Changes

    @property
    def email(self) -> Email:
        return self.again.email

    @property
    def differs(self) -> bool:
        return bool(self.changes or self.again.error)

    @property
    def digest(self) -> str:
        """A fingerprint of the whole change, however long its texts are."""
        whole = json.dumps(self.changes, sort_keys=True)
        return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    def as_json(self) -> list[dict[str, str]]:
        return [
            {"field": name, "before": before, "after": after}
            for name, values in self.changes.items()
            for before, after in [excerpts(*map(_text, values))]
        ]


_parsed, _judged, _routed = map(tuple, (MAIL_FIELDS, VERDICT_FIELDS, ROUTE_FIELDS))
STAGES: dict[str, Stage] = {
    stage.name: stage
    for stage in (
        Stage("parse", N_("Take apart"), (parse_again,), _parsed, reads_files=True),
        Stage("documents", N_("Read the attachments"), (read_again,), reads_files=True),
        Stage("classify", N_("Find the kind"), (classify_again,), _judged),
        Stage("route", N_("Find the department"), (route_again,), _routed),
        Stage(
            "triage",
            N_("All of these, one after another"),
            (parse_again, read_again, classify_again, route_again),
            (*_parsed, *_judged, *_routed),
            reads_files=True,
        ),
    )
}
FOLLOWERS: list[Callable[[Sequence[Compared]], None]] = []
"""Who wants to act in the same transaction when mails were changed; apps above add themselves."""


def stage_called(name: str) -> Stage:
    """Raises DomainError."""
    if name not in STAGES:
        raise DomainError("replay.unknown_stage", N_("There is no such step."), status=400)
    return STAGES[name]


def replayable(since: datetime | None = None, ids: Iterable[int] = ()) -> "QuerySet[Email]":
    """Return mails that were decided before, all or those chosen, oldest first.

    A mail in quarantine has its own way back: it is tried again there.
    """
    emails = Email.objects.decided()
    if since is not None:
        emails = emails.filter(received_at__gte=since)
    chosen = list(ids)
    return (emails.filter(pk__in=chosen) if chosen else emails).order_by("pk")


def whole(emails: "QuerySet[Email]") -> list[Email]:
    return list(emails.select_related("department", "customer", "rule", "mailbox"))


def compare(emails: Sequence[Email], stage: Stage, books: Books | None = None) -> list[Compared]:
    """Let mails go through a stage again, on paper. Reads only."""
    books = books or deciding.open_books()
    agains = load(emails)
    for step in stage.steps:
        step(agains, books)
    # What the copies point to now is told by its name.
    prefetch_related_objects([one.now for one in agains], "rule", "customer")
    return [Compared(one, {} if one.error else _changes(one, stage)) for one in agains]


def _changes(again: Again, stage: Stage) -> Changes:
    found = dict(again.shown)
    for name in stage.compared:
        before, after = plain(again.email, name), plain(again.now, name)
        if before != after:
            found[name] = (before, after)
    if stage.reads_files:
        found.update(_file_changes(again))
    return found


def _file_changes(again: Again) -> Iterator[tuple[str, tuple[Any, Any]]]:
    before, after = ([_told(one) for one in files] for files in (again.stored, again.files))
    if before != after:
        yield "attachments", (before, after)
    stored = {one.pk: one for one in again.stored}
    for row in again.files:
        old = stored.get(row.pk, Attachment())
        if (old.text, old.error) != (row.text, row.error):
            yield f"{TEXT_OF}{row.filename}", (old.text or old.error, row.text or row.error)
        if old.document != row.document:
            yield f"{DOCUMENT_OF}{row.filename}", (old.document or "", row.document or "")


def _told(row: Attachment) -> str:
    return f"{row.filename} ({row.content_type}{', inline' if row.inline else ''})"


def plain(email: Email, name: str) -> Any:
    """Return the value of a column as JSON has it, of a relation the name people know it by."""
    value = getattr(email, name)
    if isinstance(value, Model):
        return str(getattr(value, "code", value))
    return json.loads(json.dumps("" if value is None else value, default=_as_json))


def _as_json(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def excerpts(before: str, after: str) -> tuple[str, str]:
    """Return two texts shortened to where they begin to differ."""
    pairs = zip(before, after, strict=False)
    same = next((n for n, (one, other) in enumerate(pairs) if one != other), None)
    start = max(0, (min(len(before), len(after)) if same is None else same) - SHOWN // 4)
    return _excerpt(before, start), _excerpt(after, start)


def _excerpt(text: str, start: int) -> str:
    if len(text) <= SHOWN:
        return text
    piece = text[start : start + SHOWN]
    return f"{'…' if start else ''}{piece}{'…' if start + SHOWN < len(text) else ''}"
