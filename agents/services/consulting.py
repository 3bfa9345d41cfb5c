"""Asking an agent. Outside any transaction, without side effects, safe to repeat."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from time import perf_counter

from agents.data import Ask, Brief, Outcome
from agents.models import Agent, AgentRun
from agents.registry import ROLES

logger = logging.getLogger(__name__)


def roster() -> dict[str, Agent]:
    """Return which software agent serves each department, by the department's code."""
    agents = Agent.objects.software().prefetch_related("departments").order_by("-pk")
    return {
        department.code: agent
        for agent in agents
        if agent.role in ROLES
        for department in agent.departments.all()
    }


def consult(matters: Sequence[tuple[Agent, Brief]]) -> list[tuple[AgentRun, Outcome]]:
    """Ask each agent about its brief; the runs are returned unsaved.

    An agent that fails proposes that a person takes over: nobody waits because a head was wrong.
    """
    return [_consult(agent, brief) for agent, brief in matters]


def _consult(agent: Agent, brief: Brief) -> tuple[AgentRun, Outcome]:
    started, error = perf_counter(), ""
    try:
        outcome = ROLES[agent.role](brief)
    except Exception as problem:
        logger.exception("Agent %s failed on case %s.", agent.role, brief.case)
        error = f"{type(problem).__name__}: {problem}"[:300]
        outcome = Outcome(actions=(Ask(title="Answer the mail", reason="The agent failed."),))
    run = AgentRun(
        agent=agent,
        case_number=brief.case,
        brief=asdict(brief),
        outcome=outcome.as_json(),
        seconds=perf_counter() - started,
        error=error,
    )
    return run, outcome
