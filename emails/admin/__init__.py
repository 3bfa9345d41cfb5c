"""The conversation in the staff's house."""

from emails.admin.blocked import BlockedAddressAdmin
from emails.admin.learning import CorrectionAdmin, LearnedModelAdmin
from emails.admin.mail import EmailAdmin
from emails.admin.mailbox import DeliveryAdmin, MailboxAdmin
from emails.admin.outgoing import OutgoingEmailAdmin
from emails.admin.replay import ReplayAdmin
from emails.admin.replay_difference import ReplayDifferenceAdmin
from emails.admin.rule import RoutingRuleAdmin
from emails.admin.rule_version import RuleVersionAdmin
from emails.admin.template import RoyalTemplateAdmin
from emails.admin.thread import ThreadAdmin

__all__ = [
    "BlockedAddressAdmin",
    "CorrectionAdmin",
    "DeliveryAdmin",
    "EmailAdmin",
    "LearnedModelAdmin",
    "MailboxAdmin",
    "OutgoingEmailAdmin",
    "ReplayAdmin",
    "ReplayDifferenceAdmin",
    "RoutingRuleAdmin",
    "RoyalTemplateAdmin",
    "RuleVersionAdmin",
    "ThreadAdmin",
]
