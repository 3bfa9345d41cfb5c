"""Who decides: departments, agents (people and software) and what each consultation said."""

from agents.models.access import AccessKey
from agents.models.agent import Agent
from agents.models.department import Department
from agents.models.memory import AgentMemory
from agents.models.run import AgentRun
from agents.models.session import Session

__all__ = ["AccessKey", "Agent", "AgentMemory", "AgentRun", "Department", "Session"]
