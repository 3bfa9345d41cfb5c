"""Routing rules are changed here only, so that every mail's trace names a version that is kept."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from emails.models import RoutingRule, RuleVersion
from hbu.journal.recording import record

CONTENT = (
    "position", "name", "note", "condition", "department", "sla", "priority", "stop", "is_active",
)  # fmt: skip


def save(rule: RoutingRule, *, by: AbstractBaseUser | None) -> None:
    """Write the rule as its next version; how often it hit is left alone."""
    with transaction.atomic():
        if rule.pk is None:
            rule.version = 1
            rule.save()
        else:
            held = RoutingRule.objects.select_for_update().get(pk=rule.pk)
            rule.version = held.version + 1
            rule.save(update_fields=[*CONTENT, "version"])
        _keep(rule, by)
        record("rule.changed", rule, actor=by, name=rule.name, version=rule.version)


def _keep(rule: RoutingRule, by: AbstractBaseUser | None) -> None:
    RuleVersion.objects.create(
        rule=rule, version=rule.version, content=content(rule), by_id=by.pk if by else None
    )


def content(rule: RoutingRule) -> dict[str, Any]:
    said = {name: getattr(rule, name) for name in CONTENT if name != "department"}
    return {**said, "department": rule.department.code if rule.department else ""}
