"""Which events of the journal set off which workflow rules."""

from collections.abc import Mapping

MOST_DEEP = 5
"""How many rules may set each other off, one after the other."""

TRIGGERS: Mapping[str, str] = {
    "case.opened": "created",
    "case.joined": "mail_received",
    "case.status_changed": "status_changed",
    "case.resolved": "status_changed",
    "case.closed": "status_changed",
    "case.reopened": "status_changed",
    "case.assigned": "assigned",
    "case.handed_over": "assigned",
    "case.sla_warning": "sla_warning",
    "case.sla_breached": "sla_breach",
    "case.rated": "rated",
    "order.created": "order_changed",
    "order.confirmed": "order_changed",
    "order.moved": "order_changed",
    "order.held": "order_changed",
    "order.released": "order_changed",
    "order.reduced": "order_changed",
    "order.edited": "order_changed",
}


def kinds_of(trigger: str) -> list[str]:
    return [kind for kind, fires in TRIGGERS.items() if fires == trigger]
