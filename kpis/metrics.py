"""/metrics: what Prometheus scrapes. Sums of all processes from the broker, states from the rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from emails.models import Delivery, Email, Mailbox, OutgoingEmail
from emails.services import counting
from hbu.lib import measuring
from hbu.lib.measuring import BUCKETS, Sum, Sums
from kpis import health
from kpis.models import Alert

BOUNDS = [*(f"{bound:g}" for bound in BUCKETS), "+Inf"]


def exposition(now: datetime) -> bytes:
    registry = CollectorRegistry()
    registry.register(House(now))
    text: bytes = generate_latest(registry)
    return text


class House(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def describe(self) -> Iterable[Metric]:
        """What there is depends on the rows; registering asks nothing."""
        return ()

    def collect(self) -> Iterator[Metric]:
        sums = measuring.ever()
        yield _counter(
            "hbu_stage_mails", "Mails and letters by stage and what became of them.",
            ("stage", "outcome"), _outcomes(sums, measuring.STAGE, "count", "failed", "interrupted"),
        )  # fmt: skip
        yield _durations(
            "hbu_stage_duration_seconds", "Time of one run of a stage.", sums, ("stage",)
        )
        yield _counter(
            "hbu_http_requests", "Requests by the name of the address.",
            ("view", "method", "status"), _counts(sums, measuring.HTTP, 3, "runs"),
        )  # fmt: skip
        yield _durations(
            "hbu_http_request_duration_seconds", "Time until the answer.", sums, ("view", "method")
        )
        yield _counter(
            "hbu_tasks", "Tasks by what became of them.",
            ("task", "outcome"), _outcomes(sums, measuring.TASK, "runs", "failure"),
        )  # fmt: skip
        yield _durations("hbu_task_duration_seconds", "Time of one task.", sums, ("task",))
        yield from self._state()

    def _state(self) -> Iterator[Metric]:
        checks = health.report(self._now)["checks"]
        yield _parts(checks)
        if not checks["database"]["ok"]:
            return
        yield from _ages(checks)
        yield from _queues()
        yield from _mailboxes(self._now)
        yield from _outbox(checks["oldest_waiting"])
        yield _gauge("hbu_live_sockets", "Open pages.", measuring.held("sockets"))
        alerts = Alert.objects.open().order_by().values_list("measure").annotate(Count("pk"))
        yield _labelled("hbu_alerts_open", "Open alerts.", "measure", dict(alerts))


FAMILIES = {
    "hbu_stage_duration_seconds": measuring.STAGE,
    "hbu_http_request_duration_seconds": measuring.HTTP,
    "hbu_task_duration_seconds": measuring.TASK,
}


def _counts(sums: Sums, family: str, by: int, what: str) -> dict[tuple[str, ...], float]:
    return {key: getattr(one, what) for key, one in measuring.family(sums, family, by=by).items()}


def _outcomes(sums: Sums, family: str, what: str, *bad: str) -> dict[tuple[str, ...], float]:
    """With zeros: a counter that appears with its first failure has not risen for Prometheus."""
    counts = _counts(sums, family, 2, what)
    names = {name for name, _outcome in counts}
    return {(name, outcome): 0.0 for name in sorted(names) for outcome in bad} | counts


def _counter(
    name: str, words: str, labels: tuple[str, ...], counts: Mapping[tuple[str, ...], float]
) -> Metric:
    metric = CounterMetricFamily(name, words, labels=labels)
    for key, count in counts.items():
        metric.add_metric(key, count)
    return metric


def _durations(name: str, words: str, sums: Sums, labels: tuple[str, ...]) -> Metric:
    metric = HistogramMetricFamily(name, words, labels=labels)
    for key, one in measuring.family(sums, FAMILIES[name], by=len(labels)).items():
        metric.add_metric(key, list(_cumulated(one)), one.seconds)
    return metric


def _cumulated(one: Sum) -> Iterator[tuple[str, float]]:
    total = 0
    for bound, runs in zip(BOUNDS, one.buckets, strict=True):
        total += runs
        yield bound, total


def _gauge(name: str, words: str, value: float | None) -> Metric:
    metric = GaugeMetricFamily(name, words)
    if value is not None:
        metric.add_metric((), value)
    return metric


def _labelled(name: str, words: str, label: str, values: Mapping[str, float | None]) -> Metric:
    metric = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        if value is not None:
            metric.add_metric((key,), value)
    return metric


def _parts(checks: Mapping[str, Any]) -> Metric:
    parts = {
        name: float(check["ok"])
        for name, check in checks.items()
        if isinstance(check, dict) and "ok" in check
    }
    return _labelled("hbu_up", "Whether a part of the house is well.", "part", parts)


def _ages(checks: Mapping[str, Any]) -> Iterator[Metric]:
    yield _gauge(
        "hbu_beat_age_seconds", "Since beat last rang and a worker came.",
        checks["beat"].get("seconds_ago"),
    )  # fmt: skip
    yield _gauge(
        "hbu_snapshot_age_seconds", "Since figures were last rolled up.",
        checks["snapshots"]["seconds_ago"],
    )  # fmt: skip
    yield _gauge(
        "hbu_journal_seal_lag_seconds", "How long the oldest event waits for its seal.",
        checks["sealing"]["seconds"],
    )  # fmt: skip
    yield _gauge("hbu_disk_free_bytes", "Free.", checks["disk"]["free_megabytes"] * 1_000_000)


def _queues() -> Iterator[Metric]:
    mails = health.by(Email, "state", Email.State.values)
    yield _labelled("hbu_mails", "Mails by state.", "state", mails)
    yield _gauge(
        "hbu_broker_queue_messages", "Messages that no worker has taken yet.",
        measuring.queued(settings.CELERY_TASK_DEFAULT_QUEUE),
    )  # fmt: skip


def _mailboxes(now: datetime) -> Iterator[Metric]:
    mailboxes = list(Mailbox.objects.watched())
    unfinished = dict(
        Delivery.objects.filter(state=Delivery.State.CLAIMED)
        .order_by()
        .values_list("mailbox__address")
        .annotate(Count("pk"))
    )
    gaps = counting.standings(mailboxes, now)
    yield _labelled(
        "hbu_mailbox_look_age_seconds", "Since the mailbox was last looked at.", "mailbox",
        {one.address: health.seconds_since(now, one.last_polled_at) for one in mailboxes},
    )  # fmt: skip
    yield _labelled(
        "hbu_mailbox_failing", "Whether its server fails us.", "mailbox",
        {one.address: float(one.failing_since is not None) for one in mailboxes},
    )  # fmt: skip
    yield _labelled(
        "hbu_mailbox_unfinished_deliveries", "Claimed and not stored yet.", "mailbox",
        {one.address: unfinished.get(one.address, 0) for one in mailboxes},
    )  # fmt: skip
    yield _labelled(
        "hbu_mailbox_ledger_gap", "Mails that are neither stored and decided nor on their way.",
        "mailbox", {one.address: gaps[one.pk].gap for one in mailboxes if one.pk in gaps},
    )  # fmt: skip


def _outbox(waits: Mapping[str, float]) -> Iterator[Metric]:
    letters = health.by(OutgoingEmail, "state", OutgoingEmail.State.values)
    yield _labelled("hbu_letters", "Outgoing mails by state.", "state", letters)
    yield _gauge(
        "hbu_letter_oldest_due_seconds", "How long the oldest letter that is due has waited.",
        waits["outgoing_seconds"],
    )  # fmt: skip
    yield _gauge(
        "hbu_mail_oldest_waiting_seconds", "How long the oldest undecided mail has waited.",
        waits["email_seconds"],
    )  # fmt: skip
