"""The work on behalf of a customer: what joins mail, agent, order and reply."""

from cases.models.case import Case, CaseEmail, Filing
from cases.models.sla import SLAPolicy
from cases.models.task import Task

__all__ = ["Case", "CaseEmail", "Filing", "SLAPolicy", "Task"]
