"""Whose work a person sees: the one answer for lists, search, counts, exports, sockets and the API."""

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Q

from agents.models.department import Department

ALL_DEPARTMENTS = "agents.see_all_departments"


def departments_of(user: AbstractUser | AnonymousUser) -> frozenset[int] | None:
    """Return the departments whose work the person sees; None means all of them.

    Read once for a user object, which lives as long as a request.
    """
    if not hasattr(user, "_departments"):
        user._departments = _read(user)  # type: ignore[union-attr] # kept on the request's user
    found: frozenset[int] | None = user._departments  # type: ignore[union-attr]
    return found


def _read(user: AbstractUser | AnonymousUser) -> frozenset[int] | None:
    if user.has_perm(ALL_DEPARTMENTS):
        return None
    if not (user.is_active and user.is_authenticated):
        return frozenset()
    return frozenset(Department.objects.filter(members=user.pk).values_list("pk", flat=True))


def key_of(user: AbstractUser | AnonymousUser) -> int:
    """Return the person's key; 0, which nobody has, for who may not be at work.

    None would find what belongs to nobody.
    """
    return user.pk or 0 if user.is_active else 0


def of_mail(user: AbstractUser | AnonymousUser, path: str = "") -> Q | None:
    """Return what narrows rows to those whose mail the person may read; None means no narrowing.

    A mail belongs to its department, or to the mailbox's before it was routed, and to its case.
    `path` leads to the mail, for example "answers__". The names are spelled out, because what they
    name stands on a higher row of the house; all lead to one row each, so nothing is found twice.
    """
    departments = departments_of(user)
    if departments is None:
        return None
    case = f"{path}link__case__"
    ours = Q(**{f"{path}department__in": departments})
    unrouted = {f"{path}department": None, f"{path}mailbox__department__in": departments}
    return ours | Q(**unrouted) | of_case(user, case)


def of_case(user: AbstractUser | AnonymousUser, path: str) -> Q:
    """The same for the case at the path, of somebody who does not see all departments."""
    theirs = Q(**{f"{path}assignee__user": key_of(user)})
    if key_of(user):
        theirs |= Q(**{f"{path}pk__in": user.followed.values("pk")})  # type: ignore[union-attr] # of cases
    return Q(**{f"{path}department__in": departments_of(user)}) | theirs
