"""Asking an agent. Outside any transaction, without side effects, safe to repeat."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from time import perf_counter

from agents.data import ANSWER_THE_MAIL, Ask, Brief, Outcome
from agents.memory import heed
from agents.models import Agent, AgentRun
from agents.registry import ROLES
from hbu.lib.reasons import N_

logger = logging.getLogger(__name__)

UNSERVED = N_("No software agent is at work here.")
DRAINED = N_("The agent only works off what waited when it was drained.")


def roster(*, locked: bool = False) -> dict[str, Agent]:
    """Return which software agent serves each department, by the department's code."""
    agents = Agent.objects.software().prefetch_related("departments").order_by("-pk")
    if locked:
        agents = agents.select_for_update(no_key=True)
    return {
        department.code: agent
        for agent in agents
        if agent.role in ROLES
        for department in agent.departments.all()
    }


def consult(
    matters: Sequence[tuple[Agent | str, Brief]],
) -> list[tuple[AgentRun | None, Outcome]]:
    """Ask each agent about its brief; the runs are returned unsaved. In place of an agent there may
    stand why nobody is asked.

    An agent that fails, or a department without one, proposes that a person takes over: nobody
    waits because a head was wrong or switched off.
    """
    return [
        (None, _a_person(agent)) if isinstance(agent, str) else _consult(agent, brief)
        for agent, brief in matters
    ]


def _consult(agent: Agent, brief: Brief) -> tuple[AgentRun, Outcome]:
    started, error = perf_counter(), ""
    try:
        # A head that returns anything else has failed as well.
        outcome = heed(brief, Outcome.model_validate(ROLES[agent.role](brief)))
    except Exception as problem:
        logger.exception("Agent %s failed on case %s.", agent.role, brief.case)
        error = f"{type(problem).__name__}: {problem}"[:300]
        outcome = _a_person(N_("The agent failed."))
    run = AgentRun(
        agent=agent,
        case_number=brief.case,
        brief=asdict(brief),
        outcome=outcome.as_json(),
        seconds=perf_counter() - started,
        error=error,
    )
    return run, outcome


def _a_person(reason: str) -> Outcome:
    return Outcome(actions=(Ask(title=ANSWER_THE_MAIL, reason=reason),))
