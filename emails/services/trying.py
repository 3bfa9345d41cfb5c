"""A rule is tried on the mails of the last days before it is saved. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from time import perf_counter

from agents.models import Department
from emails.models import Email, RoutingRule
from emails.services.deciding import FALLBACK
from emails.services.recalling import asked_by, recall
from emails.shadowing import Shadow, shadows
from emails.trying import Houses, Trial, replaced

DAYS, MOST_DAYS = 30, 3650
MOST_MAILS = 20_000
SECONDS = 20.0
"""A page waits no longer; what was looked at until then is shown and said to be a part."""


@dataclass(frozen=True, slots=True)
class Report:
    trial: Trial
    shadows: Sequence[Shadow]
    days: int
    waiting: int
    """Mails of those days that were not looked at: there were too many, or no time was left."""
    seconds: float

    @property
    def rules(self) -> dict[int, str]:
        return {rule.id: rule.name for rule in (*self.trial.before, *self.trial.after)}


def try_rule(rule: RoutingRule, *, days: int, now: datetime) -> Report:
    """Try a rule as the form has it, saved or not, on the mails of the last days, newest first."""
    started = perf_counter()
    trial = _trial(rule)
    emails = Email.objects.decided().filter(received_at__gte=now - timedelta(days=days))
    newest = emails.order_by("-received_at", "-pk").values_list("pk", flat=True)
    asked = asked_by(one.condition for one in (*trial.before, *trial.after))
    for email, facts in recall(islice(newest.iterator(), MOST_MAILS), asked):
        trial.look(email, facts)
        if perf_counter() - started > SECONDS:
            break
    return Report(
        trial=trial,
        shadows=shadows(trial.after, trial.houses.addresses),
        days=days,
        waiting=emails.count() - trial.mails,
        seconds=perf_counter() - started,
    )


def _trial(rule: RoutingRule) -> Trial:
    in_force = [(one.position, one.as_data()) for one in RoutingRule.objects.in_force()]
    tried = (rule.position, rule.as_data()) if rule.is_active else None
    addresses = dict(Department.objects.values_list("code", "address"))
    return Trial(
        tried=rule.pk or 0,
        before=[one for _, one in in_force],
        after=replaced(in_force, tried, gone=rule.pk or 0),
        houses=Houses(addresses, FALLBACK),
    )
