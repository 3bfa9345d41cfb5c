"""The one nervous system: what changed is recorded with the change and told after the commit.

    record("order.confirmed", order, actor=user, gross="12.50")

    @on("order.confirmed")
    def ring(events: Sequence[Event]) -> None: ...

An event is written in the transaction of the change it tells of. After the commit the listeners of
its kind run, each a line that rings a task or tells the live hub; a listener that fails is logged
and costs nothing, because the sweeps find every row that still waits.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from hbu.journal import live
from hbu.journal.models import Event

Listener = Callable[[Sequence[Event]], None]

_listeners: dict[str, list[Listener]] = defaultdict(list)


def on(kind: str) -> Callable[[Listener], Listener]:
    """Register a listener for a kind of event; it gets all events of one record() call."""

    def register(listener: Listener) -> Listener:
        _listeners[kind].append(listener)
        return listener

    return register


def record(
    kind: str, subject: models.Model, /, *, actor: AbstractBaseUser | None = None, **data: Any
) -> Event:
    return record_many(kind, [(subject, data)], actor=actor)[0]


def record_many(
    kind: str,
    facts: Iterable[tuple[models.Model, dict[str, Any]]],
    *,
    actor: AbstractBaseUser | None = None,
) -> list[Event]:
    """Record one event a subject with one INSERT; call inside the transaction of the change."""
    events = Event.objects.bulk_create(
        Event(
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            actor_id=actor.pk if actor else None,
            data=data,
        )
        for subject, data in facts
    )
    if events:
        for listener in _listeners[kind]:
            transaction.on_commit(_call(listener, events), robust=True)
        transaction.on_commit(lambda: live.tell(events), robust=True)
    return events


def _call(listener: Listener, events: Sequence[Event]) -> Callable[[], None]:
    return lambda: listener(events)
