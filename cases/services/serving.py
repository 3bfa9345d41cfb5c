"""Which agent serves a mail, what it keeps in mind about the sender, and what it learns from the mail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents import memory
from agents.data import Remembered
from agents.models import Agent, AgentRun, Department
from agents.services import consulting, remembering
from cases.models import Case
from cases.services import queueing
from emails.models import Email


@dataclass(frozen=True, slots=True)
class Served:
    agent: Agent | None
    """None where no software agent takes it."""
    nobody: str
    """Why, where there is none."""
    remembered: Remembered | None


def served(emails: Sequence[Email], desks: Mapping[int, Department]) -> dict[int, Served]:
    """Return who serves each mail of a chunk, by the desks of the mails."""
    servants = queueing.servants()
    keys = {pk: desk.pk for pk, desk in desks.items()}
    late = queueing.came_too_late(emails, servants, keys)
    agents = {pk: None if pk in late else servants.get(key) for pk, key in keys.items()}
    memories = remembering.recall(
        {(agent.pk, email.from_address) for email in emails if (agent := agents[email.pk])}
    )
    found = {}
    for email in emails:
        agent = agents[email.pk]
        known = memories.get((agent.pk, remembering.about(email.from_address))) if agent else None
        found[email.pk] = Served(
            agent,
            consulting.DRAINED if email.pk in late else consulting.UNSERVED,
            memory.remembered(known.facts, case=known.case_number, kind=email.kind)
            if known
            else None,
        )
    return found


def keep(consulted: Iterable[tuple[AgentRun | None, Email]]) -> None:
    """Store the consultations. Call inside the transaction that does what they propose."""
    runs = []
    for run, email in consulted:
        if run is not None:
            run.mail = email.pk
            runs.append(run)
    AgentRun.objects.bulk_create(runs)


def learn(done: Iterable[tuple[AgentRun | None, Email, Case, bool]]) -> None:
    """Let the agents keep in mind what they decided, and whether their answers leave by themselves.

    Where a person was asked in place of an agent, nobody learns. Call inside the same transaction.
    """
    remembering.note(
        [
            remembering.Decision(
                agent=run.agent_id,
                about=email.from_address,
                case=case.number,
                kind=email.kind,
                language=email.language,
                answered=answered,
            )
            for run, email, case, answered in done
            if run is not None
        ]
    )
