"""Doorbells of the figures. Each calls one service and may run twice."""

from celery import shared_task
from django.utils import timezone

from kpis import alerting
from kpis.services import recommending, rollup


@shared_task(name="kpis.watch")
def watch() -> None:
    alerting.watch(timezone.now())


@shared_task(name="kpis.roll_up")
def roll_up() -> None:
    rollup.keep_up()


# Longer than others: at the first night of a house with a long past all of that is counted.
@shared_task(name="kpis.look_back", soft_time_limit=1500, time_limit=1560)
def look_back() -> None:
    rollup.look_back()


@shared_task(name="kpis.recommend")
def recommend() -> None:
    recommending.look(timezone.now())
