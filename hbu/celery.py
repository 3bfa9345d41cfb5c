"""The Celery application. Messages carry ids only; the rows are the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hbu.settings")

app = Celery("hbu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["hbu", "shop", "orders", "emails", "cases"])
