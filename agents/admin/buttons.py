"""The buttons that start, pause and drain software agents."""

from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from agents.services import running
from hbu.lib.admin import Transition

State = Agent.State


def _software(agent: Agent, *states: str) -> bool:
    return agent.kind == Agent.Kind.SOFTWARE and agent.state in states


START = Transition(
    name="start",
    label=_("Start"),
    act=lambda agent, by, _reason: running.start(agent, by=by),
    possible=lambda agent: _software(agent, State.PAUSED, State.DRAINING),
    question=_("It takes what waits for it, beginning with what has waited longest."),
    permission="run",
    icon="play_arrow",
    bulk=True,
)
PAUSE = Transition(
    name="pause",
    label=_("Pause"),
    act=lambda agent, by, _reason: running.pause(agent, by=by),
    possible=lambda agent: _software(agent, State.WORKING, State.DRAINING),
    question=_("It finishes what it is at. What waits for it goes on waiting until it is started."),
    permission="run",
    icon="pause",
    bulk=True,
)
DRAIN = Transition(
    name="drain",
    label=_("Drain"),
    act=lambda agent, by, _reason: running.drain(agent, by=by),
    possible=lambda agent: _software(agent, State.WORKING),
    question=_(
        "It works off what waits already. What is new goes to people, and when nothing is left it"
        " pauses by itself."
    ),
    permission="run",
    icon="low_priority",
    bulk=True,
)
RUNNING = (START, PAUSE, DRAIN)
