"""Workflow rules are changed here only, so that every run names a version that is kept."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cases import actions
from cases.models import WorkflowRule, WorkflowVersion
from cases.services import choices
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

CONTENT = (
    "position", "name", "note", "trigger", "since", "hours", "condition", "actions", "stop",
    "is_active",
)  # fmt: skip


def save(rule: WorkflowRule, *, by: AbstractBaseUser | None, restored: int | None = None) -> None:
    """Write the rule as its next version; how often it hit is left alone."""
    with transaction.atomic():
        if rule.pk is None:
            rule.version = 1
            rule.save()
        else:
            held = WorkflowRule.objects.select_for_update().get(pk=rule.pk)
            rule.version = held.version + 1
            rule.save(update_fields=[*CONTENT, "version"])
        WorkflowVersion.objects.create(
            rule=rule, version=rule.version, content=content(rule), by_id=by.pk if by else None
        )
        told = {"restored": restored} if restored else {}
        record("workflow.changed", rule, actor=by, name=rule.name, version=rule.version, **told)


def content(rule: WorkflowRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in CONTENT}


def restore(version: WorkflowVersion, *, by: AbstractBaseUser | None) -> None:
    """Let the rule say again what it said then, as a new version. Raises DomainError."""
    rule = WorkflowRule.objects.get(pk=version.rule_id)
    if rule.version == version.version:
        raise DomainError("rule.current", N_("The rule says this already."))
    for name in CONTENT:
        if name in version.content:
            setattr(rule, name, version.content[name])
    if actions.validate(rule.actions, choices.of_actions()):
        raise DomainError(
            "rule.out_of_date", N_("This version names a department, person or text that is gone.")
        )
    if WorkflowRule.objects.filter(name=rule.name).exclude(pk=rule.pk).exists():
        raise DomainError("rule.name_taken", N_("Another rule has this name now."))
    save(rule, by=by, restored=version.version)
