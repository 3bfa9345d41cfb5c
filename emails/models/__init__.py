"""The conversation: mailboxes, what came in, what goes out, and how it is decided.

Import order: mailbox and thread know nothing of the others; email, rule and template build on
them; outgoing, blocked and replay know them all.
"""

from emails.models.blocked import BlockedAddress
from emails.models.email import Attachment, Email
from emails.models.learning import Correction, LearnedModel
from emails.models.mailbox import Delivery, Mailbox
from emails.models.outgoing import Enclosure, OutgoingEmail
from emails.models.replay import Replay, ReplayDifference
from emails.models.rule import RoutingRule, RuleVersion
from emails.models.template import RoyalTemplate
from emails.models.thread import Reference, Thread

__all__ = [
    "Attachment",
    "BlockedAddress",
    "Correction",
    "Delivery",
    "Email",
    "Enclosure",
    "LearnedModel",
    "Mailbox",
    "OutgoingEmail",
    "Reference",
    "Replay",
    "ReplayDifference",
    "RoutingRule",
    "RoyalTemplate",
    "RuleVersion",
    "Thread",
]
