"""Memories of agents: written with the decision they come from, kept until somebody forgets them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from agents import memory
from agents.models import AgentMemory, AgentRun
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

LONGEST_ADDRESS = 200
Key = tuple[int, str]
Change = Callable[[Mapping[str, Any], str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What an agent decided about a mail, and whether its answer left by itself."""

    agent: int
    about: str
    case: str
    kind: str
    language: str
    answered: bool

    @property
    def key(self) -> Key:
        return self.agent, about(self.about)


def about(address: str) -> str:
    return address.strip().lower()


def recall(wanted: Collection[Key]) -> dict[Key, AgentMemory]:
    """Return what the agents know about the addresses; one query."""
    asked = {(agent, about(address)) for agent, address in wanted if address}
    rows = AgentMemory.objects.filter(
        agent__in={agent for agent, _ in asked}, about__in={address for _, address in asked}
    )
    return {(row.agent_id, row.about): row for row in rows} if asked else {}


def note(decisions: Sequence[Decision]) -> None:
    """Keep in mind what was decided. Call inside the transaction that does it."""
    decisions = [one for one in decisions if 0 < len(one.key[1]) <= LONGEST_ADDRESS]
    if not decisions:
        return
    keys = sorted({one.key for one in decisions})
    AgentMemory.objects.bulk_create(
        (AgentMemory(agent_id=agent, about=address) for agent, address in keys),
        ignore_conflicts=True,
    )
    rows = _held(keys)
    for one in decisions:
        row = rows[one.key]
        row.facts = memory.after_deciding(
            row.facts, kind=one.kind, language=one.language, answered=one.answered
        )
        row.case_number, row.updated_at = one.case, timezone.now()
    AgentMemory.objects.bulk_update(rows.values(), ["facts", "case_number", "updated_at"])


def _held(keys: Collection[Key]) -> dict[Key, AgentMemory]:
    """Lock the memories, always in the same order."""
    rows = AgentMemory.objects.select_for_update().order_by("agent_id", "about")
    found = rows.filter(agent__in={one for one, _ in keys}, about__in={one for _, one in keys})
    return {(row.agent_id, row.about): row for row in found}


def corrected(mail: int, address: str) -> None:
    """A person changed what an agent made of the mail; counted once for a mail.

    Call inside the transaction of that change.
    """
    with transaction.atomic():
        runs = AgentRun.objects.filter(mail=mail, corrected_at=None)
        run = runs.select_for_update().order_by("pk").last()
        if run is not None:
            runs.update(corrected_at=timezone.now())
            _change(run, address, memory.after_correction)


def confirmed(mail: int, address: str) -> None:
    """A person let the agent's answer to the mail leave as it was."""
    with transaction.atomic():
        run = AgentRun.objects.filter(mail=mail, corrected_at=None).order_by("pk").last()
        if run is not None:
            _change(run, address, memory.after_confirmation)


def _change(run: AgentRun, address: str, change: Change) -> None:
    # One that was forgotten meanwhile stays forgotten.
    for row in _held([(run.agent_id, about(address))]).values():
        row.facts = change(row.facts, str(run.brief.get("kind", "")))
        row.updated_at = timezone.now()
        row.save(update_fields=["facts", "updated_at"])


def forget(row: AgentMemory, *, by: AbstractBaseUser) -> None:
    """The agent knows nothing about this address any more. Raises DomainError."""
    with transaction.atomic():
        agent = row.agent
        gone, _ = AgentMemory.objects.filter(pk=row.pk).delete()
        if not gone:
            raise DomainError("memory.gone", N_("That is forgotten already."))
        # Whose address it was is what shall be forgotten.
        record("agent.forgot", agent, actor=by, name=agent.name)
