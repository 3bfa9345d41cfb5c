"""Software agents are started, paused and drained.

Working, an agent takes what waits for it. Paused, what waits for it goes on waiting. Draining, it works
off what waits already, what is new goes to a person, and it pauses when nothing is left.
"""

from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from agents.models import Agent
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

State = Agent.State


def start(agent: Agent, *, by: AbstractBaseUser) -> None:
    """Let it take what waits for it. Raises DomainError."""
    _turn(agent, State.WORKING, "agent.started", by=by, before=(State.PAUSED, State.DRAINING))


def pause(agent: Agent, *, by: AbstractBaseUser) -> None:
    """Let wait what waits for it; what it is at is finished. Raises DomainError."""
    _turn(agent, State.PAUSED, "agent.paused", by=by, before=(State.WORKING, State.DRAINING))


def drain(agent: Agent, *, by: AbstractBaseUser) -> None:
    """Let it work off what waits, and no more. Raises DomainError."""
    _turn(agent, State.DRAINING, "agent.drained", by=by, before=(State.WORKING,))


def rest(agent: Agent) -> None:
    """It was drained, and nothing waits for it any more. Raises DomainError."""
    _turn(agent, State.PAUSED, "agent.paused", by=None, before=(State.DRAINING,))


def _turn(
    agent: Agent,
    to: str,
    kind: str,
    *,
    by: AbstractBaseUser | None,
    before: Collection[str],
) -> None:
    with transaction.atomic():
        # Whoever claims mails for the agent holds the same row.
        held = Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
        if held.kind != Agent.Kind.SOFTWARE:
            raise DomainError("agent.person", N_("People start and pause by themselves."))
        if held.state not in before:
            raise DomainError("agent.state", N_("The agent stands elsewhere by now."))
        held.state, held.state_at = to, timezone.now()
        held.save(update_fields=["state", "state_at"])
        record(kind, held, actor=by, name=held.name)
    agent.refresh_from_db()
