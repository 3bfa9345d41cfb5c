"""Delivery reports: which of our mails did not arrive, for whom, and why."""

from emails.bounces.complaints import is_complaint, read_complaint
from emails.bounces.reading import read_bounce
from emails.bounces.recognising import is_daemon, is_delivery_report

__all__ = ["is_complaint", "is_daemon", "is_delivery_report", "read_bounce", "read_complaint"]
