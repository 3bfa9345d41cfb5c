"""Delivery reports: which of our mails did not arrive, for whom, and why."""

from emails.bounces.complaints import is_complaint, read_complaint
from emails.bounces.evidence import RETURNED_TYPES, is_by_daemon, is_daemon
from emails.bounces.reading import read_bounce, tells_of_success
from emails.bounces.recognising import is_delivery_report

__all__ = [
    "RETURNED_TYPES",
    "is_by_daemon",
    "is_complaint",
    "is_daemon",
    "is_delivery_report",
    "read_bounce",
    "read_complaint",
    "tells_of_success",
]
