"""The Celery application. Messages carry ids only; the rows are the truth."""

import os

from celery import Celery

# Its receivers are all that is wanted of it.
from hbu import watched_tasks

__all__ = ["app", "watched_tasks"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hbu.settings")

app = Celery("hbu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["hbu", "hbu.journal", "shop", "orders", "emails", "cases", "kpis"])
