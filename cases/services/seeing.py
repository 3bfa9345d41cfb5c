"""Who may see which cases: `Case.objects.visible_to`, for many people and cases at once."""

from collections.abc import Collection

from django.contrib.auth.models import User

from agents.models import Department
from agents.scope import ALL_DEPARTMENTS
from cases.models import Case

BACKEND = "django.contrib.auth.backends.ModelBackend"


def pairs(users: Collection[int], cases: Collection[int]) -> set[tuple[int, int]]:
    """Return which of the users see which of the cases; always with the same few queries."""
    if not users or not cases:
        return set()
    everything = User.objects.with_perm(ALL_DEPARTMENTS, backend=BACKEND).filter(pk__in=users)
    seen = {(user, case) for user in everything.values_list("pk", flat=True) for case in cases}
    members: dict[int, set[int]] = {}
    rows = Department.members.through.objects.filter(user__in=users, user__is_active=True)
    for user, department in rows.values_list("user_id", "department_id"):
        members.setdefault(department, set()).add(user)
    about = Case.objects.filter(pk__in=cases).values_list("pk", "department_id", "assignee__user")
    for case, department, assignee in about:
        seen |= {(user, case) for user in members.get(department, ())}
        if assignee in users:
            seen.add((assignee, case))
    following = Case.followers.through.objects.filter(case__in=cases, user__in=users)
    return seen | set(following.values_list("user_id", "case_id"))
