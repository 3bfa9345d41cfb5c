"""Who does the work, in the staff's house."""

from agents.admin.access_key import AccessKeyAdmin
from agents.admin.agent import AgentAdmin
from agents.admin.department import DepartmentAdmin
from agents.admin.run import AgentRunAdmin

__all__ = ["AccessKeyAdmin", "AgentAdmin", "AgentRunAdmin", "DepartmentAdmin"]
