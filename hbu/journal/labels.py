"""What happened, in the words of people."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hbu.lib.telling import named, plain

KIND_LABELS: dict[str, Promise] = {
    "email.received": _("Mail received"),
    "email.triaged": _("Mail read and routed"),
    "email.taken_in": _("Mail taken in"),
    "email.set_aside": _("Mail set aside, nothing to do"),
    "email.handled": _("Mail handled"),
    "email.quarantined": _("Mail quarantined"),
    "email.retried": _("Mail tried again"),
    "email.dismissed": _("Mail dismissed"),
    "email.corrected": _("Mail corrected by staff"),
    "model.trained": _("Learned model trained"),
    "model.switched_on": _("Learned model switched on"),
    "model.switched_off": _("Learned model switched off"),
    "mailbox.failing": _("Mailbox cannot be read"),
    "mailbox.healthy": _("Mailbox can be read again"),
    "mailbox.uidvalidity_changed": _("Mailbox was rebuilt on its server"),
    "email.replayed": _("Mail read or routed again"),
    "rule.changed": _("Routing rule changed"),
    "rule.troubled": _("Routing rule cannot be asked"),
    "replay.asked": _("Replay asked for"),
    "replay.prepared": _("Replay compared"),
    "replay.confirmed": _("Replay to be applied"),
    "replay.applied": _("Replay applied"),
    "replay.dropped": _("Replay dropped"),
    "case.opened": _("Case opened"),
    "case.joined": _("Mail joined the case"),
    "case.handed_over": _("Case handed over"),
    "case.assigned": _("Case assigned"),
    "case.reopened": _("Case reopened"),
    "case.resolved": _("Case resolved"),
    "task.opened": _("Task opened"),
    "task.resolved": _("Task done"),
    "document.filed": _("Document filed"),
    "document.corrected": _("Document corrected"),
    "document.correction_asked": _("Supplier asked for a correct e-invoice"),
    "document.checked": _("Document found right"),
    "document.rejected": _("Document rejected"),
    "alias.learned": _("Customer's article learned"),
    "supplier.added": _("Supplier added"),
    "supplier.learned": _("Supplier's name learned"),
    "order.created": _("Order entered"),
    "order.proposed_again": _("Order proposed again"),
    "order.edited": _("Order edited"),
    "order.doubts_accepted": _("Doubts accepted"),
    "order.confirmed": _("Order confirmed"),
    "order.moved": _("Order moved on"),
    "outgoing.queued": _("Mail queued for sending"),
    "outgoing.held": _("Mail held back"),
    "outgoing.sent": _("Mail sent"),
    "outgoing.failed": _("Mail could not be sent"),
    "outgoing.bounced": _("Mail came back"),
    "outgoing.aborted": _("Mail not sent, on purpose"),
    "outgoing.delayed": _("Mail delayed on its way"),
    "outgoing.unwelcome": _("Mail reported as spam by its reader"),
    "outgoing.storm": _("Too much automatic mail in an hour"),
    "address.blocked": _("Automatic mail to the address blocked"),
    "address.freed": _("Automatic mail to the address allowed again"),
    "email.spoof_suspected": _("Somebody writes under our own address"),
    "email.split_off": _("Mail split off"),
    "email.kept": _("Mail left where it is"),
    "thread.merged": _("Conversation put into another one"),
    "case.split": _("Case split off"),
    "case.merged": _("Case put into another one"),
    "stock.counted": _("Stock counted"),
    "delivery.failed": _("Mail could not be brought in"),
    "delivery.retried": _("Mail is to be brought in again"),
    "order.doubted": _("Order not confirmed, in doubt"),
    "company.loaded": _("Company loaded"),
}
DATA_LABELS: dict[str, Promise] = {
    "address": _("mail address"),
    "agent": _("agent"),
    "automatic": _("automatic"),
    "before": _("before"),
    "case": _("case"),
    "concerns": _("what is wrong"),
    "customer": _("customer"),
    "department": _("department"),
    "doubts": _("doubts"),
    "email": _("mail"),
    "error": _("error"),
    "fields": _("fields"),
    "from": _("from"),
    "gross": _("gross"),
    "kind": _("kind"),
    "lines": _("lines"),
    "mailbox": _("mailbox"),
    "name": _("name"),
    "now": _("now"),
    "number": _("number"),
    "priority": _("priority"),
    "reason": _("why"),
    "restored": _("as in version"),
    "released": _("released by a person"),
    "settled": _("settled"),
    "said": _("we said"),
    "sku": _("article number"),
    "stage": _("step"),
    "template": _("template"),
    "title": _("what is to do"),
    "to": _("to"),
    "version": _("version"),
    "why": _("why"),
}
# Values that are ours: codes, and reasons that were marked for translation.
OURS = {"automatic", "error", "kind", "said", "priority", "reason", "stage", "title", "why"}


def label_of(kind: str) -> str:
    return str(KIND_LABELS.get(kind, kind))


def _is_ours(name: str, value: Any) -> bool:
    # States of orders are the only values in capitals; who moved "from" and "to" may be anybody.
    return name in OURS or str(value).isupper()


def facts_of(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what an event tells, each value with its name."""
    return [
        (
            str(DATA_LABELS.get(name, name)),
            named(str(value)) if _is_ours(name, value) else plain(value),
        )
        for name, value in data.items()
        if value not in ("", None, [], {})
    ]
