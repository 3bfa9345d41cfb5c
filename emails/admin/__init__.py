"""The conversation in the staff's house."""

from emails.admin.mail import EmailAdmin
from emails.admin.mailbox import DeliveryAdmin, MailboxAdmin
from emails.admin.outgoing import OutgoingEmailAdmin
from emails.admin.rule import RoutingRuleAdmin
from emails.admin.template import RoyalTemplateAdmin
from emails.admin.thread import ThreadAdmin

__all__ = [
    "DeliveryAdmin",
    "EmailAdmin",
    "MailboxAdmin",
    "OutgoingEmailAdmin",
    "RoutingRuleAdmin",
    "RoyalTemplateAdmin",
    "ThreadAdmin",
]
