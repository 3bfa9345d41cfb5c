"""Workflow rules and macros of a company file; loaded last, for they name all the rest."""

from collections.abc import Sequence
from typing import Any

from agents.models import Department
from cases import actions, facts
from cases.models import Macro, WorkflowRule
from cases.services import choices, rules
from hbu.company.entries import CompanyFile
from hbu.lib import conditions
from hbu.lib.errors import DomainError


def load(file: CompanyFile) -> None:
    """Rules that say something new become a new version, as if a person had saved them.

    Raises DomainError for an action that names what there is not.
    """
    known = choices.of_actions() if file.workflows or file.macros else {}
    _rules(file, known)
    _macros(file, known)


def _rules(file: CompanyFile, known: choices.Named) -> None:
    there = {rule.name: rule for rule in WorkflowRule.objects.all()}
    for position, one in enumerate(file.workflows, start=1):
        _refuse(one.name, one.condition, one.actions, known)
        rule = there.get(one.name) or WorkflowRule(name=one.name)
        before = rules.content(rule)
        rule.position = position * 10
        rule.note, rule.trigger, rule.since, rule.hours = (
            one.note,
            one.trigger,
            one.since,
            one.hours,
        )
        rule.condition, rule.actions, rule.stop = one.condition, one.actions, one.stop
        if rule.pk is None or rules.content(rule) != before:
            rules.save(rule, by=None)


def _macros(file: CompanyFile, known: choices.Named) -> None:
    for position, one in enumerate(file.macros, start=1):
        _refuse(one.name, {}, one.actions, known)
        macro, _ = Macro.objects.update_or_create(
            name=one.name,
            defaults={"note": one.note, "actions": one.actions, "position": position * 10},
        )
        macro.departments.set(Department.objects.filter(code__in=one.departments))


def _refuse(
    name: str, condition: dict[str, Any], given: Sequence[dict[str, Any]], known: choices.Named
) -> None:
    problems = actions.validate(given, known)
    if condition:
        problems += conditions.validate(condition, facts.FIELDS)
    if problems:
        raise DomainError("company_file.workflow", f"{name}: {'; '.join(problems)}", status=422)
