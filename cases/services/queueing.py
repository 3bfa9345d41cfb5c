"""Which mails wait for which software agent, and which of them may be taken now.

A mail waits for the agent of its desk. The queue of an agent is nothing but the mails that are taken in
and not handled yet: pausing moves no row, and starting finds all of them where they were.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from agents.models import Agent, Department
from agents.services import consulting, running
from emails.models import Email
from hbu.journal.models import Event
from hbu.lib.errors import DomainError

# Who answers where a department has no software agent of its own.
FALLBACK = "info"
State = Agent.State
DESK = Coalesce(F("department_id"), F("link__case__department_id"))
"""Whose work a mail is: of the department it was sent to, else of its case's."""

Servants = Mapping[int | None, Agent]
"""Which software agent serves a department, by the department's key."""


def servants(*, locked: bool = False) -> Servants:
    """Return who serves where; departments that nobody serves are left out.

    `locked`: until the end of the transaction nobody else claims, and no agent is paused.
    """
    roster = consulting.roster(locked=locked)
    found = {
        pk: roster.get(code) or roster.get(FALLBACK)
        for pk, code in Department.objects.values_list("pk", "code")
    }
    return {pk: agent for pk, agent in found.items() if agent is not None}


def waiting(*, free_at: datetime | None = None) -> QuerySet[Any]:
    """Mails that wait for an agent or are with one, with their `desk`; `free_at`: with none then."""
    rows = Email.objects.unclaimed(free_at) if free_at else Email.objects.all()
    return rows.filter(state=Email.State.TAKEN_IN).annotate(desk=DESK)


def waiting_for(agents: Collection[int], serving: Servants | None = None) -> QuerySet[Any]:
    """The same for these agents."""
    known = servants() if serving is None else serving
    return waiting().filter(desk__in=[pk for pk, one in known.items() if one.pk in agents])


def admit(ids: Sequence[int]) -> list[int]:
    """Return those of the mails whose agent takes them now. Call in the transaction of the claim.

    An agent that is paused takes none, and one that has all its instances at work takes no more;
    where nobody serves, a person gets the mail at once.
    """
    serving = servants(locked=True)
    full = _full(serving, timezone.now())
    desks = waiting().filter(pk__in=ids).values_list("pk", "desk")
    return [pk for pk, desk in desks if _takes(serving.get(desk), full)]


def _takes(agent: Agent | None, full: Collection[int]) -> bool:
    return agent is None or (agent.state != State.PAUSED and agent.pk not in full)


def _full(serving: Servants, now: datetime) -> set[int]:
    """Return the agents whose instances are all at work. An instance is a chunk that is claimed."""
    claims: dict[int, set[object]] = defaultdict(set)
    held = waiting().filter(claimed_until__gt=now).order_by()
    for desk, claim in held.values_list("desk", "claim").distinct():
        if desk in serving:
            claims[serving[desk].pk].add(claim)
    return {one.pk for one in serving.values() if len(claims[one.pk]) >= one.instances}


def overdue(now: datetime) -> list[int]:
    """Return mails that nobody is at, oldest first, without those of paused agents."""
    return list(_free(servants(), now)[: settings.HBU_CHUNK * 20])


def next_up(now: datetime) -> list[int]:
    """Return what an instance that has become free takes next."""
    serving = servants()
    return list(_free(serving, now, but=_full(serving, now))[: settings.HBU_CHUNK])


def _free(serving: Servants, now: datetime, but: Collection[int] = ()) -> QuerySet[Any]:
    rows = waiting(free_at=now)
    resting = [pk for pk, one in serving.items() if not _takes(one, but)]
    if resting:
        # Mails without a desk are nobody's, and so a person's.
        rows = rows.exclude(desk__in=resting)
    return rows.order_by("pk").values_list("pk", flat=True)


def started(agents: Collection[int]) -> list[int]:
    """Return all that waited for agents while they were paused."""
    return list(waiting_for(agents).order_by("pk").values_list("pk", flat=True))


def held_back() -> tuple[list[str], QuerySet[Any]]:
    """Return the names of paused agents, and what waits for them."""
    serving = servants()
    paused = {one.pk: one.name for one in serving.values() if one.state == State.PAUSED}
    return sorted(paused.values()), waiting_for(paused, serving)


def came_too_late(emails: Iterable[Email], serving: Servants, desks: Mapping[int, int]) -> set[int]:
    """Return the mails that came after their agent was drained, by the desks of all of them."""
    draining: dict[Agent, list[int]] = defaultdict(list)
    for email in emails:
        agent = serving.get(desks[email.pk])
        if agent is not None and agent.state == State.DRAINING:
            draining[agent].append(email.pk)
    late = partial(_late, Event.objects.filter(kind="email.taken_in", subject_type="emails.email"))
    return {pk for agent, pks in draining.items() for pk in late(agent, pks)}


def _late(events: "QuerySet[Event]", agent: Agent, pks: Collection[int]) -> set[int]:
    known = events.filter(subject_id__in=pks, at__lte=agent.state_at)
    return set(pks) - set(known.values_list("subject_id", flat=True))


def rest_where_drained() -> None:
    """Pause the agents that were drained and have worked off what waited for them."""
    serving = servants()
    draining = {one.pk: one for one in serving.values() if one.state == State.DRAINING}
    for agent in draining.values():
        rows = list(waiting_for([agent.pk], serving).order_by("pk"))
        desks = {row.pk: row.desk for row in rows}
        if len(came_too_late(rows, serving, desks)) == len(rows):
            with suppress(DomainError):
                # Somebody may have started it meanwhile.
                running.rest(agent)
