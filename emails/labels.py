"""The words that people read for the values in data.py."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emails.data import Automatic, Kind, Priority

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
    Kind.SUPPLIER: _("supplier"),
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
AUTOMATIC_LABELS = {
    Automatic.AUTO_REPLY: _("automatic reply"),
    Automatic.BOUNCE: _("bounce"),
    Automatic.FEEDBACK_REPORT: _("feedback report"),
    Automatic.BULK: _("bulk mail"),
}
# By the fields that routing rules may ask about.
VALUE_LABELS: Mapping[str, Mapping[Any, Promise]] = {
    "kind": KIND_LABELS,
    "priority": PRIORITY_LABELS,
    "automatic": AUTOMATIC_LABELS,
}
