"""Which colour says what about mails."""

STATE = {
    "received": "info",
    "triaged": "info",
    "taken_in": "info",
    "handled": "success",
    "quarantined": "danger",
}
PRIORITY = {"urgent": "danger", "high": "warning"}
KIND = {"order": "primary", "order_change": "primary", "complaint": "warning", "spam": "danger"}
OUTGOING = {
    "draft": "warning",
    "queued": "info",
    "sending": "info",
    "sent": "success",
    "retrying": "warning",
    "uncertain": "danger",
    "failed": "danger",
    "bounced": "danger",
}
DELIVERY = {"claimed": "info", "stored": "success", "oversize": "warning", "failed": "danger"}
