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
TRUST = {"authenticated": "success", "failed": "danger"}
SENTIMENT = {"negative": "danger", "positive": "success"}
MODEL = {"candidate": "info", "in_force": "success"}
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
REPLAY = {
    "comparing": "info",
    "prepared": "warning",
    "applying": "info",
    "applied": "success",
}
FATE = {"open": "warning", "applied": "success", "outdated": "info", "failed": "danger"}
