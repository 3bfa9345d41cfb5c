"""A measure beyond its threshold is an alert: one row, opened once, ended by itself, told to who watches."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction

from cases.models import Notice
from cases.services import notifying, seeing
from hbu.journal.recording import record
from kpis import measures
from kpis.measures import MEASURES, Reading
from kpis.models import Alert

WATCH = "kpis.watch_house"
Key = tuple[str, str]


def watch(now: datetime) -> None:
    """Read every measure and compare; repeatable."""
    compare(measures.read_all(now), now)


def compare(read: Mapping[str, Sequence[Reading]], now: datetime) -> None:
    """Open, renew and end alerts as the readings say."""
    found: dict[Key, Reading] = {
        (code, one.about[:80]): one for code, readings in read.items() for one in readings
    }
    with transaction.atomic():
        alerts = {(one.measure, one.about): one for one in Alert.objects.open().select_for_update()}
        for key, alert in alerts.items():
            _follow(alert, found.get(key), now)
        for (code, about), reading in found.items():
            limit = measures.threshold(code)
            if (code, about) not in alerts and MEASURES[code].is_bad(reading.value, limit):
                _open(code, about, reading.value, limit, now)


def _follow(alert: Alert, reading: Reading | None, now: datetime) -> None:
    """Keep what it came to; it ends when the measure is calm, or says nothing any more."""
    measure = MEASURES.get(alert.measure)
    if measure is None or reading is None:
        _end(alert, now)
        return
    alert.threshold = measures.threshold(alert.measure)
    alert.value, alert.worst = reading.value, measure.worse(alert.worst, reading.value)
    alert.save(update_fields=["threshold", "value", "worst"])
    if measure.is_calm(reading.value, alert.threshold):
        _end(alert, now)


def _open(code: str, about: str, value: float, limit: float, now: datetime) -> None:
    alert, is_new = Alert.objects.get_or_create(
        measure=code,
        about=about,
        ended_at=None,
        defaults={"value": value, "threshold": limit, "worst": value, "began_at": now},
    )
    if not is_new:
        return
    facts: dict[str, Any] = {
        "measure": MEASURES[code].label,
        "of": about,
        "value": value,
        "threshold": limit,
    }
    event = record("alert.opened", alert, **facts)
    notifying.tell(
        watchers(), Notice.SYSTEM, cause=f"event:{event.pk}", event=event.kind,
        about=["kpis.alert", alert.pk], **facts,
    )  # fmt: skip


def _end(alert: Alert, now: datetime) -> None:
    alert.ended_at = now
    alert.save(update_fields=["ended_at"])
    record("alert.closed", alert, measure=label(alert), of=alert.about, worst=alert.worst)


def see(alert: Alert, *, by: AbstractBaseUser) -> None:
    """Somebody has seen it and sees to it; the others need not."""
    with transaction.atomic():
        if Alert.objects.filter(pk=alert.pk, seen_by=None).update(seen_by=by.pk):
            record("alert.seen", alert, actor=by, measure=label(alert), of=alert.about)


def label(alert: Alert) -> str:
    """Return what is measured, marked; a measure that is no more keeps its code."""
    measure = MEASURES.get(alert.measure)
    return measure.label if measure else alert.measure


def watchers() -> list[User]:
    people = User.objects.with_perm(WATCH, backend=seeing.BACKEND)
    return list(people.filter(is_staff=True, is_active=True))
