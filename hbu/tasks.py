from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone


@shared_task(name="hbu.heartbeat")
def heartbeat() -> None:
    """Beat rang and a worker came: /health reads when that was last so."""
    cache.set("heartbeat", timezone.now().timestamp(), timeout=None)


@shared_task(name="hbu.forget_sessions")
def forget_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
