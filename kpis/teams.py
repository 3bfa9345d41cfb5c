"""Teams: who is in which department, what everybody has to do, and what nobody does yet.

A fixed number of queries, however many departments, people and cases there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, F, Min, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from agents.models import Agent, Department
from agents.registry import ROLES
from agents.scope import departments_of
from cases.models import Case
from kpis.today import OPEN_CASES
from kpis.workforce import PRESSING, by, open_cases

SHOWN = 8
"""So many cases of a person are shown; the number opens the others."""
Person = AbstractUser | AnonymousUser
Key = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Load:
    """What a member of a department has to do; `agent` None: what nobody has."""

    agent: Agent | None
    open: int
    pressing: int
    oldest: datetime | None
    cases: list[Case]
    url: str
    pressing_url: str
    is_member: bool = True

    @property
    def more(self) -> int:
        return self.open - len(self.cases)


@dataclass(frozen=True, slots=True)
class Team:
    department: Department
    software: list[Agent]
    nobody: Load
    members: list[Load]
    open: int
    pressing: int
    url: str
    pressing_url: str


def teams(user: Person) -> list[Team]:
    """Return the departments of the viewer with the work in them."""
    departments = _departments(user)
    counted, shown = _counted(user), _shown(user)
    agents = {one.pk: one for one in Agent.objects.all()}
    of_user = {
        one.user_id: one
        for one in agents.values()
        if one.is_active and one.kind == Agent.Kind.HUMAN
    }
    return [_team(one, agents, of_user, counted, shown) for one in departments]


def choices(found: Iterable[Team]) -> list[tuple[Department, list[Agent]]]:
    """Return to whom a case can be given, by department."""
    return [
        (team.department, [one.agent for one in team.members if one.agent and one.is_member])
        for team in found
    ]


def _departments(user: Person) -> "QuerySet[Department]":
    at_work = Agent.objects.software().filter(role__in=ROLES)
    rows = Department.objects.prefetch_related("members", Prefetch("agents", at_work))
    ours = departments_of(user)
    return rows if ours is None else rows.filter(pk__in=ours)


def _team(
    department: Department,
    agents: dict[int, Agent],
    of_user: dict[int, Agent],
    counted: dict[tuple[Any, ...], dict[str, Any]],
    shown: dict[Key, list[Case]],
) -> Team:
    """Whoever is no member, such as software that a rule gave a case, is shown with the work here."""

    def load(agent: Agent | None) -> Load:
        key = (department.pk, agent.pk if agent else None)
        whose = {"assignee__id__exact": agent.pk} if agent else {"assignee__id__isnull": 1}
        here = {"department__id__exact": department.pk, **whose}
        return Load(
            agent,
            **counted.get(key, {"open": 0, "pressing": 0, "oldest": None}),
            cases=shown[key],
            url=open_cases(**here),
            pressing_url=open_cases(**here, standing__in=PRESSING),
        )

    users = [one.pk for one in department.members.all()]
    members = {of_user[pk].pk: load(of_user[pk]) for pk in users if pk in of_user}
    busy = [agent for desk, agent in counted if desk == department.pk and agent]
    others = [agents[pk] for pk in busy if pk not in members]
    nobody = load(None)
    loads = [*members.values(), *(replace(load(one), is_member=False) for one in others)]
    return Team(
        department=department,
        software=list(department.agents.all()),
        nobody=nobody,
        members=loads,
        open=sum(one.open for one in (nobody, *loads)),
        pressing=sum(one.pressing for one in (nobody, *loads)),
        url=open_cases(department__id__exact=department.pk),
        pressing_url=open_cases(department__id__exact=department.pk, standing__in=PRESSING),
    )


def _open(user: Person) -> "QuerySet[Case]":
    return Case.objects.visible_to(user).filter(status__in=OPEN_CASES)


def _counted(user: Person) -> dict[tuple[Any, ...], dict[str, Any]]:
    rows = _open(user).order_by().values("department", "assignee")
    counted = rows.annotate(
        open=Count("pk"),
        pressing=Count("pk", filter=Q(standing__in=Case.PRESSING)),
        oldest=Min("opened_at"),
    )
    return by(counted, "department", "assignee")


def _shown(user: Person) -> dict[Key, list[Case]]:
    """The cases of each that are due first."""
    place = Window(
        RowNumber(),
        partition_by=[F("department"), F("assignee")],
        order_by=[F("next_deadline_at").asc(nulls_last=True), F("pk").asc()],
    )
    found: dict[Key, list[Case]] = defaultdict(list)
    rows = _open(user).annotate(place=place).filter(place__lte=SHOWN).select_related("customer")
    for case in rows.order_by("place"):
        found[case.department_id, case.assignee_id].append(case)
    return found
