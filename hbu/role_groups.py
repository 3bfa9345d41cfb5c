"""The roles as groups of users, as the table says."""

from collections import defaultdict
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from hbu.roles import CODES, ROLES, permissions_of


def after_migrating(sender: AppConfig, **_signal: Any) -> None:
    # This may be called before Django itself has made the permissions of the app.
    create_permissions(sender, verbosity=0)
    sync()


def sync() -> None:
    """Give each role's group exactly the permissions of the table; three queries if it has them."""
    with transaction.atomic():
        known = {
            f"{app}.{codename}": pk
            for pk, app, codename in Permission.objects.order_by().values_list(
                "pk", "content_type__app_label", "codename"
            )
        }
        groups = _groups()
        held = _held()
        for role in ROLES:
            wanted = {known[name] for name in permissions_of(role, known)}
            if wanted != held[role.code]:
                # Set as rows: the signals of changed rights are for what people change.
                _set(groups[role.code], wanted, held[role.code])


def _groups() -> dict[str, Group]:
    found = {group.name: group for group in Group.objects.filter(name__in=CODES)}
    for code in CODES:
        if code not in found:
            found[code] = Group.objects.create(name=code)
    return found


def _held() -> dict[str, set[int]]:
    held: dict[str, set[int]] = defaultdict(set)
    rows = Group.permissions.through.objects.filter(group__name__in=CODES)
    for name, permission in rows.values_list("group__name", "permission"):
        held[name].add(permission)
    return held


def _set(group: Group, wanted: set[int], held: set[int]) -> None:
    through = Group.permissions.through
    through.objects.filter(group=group, permission__in=held - wanted).delete()
    through.objects.bulk_create(
        through(group=group, permission_id=one) for one in sorted(wanted - held)
    )
