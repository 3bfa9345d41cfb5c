"""The house itself: settings, addresses and servers. It assembles, it decides nothing."""

from hbu.celery import app as celery_app

__all__ = ["celery_app"]
