"""Mails for programs of staff: what came in, what was decided about it and why."""
