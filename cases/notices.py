"""Who hears of what, and when a mail about it may leave. No Django here.

What happened (kinds of the journal's events) becomes notices for the people around it. How each of
them wants to hear of a kind is a wish; when a mail may leave is a matter of the person's rest.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from hbu.lib.hours import Calendar

NEVER, DIGEST, AT_ONCE = "never", "digest", "at_once"
# A person who rests longer than this has entered hours that leave no moment to mail.
HORIZON_DAYS = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants to hear of a kind."""

    in_page: bool = True
    mail: str = NEVER

    @property
    def is_deaf(self) -> bool:
        return not self.in_page and self.mail == NEVER


DEFAULTS: Mapping[str, Wish] = {
    "assigned": Wish(mail=DIGEST),
    # Every new case of the department: who wants that asks for it.
    "assigned_team": Wish(in_page=False),
    "mentioned": Wish(mail=AT_ONCE),
    "customer_wrote": Wish(),
    "followed": Wish(),
    "task": Wish(mail=DIGEST),
    "sla_warning": Wish(),
    "sla_breach": Wish(mail=AT_ONCE),
    "snooze_over": Wish(),
    "rated": Wish(),
    "bounced": Wish(mail=AT_ONCE),
    "rule": Wish(),
    "system": Wish(mail=AT_ONCE),
}

# Who hears of a kind of event, and as what. The first line that names a person counts.
AUDIENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "case.opened": (("team", "assigned_team"),),
    "case.assigned": (("assignee", "assigned"), ("team", "assigned_team")),
    "case.noted": (("mentioned", "mentioned"), ("followers", "followed")),
    "case.joined": (("assignee", "customer_wrote"), ("followers", "followed")),
    "case.resolved": (("followers", "followed"),),
    "case.closed": (("followers", "followed"),),
    "case.reopened": (("followers", "followed"),),
    "case.merged": (("followers", "followed"),),
    "case.woken": (("sleeper", "snooze_over"),),
    "case.rated": (("assignee", "rated"),),
    "task.opened": (("doer", "task"),),
    "task.assigned": (("doer", "task"),),
    "outgoing.failed": (("author", "bounced"),),
    "outgoing.bounced": (("author", "bounced"),),
    "outgoing.incomplete": (("author", "bounced"),),
    "mailbox.failing": (("admins", "system"),),
    "mailbox.gap": (("admins", "system"),),
    "outgoing.storm": (("admins", "system"),),
    "order.stuck": (("admins", "system"),),
}


@dataclass(frozen=True, slots=True)
class Around:
    """The people around what happened, by their parts in it; numbers of users."""

    parts: Mapping[str, Collection[int]] = field(default_factory=dict)
    actor: int | None = None


def hearers(kind: str, around: Around) -> dict[int, str]:
    """Return who hears of an event, and as which kind of notice; nobody of what he did himself.

    A department hears of its case while it is nobody's.
    """
    heard: dict[int, str] = {}
    for part, notice in AUDIENCES.get(kind, ()):
        if part == "team" and around.parts.get("assignee"):
            continue
        for user in around.parts.get(part, ()):
            if user != around.actor:
                heard.setdefault(user, notice)
    return heard


@dataclass(frozen=True, slots=True)
class Rest:
    """When a person is not to be mailed, in the house's time zone; no rest where both are equal."""

    begins: time = time(18)
    ends: time = time(7)
    digest_at: time = time(8)
    working_days_only: bool = True

    def covers(self, at: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


def mail_moment(now: datetime, preference: str, quiet: Rest, calendar: Calendar) -> datetime | None:
    """Return when a mail about something that happens now may leave; None for no mail at all.

    At once means now, or when the rest is over; the digest leaves at its time of the day. A house
    that never opens has no working days to wait for. Of a clock that is put back both hours count.
    """
    if preference == NEVER:
        return None
    now = now.astimezone(UTC)
    if preference == AT_ONCE:
        return _first_free(now, quiet, calendar)
    for day in _days(now, calendar):
        for at in _moments(day, quiet.digest_at, calendar):
            if at >= now and _works(day, quiet, calendar):
                return _first_free(at, quiet, calendar)
    return None


def _first_free(now: datetime, quiet: Rest, calendar: Calendar) -> datetime | None:
    if _is_free(now, quiet, calendar):
        return now
    for day in _days(now, calendar):
        starts = [at for clock in (time.min, quiet.ends) for at in _moments(day, clock, calendar)]
        for at in sorted(starts):
            if at > now and _is_free(at, quiet, calendar):
                return at
    return None


def _is_free(at: datetime, quiet: Rest, calendar: Calendar) -> bool:
    local = at.astimezone(calendar.zone)
    return _works(local.date(), quiet, calendar) and not quiet.covers(local.time())


def _works(day: date, quiet: Rest, calendar: Calendar) -> bool:
    return not quiet.working_days_only or calendar.is_open_on(day)


def _days(now: datetime, calendar: Calendar) -> Iterator[date]:
    first = now.astimezone(calendar.zone).date()
    return (first + timedelta(days=more) for more in range(HORIZON_DAYS))


def _moments(day: date, clock: time, calendar: Calendar) -> list[datetime]:
    """Return when clocks show a time on a day: twice where they are put back (PEP 495).

    In UTC, because Python compares two moments of one zone by what their clocks show.
    """
    local = datetime.combine(day, clock, tzinfo=calendar.zone)
    return sorted({local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)})
