"""What happened, in the words of people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KIND_LABELS: dict[str, Promise] = {
    "email.received": _("Mail received"),
    "email.triaged": _("Mail read and routed"),
    "email.taken_in": _("Mail taken in"),
    "email.set_aside": _("Mail set aside, nothing to do"),
    "email.handled": _("Mail handled"),
    "email.quarantined": _("Mail quarantined"),
    "email.retried": _("Mail tried again"),
    "email.dismissed": _("Mail dismissed"),
    "mailbox.failing": _("Mailbox cannot be read"),
    "mailbox.healthy": _("Mailbox can be read again"),
    "mailbox.uidvalidity_changed": _("Mailbox was rebuilt on its server"),
    "rule.changed": _("Routing rule changed"),
    "case.opened": _("Case opened"),
    "case.joined": _("Mail joined the case"),
    "case.handed_over": _("Case handed over"),
    "case.assigned": _("Case assigned"),
    "case.reopened": _("Case reopened"),
    "case.resolved": _("Case resolved"),
    "task.opened": _("Task opened"),
    "task.resolved": _("Task done"),
    "order.created": _("Order entered"),
    "order.edited": _("Order edited"),
    "order.doubts_accepted": _("Doubts accepted"),
    "order.confirmed": _("Order confirmed"),
    "order.moved": _("Order moved on"),
    "outgoing.queued": _("Mail queued for sending"),
    "outgoing.held": _("Mail held back"),
    "outgoing.sent": _("Mail sent"),
    "outgoing.failed": _("Mail could not be sent"),
    "outgoing.aborted": _("Mail not sent, on purpose"),
    "stock.counted": _("Stock counted"),
}


def label_of(kind: str) -> str:
    return str(KIND_LABELS.get(kind, kind))
