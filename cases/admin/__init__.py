"""Cases, tasks and promises of speed, in the staff's house."""

from cases.admin.case import CaseAdmin
from cases.admin.document import CaseDocumentAdmin
from cases.admin.mail import CaseMailAdmin
from cases.admin.order import CaseOrderAdmin
from cases.admin.quotation import CaseQuotationAdmin
from cases.admin.sla import SLAPolicyAdmin
from cases.admin.task import TaskAdmin

__all__ = [
    "CaseAdmin",
    "CaseDocumentAdmin",
    "CaseMailAdmin",
    "CaseOrderAdmin",
    "CaseQuotationAdmin",
    "SLAPolicyAdmin",
    "TaskAdmin",
]
