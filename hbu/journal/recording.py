"""The one nervous system: what changed is recorded with the change and told after the commit.

    record("order.confirmed", order, actor=user, gross="12.50")

    @on("order.confirmed")
    def ring(events: Sequence[Event]) -> None: ...

An event is written in the transaction of the change it tells of. After the commit the listeners of
its kind run, each a line that rings a task or tells the live hub; a listener that fails is logged
and costs nothing, because the sweeps find every row that still waits.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.http import HttpRequest

from hbu.journal import live
from hbu.journal.models import Event

Listener = Callable[[Sequence[Event]], None]

_listeners: dict[str, list[Listener]] = defaultdict(list)
_provenance: ContextVar[dict[str, Any] | None] = ContextVar("provenance", default=None)
_address: ContextVar[str | None] = ContextVar("address", default=None)
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def on(kind: str) -> Callable[[Listener], Listener]:
    """Register a listener for a kind of event; it gets all events of one record() call."""

    def register(listener: Listener) -> Listener:
        _listeners[kind].append(listener)
        return listener

    return register


@contextmanager
def caused_by(**provenance: Any) -> Iterator[None]:
    """Let every event recorded inside say what set it off, for example `rule` and `depth`."""
    token = _provenance.set({**(_provenance.get() or {}), **provenance})
    try:
        yield
    finally:
        _provenance.reset(token)


@contextmanager
def from_address(ip: str | None, request: HttpRequest | None = None) -> Iterator[None]:
    """Let every event recorded inside say from where it was caused."""
    tokens = _address.set(ip), _request.set(request)
    try:
        yield
    finally:
        _address.reset(tokens[0])
        _request.reset(tokens[1])


def whoever_asks() -> AbstractBaseUser | None:
    """Return the person whose request is being answered, for what knows nobody to name."""
    user = getattr(_request.get(), "user", None)
    return user if user is not None and user.is_authenticated else None


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
    provenance = _provenance.get() or {}
    events = Event.objects.bulk_create(
        Event(
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            actor_id=actor.pk if actor else None,
            ip=_address.get(),
            data={**data, **provenance},
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
