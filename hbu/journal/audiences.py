"""Who may hear of what. Apps say whose their subjects are; knows none of them itself."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser

PERMISSIONS = {
    "new_email": "emails.view_email",
    "email_handled": "emails.view_email",
    "quarantine": "emails.view_email",
    "outgoing": "emails.view_outgoingemail",
    "case": "cases.view_case",
    "task": "cases.view_task",
    "order": "orders.view_order",
    "system_status": "emails.view_mailbox",
    "kpi_update": "kpis.view_snapshot",
    "agent": "agents.view_agent",
    "alert": "kpis.watch_house",
}
"""By the name under which pages hear of it."""
OF_THE_HOUSE = {"orders.order", "emails.mailbox", "agents.agent", "kpis.alert"}
"""Seen by permission alone, whatever the department."""


@dataclass(frozen=True, slots=True)
class Audience:
    departments: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()
    """Who hears of it beside the departments."""


Resolver = Callable[[Collection[int]], Mapping[int, Audience]]
_resolvers: dict[str, Resolver] = {}
_scopes: list[Callable[[AbstractUser], Collection[int] | None]] = []


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody at an open page: what he or she may hear of."""

    user: int
    permissions: frozenset[str] = frozenset()
    departments: frozenset[int] | None = frozenset()
    """None means all of them."""

    def hears(self, frame: Mapping[str, Any]) -> bool:
        """Tell whether the frame is for this person; one that does not say for whom is for nobody."""
        to = frame.get("to")
        if to is None:
            return False
        if not to["may"]:
            return self.user in to["users"]
        if to["may"] not in self.permissions:
            return False
        if to["in"] is None or self.departments is None or self.user in to["users"]:
            return True
        return not self.departments.isdisjoint(to["in"])


def audience(subject_type: str) -> Callable[[Resolver], Resolver]:
    """Register who may hear of subjects of a type, by their numbers; asked once for many."""

    def register(resolver: Resolver) -> Resolver:
        _resolvers[subject_type] = resolver
        return resolver

    return register


def scope(read: Callable[[AbstractUser], Collection[int] | None]) -> None:
    """Register how the departments of a person are read; None means all of them."""
    _scopes[:] = [read]


def listener(user: AbstractUser) -> Listener:
    found = _scopes[0](user) if _scopes else ()
    return Listener(
        user.pk,
        frozenset(one for one in set(PERMISSIONS.values()) if user.has_perm(one)),
        None if found is None else frozenset(found),
    )


def addressed(type_: str, subject_type: str, ids: Collection[int]) -> Iterable[dict[str, Any]]:
    """Yield a frame for each subject, with those it is for; one question for all of them."""
    may = PERMISSIONS[type_]
    if subject_type in OF_THE_HOUSE:
        yield from (for_the_house(type_, one) for one in ids)
        return
    resolver = _resolvers.get(subject_type)
    known = resolver(ids) if resolver else {}
    for one in ids:
        to = known.get(one, Audience())
        yield {"type": type_, "id": one, "to": _to(may, to.departments, to.users)}


def for_the_house(type_: str, id_: int) -> dict[str, Any]:
    """Return a frame for everybody who may hear of its type."""
    return {"type": type_, "id": id_, "to": _to(PERMISSIONS[type_], None, ())}


def whispered(users: Collection[int], type_: str, id_: int) -> dict[str, Any]:
    """Return a frame for these people and nobody else."""
    return {"type": type_, "id": id_, "to": _to("", (), users)}


def _to(may: str, departments: Collection[int] | None, users: Collection[int]) -> dict[str, Any]:
    return {
        "may": may,
        "in": None if departments is None else sorted(departments),
        "users": sorted(users),
    }
