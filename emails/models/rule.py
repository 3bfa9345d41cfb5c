from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from emails import data, routing
from emails.labels import PRIORITY_LABELS
from hbu.lib import conditions
from hbu.lib.telling import told


def validate_condition(condition: Any) -> None:
    problems = conditions.validate(condition, routing.FIELDS)
    if problems:
        raise ValidationError([told(problem) for problem in problems])


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def in_force(self) -> "RoutingRuleQuerySet":
        return self.filter(is_active=True).select_related("department").order_by("position", "id")


class RoutingRule(models.Model):
    """If the condition holds, the mail goes there. Rules are asked in order of their position."""

    TOO_SLOW_AFTER = 3
    """Timeouts of one version; a single one may be the fault of a strange mail."""

    position = models.PositiveIntegerField(_("position"), default=100, db_index=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    note = models.TextField(_("note"), blank=True)
    condition = models.JSONField(_("condition"), validators=[validate_condition])
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rules",
    )
    sla = models.CharField(_("SLA"), max_length=30, blank=True)
    priority = models.CharField(
        _("priority"), max_length=10, choices=PRIORITY_LABELS.items(), blank=True
    )
    stop = models.BooleanField(_("stop here"), default=False)
    is_active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    hits = models.PositiveBigIntegerField(_("hits"), default=0, editable=False)
    last_hit_at = models.DateTimeField(_("last hit"), null=True, editable=False)

    problem = models.CharField(_("problem"), max_length=300, blank=True, editable=False)
    problem_at = models.DateTimeField(_("last problem"), null=True, editable=False)
    timeouts = models.PositiveIntegerField(_("timeouts"), default=0, editable=False)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_too_slow(self) -> bool:
        return self.timeouts >= self.TOO_SLOW_AFTER

    def as_data(self) -> data.Rule:
        """Return the rule as the decision sees it; one that is not saved yet has the id 0."""
        return data.Rule(
            id=self.pk or 0,
            name=self.name,
            version=self.version,
            condition=self.condition,
            department=self.department.code if self.department else "",
            sla=self.sla,
            priority=self.priority,
            stop=self.stop,
        )


class RuleVersion(models.Model):
    """What a rule said at a time; the trace of every mail names the version that decided."""

    rule = models.ForeignKey(
        RoutingRule, verbose_name=_("rule"), on_delete=models.CASCADE, related_name="versions"
    )
    version = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("rule version")
        verbose_name_plural = _("rule versions")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "version"], name="one_row_per_rule_version")
        ]

    def __str__(self) -> str:
        return f"{self.rule} v{self.version}"
