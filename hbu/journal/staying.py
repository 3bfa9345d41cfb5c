"""Whether the people at open pages are still who they were: one look for all of them.

What changes with a word is looked at for each at once (`live.doubt`); here is found what changed without.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone


def stands(sessions: Mapping[str, int]) -> dict[str, Hashable]:
    """Return by session what must stay as it is; nothing of one that is over.

    `sessions` are the keys with the person of each.
    """
    rows = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    alive = rows.filter(pk__in=sessions, expire_date__gt=timezone.now())
    users = get_user_model().objects.filter(pk__in=set(sessions.values()))
    fields = ("pk", "password", "is_active", "is_staff", "is_superuser")
    people = {pk: rest for pk, *rest in users.values_list(*fields)}
    groups: dict[int, set[int | None]] = defaultdict(set)
    for pk, group in users.values_list("pk", "groups"):
        groups[pk].add(group)
    return {
        key: (*people.get(sessions[key], ()), frozenset(groups[sessions[key]]))
        for key in alive.values_list("pk", flat=True)
    }
