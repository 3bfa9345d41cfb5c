"""The words that people read for the values in data.py."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emails.data import Automatic, Joined, Kind, Priority, Sentiment

KIND_LABELS = {
    Kind.ORDER: pgettext_lazy("kind of mail", "order"),
    Kind.ORDER_CHANGE: _("order change"),
    Kind.ORDER_STATUS: _("order status"),
    Kind.QUOTATION_REQUEST: _("quotation request"),
    Kind.INVOICE: _("invoice"),
    Kind.PAYMENT: _("payment"),
    Kind.COMPLAINT: _("complaint"),
    Kind.RETURN: _("return"),
    Kind.TECHNICAL: _("technical question"),
    Kind.SUPPLIER: pgettext_lazy("kind of mail", "supplier"),
    Kind.FEEDBACK: _("feedback"),
    Kind.GENERAL: _("general"),
    Kind.SPAM: _("spam"),
}
PRIORITY_LABELS = {
    Priority.URGENT: _("urgent"),
    Priority.HIGH: _("high"),
    Priority.NORMAL: _("normal"),
    Priority.LOW: _("low"),
}
SENTIMENT_LABELS = {
    Sentiment.NEGATIVE: pgettext_lazy("sentiment", "displeased"),
    Sentiment.NEUTRAL: pgettext_lazy("sentiment", "neutral"),
    Sentiment.POSITIVE: pgettext_lazy("sentiment", "pleased"),
}
AUTOMATIC_LABELS = {
    Automatic.AUTO_REPLY: _("automatic reply"),
    Automatic.BOUNCE: _("bounce"),
    Automatic.FEEDBACK_REPORT: _("feedback report"),
    Automatic.BULK: _("bulk mail"),
}
JOINED_LABELS = {
    Joined.LETTER: _("a letter of ours that came back"),
    Joined.PROOF: _("it answers a letter of ours"),
    Joined.REFERENCE: _("it names a mail of this conversation"),
    Joined.NUMBER: _("the case number in its subject"),
    Joined.SUBJECT: _("sender and subject of an earlier notice"),
    Joined.PERSON: _("put here by a person"),
}
# By the fields that routing rules may ask about.
VALUE_LABELS: Mapping[str, Mapping[Any, Promise]] = {
    "kind": KIND_LABELS,
    "priority": PRIORITY_LABELS,
    "automatic": AUTOMATIC_LABELS,
}
