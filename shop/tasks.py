"""Doorbells of the shop. Each calls one service and may run twice."""

from celery import shared_task
from django.utils import timezone

from shop.services import carts, stock


@shared_task(name="shop.release_holds")
def release_holds() -> None:
    while stock.expire(timezone.now()) >= stock.SWEPT_AT_ONCE:
        pass


@shared_task(name="shop.sweep_carts")
def sweep_carts() -> None:
    carts.sweep()
