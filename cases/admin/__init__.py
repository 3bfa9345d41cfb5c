"""Cases, tasks and promises of speed, in the staff's house."""

from cases.admin.case import CaseAdmin
from cases.admin.document import CaseDocumentAdmin
from cases.admin.macro import MacroAdmin
from cases.admin.mail import CaseMailAdmin
from cases.admin.order import CaseOrderAdmin
from cases.admin.quotation import CaseQuotationAdmin
from cases.admin.rule_run import RuleRunAdmin, WebhookCallAdmin
from cases.admin.sla import SLAPolicyAdmin, SLAResultAdmin
from cases.admin.task import TaskAdmin
from cases.admin.workflow import WorkflowRuleAdmin
from cases.admin.workflow_version import WorkflowVersionAdmin

__all__ = [
    "CaseAdmin",
    "CaseDocumentAdmin",
    "CaseMailAdmin",
    "CaseOrderAdmin",
    "CaseQuotationAdmin",
    "MacroAdmin",
    "RuleRunAdmin",
    "SLAPolicyAdmin",
    "SLAResultAdmin",
    "TaskAdmin",
    "WebhookCallAdmin",
    "WorkflowRuleAdmin",
    "WorkflowVersionAdmin",
]
