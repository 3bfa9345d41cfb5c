from celery import shared_task
from django.core.cache import cache
from django.utils import timezone


@shared_task(name="hbu.heartbeat")
def heartbeat() -> None:
    """Beat rang and a worker came: /health reads when that was last so."""
    cache.set("heartbeat", timezone.now().timestamp(), timeout=None)
