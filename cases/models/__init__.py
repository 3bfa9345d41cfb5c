"""The work on behalf of a customer: what joins mail, agent, order and reply."""

from cases.models.case import Case, Tag
from cases.models.links import CaseEmail, Filing, StatusChange
from cases.models.notification import Notice, Notification, NotificationPreference, Quiet
from cases.models.rule import Macro, RuleRun, WebhookCall, WorkflowRule, WorkflowVersion
from cases.models.search import SearchEntry
from cases.models.sla import EscalationStep, SLAMark, SLAPolicy, SLAResult
from cases.models.task import Task
from cases.models.working import Note, Presence, Rating, ReplyDraft, SavedView

__all__ = [
    "Case",
    "CaseEmail",
    "EscalationStep",
    "Filing",
    "Macro",
    "Note",
    "Notice",
    "Notification",
    "NotificationPreference",
    "Presence",
    "Quiet",
    "Rating",
    "ReplyDraft",
    "RuleRun",
    "SLAMark",
    "SLAPolicy",
    "SLAResult",
    "SavedView",
    "SearchEntry",
    "StatusChange",
    "Tag",
    "Task",
    "WebhookCall",
    "WorkflowRule",
    "WorkflowVersion",
]
