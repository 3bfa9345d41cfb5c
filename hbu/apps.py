from django.apps import AppConfig

# Imported here and not in hbu/__init__: whoever only needs the floor, such as the jail, is spared it.
from hbu.celery import app

__all__ = ["HbuConfig", "app"]


class HbuConfig(AppConfig):
    name = "hbu"
    label = "hbu"
