"""The measures of the house: what is read, in which unit, and from where on it is an alert.

A threshold is changed by HBU_THRESHOLDS, for example "http_p95=3,disk_free=500".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from cases.models import WebhookCall
from emails.models import Email, Mailbox, OutgoingEmail
from emails.services import counting
from hbu.journal.models import Event
from hbu.lib import measuring
from hbu.lib.measuring import Sum, Sums
from hbu.lib.reasons import N_
from hbu.lib.requests import NOWHERE
from kpis import health, links

SECONDS, PERCENT, COUNT, MEGABYTES = "s", "%", "", "MB"
MINUTES = 5
# Of fewer runs a share says nothing.
ENOUGH = 10
CALM = 0.8
"""An alert ends where a measure is this far within its threshold, so that it does not flicker."""


@dataclass(frozen=True, slots=True)
class Reading:
    value: float
    about: str = ""
    url: str = ""
    """Where the rows are."""


@dataclass(frozen=True)
class House:
    """What the measures are read from; asked once for all of them."""

    now: datetime

    @cached_property
    def sums(self) -> Sums:
        return measuring.within(MINUTES)

    @cached_property
    def report(self) -> Mapping[str, health.Check]:
        checks: Mapping[str, health.Check] = health.report(self.now)["checks"]
        return checks


Read = Callable[[House], Iterable[Reading]]


@dataclass(frozen=True, slots=True)
class Measure:
    label: str
    """Marked; translated where it is shown."""
    unit: str
    usual: float
    """The threshold, where HBU_THRESHOLDS names no other."""
    read: Read
    bad_below: bool = field(default=False, kw_only=True)

    def is_bad(self, value: float, threshold: float) -> bool:
        return value < threshold if self.bad_below else value > threshold

    def is_calm(self, value: float, threshold: float) -> bool:
        return value >= threshold / CALM if self.bad_below else value <= threshold * CALM

    def worse(self, one: float, other: float) -> float:
        return min(one, other) if self.bad_below else max(one, other)


def threshold(code: str) -> float:
    return float(settings.HBU_THRESHOLDS.get(code, MEASURES[code].usual))


def errors(family: str) -> Read:
    """Read how many of a hundred things of each member failed."""

    def read(house: House) -> Iterator[Reading]:
        outcomes: dict[str, dict[str, int]] = {}
        for (name, outcome), one in measuring.family(house.sums, family, by=2).items():
            outcomes.setdefault(name, {})[outcome] = max(one.count, one.runs)
        for name, counts in outcomes.items():
            if (all_ := sum(counts.values())) >= ENOUGH:
                bad = all_ - counts.get(measuring.DONE, 0)
                yield Reading(round(100 * bad / all_, 1), name, _log(name))

    return read


def slowness(family: str) -> Read:
    def read(house: House) -> Iterator[Reading]:
        for (name,), one in measuring.family(house.sums, family).items():
            if one.runs >= ENOUGH:
                yield Reading(round(one.p95, 3), name, _log(name))

    return read


def _pages(house: House) -> Iterator[tuple[str, Sum]]:
    """Yield status and sum of each page; files that are served well would hide how pages are."""
    for (view, _, status), one in measuring.family(house.sums, measuring.HTTP, by=3).items():
        if view != NOWHERE or status >= "500":
            yield status, one


def http_errors(house: House) -> Iterator[Reading]:
    pages = list(_pages(house))
    everything = sum(one.runs for _, one in pages)
    bad = sum(one.runs for status, one in pages if status >= "500")
    if everything >= ENOUGH:
        yield Reading(round(100 * bad / everything, 1), url=_log(level="error"))


def http_slowness(house: House) -> Iterator[Reading]:
    whole = Sum()
    for _, one in _pages(house):
        whole.add(one)
    if whole.runs >= ENOUGH:
        yield Reading(round(whole.p95, 3))


def quarantine(house: House) -> Iterator[Reading]:
    since = house.now - timedelta(hours=1)
    grown = Event.objects.filter(kind="email.quarantined", at__gte=since).count()
    yield Reading(grown, url=links.rows(Email, state__exact=Email.State.QUARANTINED))


def oldest_mail(house: House) -> Iterator[Reading]:
    waits = house.report["oldest_waiting"]
    states = ",".join(Email.WAITING)
    yield Reading(waits["email_seconds"], url=links.rows(Email, state__in=states))


def oldest_letter(house: House) -> Iterator[Reading]:
    waits = house.report["oldest_waiting"]
    states = f"{OutgoingEmail.State.QUEUED},{OutgoingEmail.State.RETRYING}"
    yield Reading(waits["outgoing_seconds"], url=links.rows(OutgoingEmail, state__in=states))


def mailboxes_failing(house: House) -> Iterator[Reading]:
    for mailbox in Mailbox.objects.watched():
        failing = health.seconds_since(house.now, mailbox.failing_since) or 0
        yield Reading(failing, mailbox.address, links.row(mailbox))


def mailboxes_late(house: House) -> Iterator[Reading]:
    # Of one that fails it is told already.
    looked_at = Mailbox.objects.watched().exclude(last_polled_at=None)
    for mailbox in looked_at.filter(failing_since=None):
        looked = health.seconds_since(house.now, mailbox.last_polled_at) or 0
        yield Reading(looked, mailbox.address, links.row(mailbox))


def ledger_gaps(house: House) -> Iterator[Reading]:
    mailboxes = {one.pk: one for one in Mailbox.objects.watched()}
    for pk, standing in counting.standings(mailboxes.values(), house.now).items():
        yield Reading(standing.gap, mailboxes[pk].address, links.row(mailboxes[pk]))


def webhooks(house: House) -> Iterator[Reading]:
    since = house.now - timedelta(hours=1)
    failed = WebhookCall.objects.filter(state=WebhookCall.State.FAILED, at__gte=since).count()
    yield Reading(failed, url=links.rows(WebhookCall, state__exact=WebhookCall.State.FAILED))


def broker_away(house: House) -> Iterator[Reading]:
    yield Reading(0 if house.report["broker"]["ok"] else 1)


def beat_late(house: House) -> Iterator[Reading]:
    seconds = house.report["beat"].get("seconds_ago")
    if seconds is not None:
        yield Reading(seconds)


def disk_free(house: House) -> Iterator[Reading]:
    yield Reading(house.report["disk"]["free_megabytes"])


def sealing(house: House) -> Iterator[Reading]:
    yield Reading(house.report["sealing"]["seconds"])


def snapshots(house: House) -> Iterator[Reading]:
    seconds = house.report["snapshots"]["seconds_ago"]
    if seconds is not None:
        yield Reading(seconds)


def _log(text: str = "", level: str = "") -> str:
    asked = f"text={text}" if text else f"level={level}"
    return f"{reverse('kpis:logs')}?{asked}"


MEASURES: Mapping[str, Measure] = {
    "stage_errors": Measure(N_("Mails that fail in a stage"), PERCENT, 5, errors(measuring.STAGE)),
    "stage_p95": Measure(N_("Time of a stage"), SECONDS, 20, slowness(measuring.STAGE)),
    "task_errors": Measure(N_("Tasks that fail"), PERCENT, 5, errors(measuring.TASK)),
    "task_p95": Measure(N_("Time of a task"), SECONDS, 60, slowness(measuring.TASK)),
    "http_errors": Measure(N_("Pages that fail"), PERCENT, 2, http_errors),
    "http_p95": Measure(N_("Time of a page"), SECONDS, 2, http_slowness),
    "quarantine": Measure(N_("Mails that went to quarantine in an hour"), COUNT, 5, quarantine),
    "oldest_mail": Measure(N_("Oldest mail that waits"), SECONDS, 300, oldest_mail),
    "oldest_letter": Measure(N_("Oldest letter that waits"), SECONDS, 300, oldest_letter),
    "mailbox_failing": Measure(N_("Mailbox fails"), SECONDS, 120, mailboxes_failing),
    "mailbox_late": Measure(N_("Mailbox not looked at"), SECONDS, 600, mailboxes_late),
    "ledger_gap": Measure(N_("Mails missing in the ledger"), COUNT, 0, ledger_gaps),
    "webhooks": Measure(N_("Webhook calls that failed in an hour"), COUNT, 3, webhooks),
    "broker_away": Measure(N_("Broker away"), COUNT, 0, broker_away),
    "beat_late": Measure(N_("Clock of the tasks stands still"), SECONDS, 30, beat_late),
    "disk_free": Measure(N_("Free disk"), MEGABYTES, 200, disk_free, bad_below=True),
    "sealing": Measure(N_("Oldest event without a seal"), SECONDS, 120, sealing),
    "snapshots": Measure(N_("Age of the newest snapshot"), SECONDS, 26 * 3600, snapshots),
}


def read_all(now: datetime) -> dict[str, list[Reading]]:
    house = House(now)
    return {code: list(measure.read(house)) for code, measure in MEASURES.items()}
