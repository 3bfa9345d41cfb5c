"""What conditions about cases may ask: SLA policies and workflow rules speak of the same fields."""

from collections.abc import Mapping

from hbu.lib.reasons import N_

FIELDS: Mapping[str, str] = {
    "title": N_("Title"),
    "kind": N_("Kind"),
    "channel": N_("How it came"),
    "status": N_("Status"),
    "priority": N_("Priority"),
    "sentiment": N_("Sentiment"),
    "department": N_("Department"),
    "assignee": N_("Assigned to"),
    "assigned": N_("Somebody works on it"),
    "tags": N_("Tags"),
    "standing": N_("SLA status"),
    "customer": N_("Customer"),
    "known_customer": N_("The customer is known"),
    "oem": N_("Customer is an OEM"),
    "language": N_("Language"),
    "subject": N_("Subject of the last mail"),
    "text": N_("Text of the last mail (the sender's own words)"),
    "sender": N_("Sender of the last mail"),
    "sender_domain": N_("Domain of that sender"),
    "automatic": N_("The last mail was written by a machine"),
    "order_state": N_("States of its orders"),
    "order_gross": N_("Largest order, gross"),
    "open_tasks": N_("Number of open tasks"),
    "hours_open": N_("Hours since it was opened"),
    "hours_waiting": N_("Hours since the customer last wrote"),
    "rating": N_("What the customer gave us (1 to 5)"),
}
# What is asked of fields that are no texts.
SORTS: Mapping[str, str] = {
    "assigned": "yes_no",
    "known_customer": "yes_no",
    "oem": "yes_no",
    "order_gross": "number",
    "open_tasks": "number",
    "hours_open": "number",
    "hours_waiting": "number",
    "rating": "number",
}
