"""Who hears of cases and tasks at open pages: whoever sees them (`visible_to`), by their numbers."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from cases.models import Case, Task
from hbu.journal.audiences import Audience, audience

OF_A_CASE = ("department", "assignee__user", "followers")


@audience("cases.case")
def of_cases(ids: Collection[int]) -> Mapping[int, Audience]:
    rows = Case.objects.filter(pk__in=ids).order_by().values_list("pk", *OF_A_CASE)
    return _gathered((pk, (department,), people) for pk, department, *people in rows)


@audience("cases.task")
def of_tasks(ids: Collection[int]) -> Mapping[int, Audience]:
    names = ("department", "assignee__user", *(f"case__{name}" for name in OF_A_CASE))
    rows = Task.objects.filter(pk__in=ids).order_by().values_list("pk", *names)
    return _gathered(
        (pk, (own, of_case), (assignee, *people)) for pk, own, assignee, of_case, *people in rows
    )


def _gathered(rows: Any) -> Mapping[int, Audience]:
    departments: dict[int, set[int]] = defaultdict(set)
    users: dict[int, set[int]] = defaultdict(set)
    for pk, theirs, people in rows:
        departments[pk].update(theirs)
        users[pk].update(one for one in people if one is not None)
    return {
        pk: Audience(frozenset(found), frozenset(users[pk])) for pk, found in departments.items()
    }
