"""What the house does by itself when something happens to a case."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from cases.models.case import Case
from cases.models.sla import validate_condition


class WorkflowRule(models.Model):
    """When the trigger fires and the condition holds, the actions are done, in order."""

    class Trigger(models.TextChoices):
        CREATED = "created", _("a case is opened")
        MAIL_RECEIVED = "mail_received", _("a mail joins a case")
        STATUS_CHANGED = "status_changed", _("the status changes")
        ASSIGNED = "assigned", _("a case is assigned")
        SLA_WARNING = "sla_warning", _("the SLA is at risk")
        SLA_BREACH = "sla_breach", _("the SLA is breached")
        ORDER_CHANGED = "order_changed", _("an order of the case changes")
        RATED = "rated", _("the customer rates us")
        TIME_SINCE = "time_since", _("so many hours have passed")

    class Since(models.TextChoices):
        OPENED = "opened_at", _("since it was opened")
        STATUS = "status", _("since the status changed")
        CUSTOMER_WROTE = "customer_wrote_at", _("since the customer wrote")
        ANSWERED = "answered_at", _("since we answered")

    position = models.PositiveIntegerField(_("position"), default=100, db_index=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    note = models.TextField(_("note"), blank=True)
    trigger = models.CharField(_("when"), max_length=16, choices=Trigger.choices)
    since = models.CharField(
        _("counted"), max_length=20, choices=Since.choices, default=Since.STATUS
    )
    hours = models.FloatField(
        _("hours"), default=24, validators=[MinValueValidator(0.1)],
        help_text=_("Only where so many hours have passed is the trigger."),
    )  # fmt: skip
    condition = models.JSONField(
        _("condition"), default=dict, blank=True, validators=[validate_condition]
    )
    actions = models.JSONField(_("actions"), default=list)
    stop = models.BooleanField(_("stop here"), default=False)
    is_active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    hits = models.PositiveBigIntegerField(_("hits"), default=0, editable=False)
    last_hit_at = models.DateTimeField(_("last hit"), null=True, editable=False)

    class Meta:
        verbose_name = _("workflow rule")
        verbose_name_plural = _("workflow rules")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class WorkflowVersion(models.Model):
    """What a workflow rule said at a time; its runs name the version that acted."""

    rule = models.ForeignKey(
        WorkflowRule, verbose_name=_("rule"), on_delete=models.CASCADE, related_name="versions"
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
        verbose_name = _("version of a workflow rule")
        verbose_name_plural = _("versions of workflow rules")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "version"], name="one_row_per_workflow_version")
        ]

    def __str__(self) -> str:
        return f"{self.rule} v{self.version}"


class RuleRunQuerySet(models.QuerySet["RuleRun"]):
    def failed_by_rule(self) -> dict[int, int]:
        """Return how many runs of each rule wait for somebody to try them again."""
        failed = self.filter(outcome=RuleRun.Outcome.FAILED).order_by().values("rule")
        return dict(failed.annotate(number=models.Count("pk")).values_list("rule", "number"))


class RuleRun(models.Model):
    """What a workflow rule did for a case, once for each cause, and what came of it."""

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        MISSED = "missed", _("condition did not hold")
        TOO_DEEP = "too_deep", _("stopped: rules set each other off")

    rule = models.ForeignKey(
        WorkflowRule, verbose_name=_("rule"), on_delete=models.CASCADE, related_name="runs"
    )
    version = models.PositiveIntegerField(_("version"))
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="rule_runs"
    )
    cause = models.CharField(_("cause"), max_length=60)
    """`event:12`, or for rules of time `time:<moment from which it was counted>`."""
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    checks = models.JSONField(_("what was looked at"), default=list)
    results = models.JSONField(_("what was done"), default=list)
    error = models.CharField(_("error"), max_length=500, blank=True)
    seconds = models.FloatField(_("seconds"), default=0)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = RuleRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a workflow rule")
        verbose_name_plural = _("runs of workflow rules")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "case", "cause"], name="a_rule_acts_once_for_a_cause"
            )
        ]
        indexes = [models.Index(fields=["rule", "outcome", "at"], name="rule_run_outcome")]

    def __str__(self) -> str:
        return f"{self.rule} · {self.case_id} · {self.get_outcome_display()}"


class Macro(models.Model):
    """Actions that a person sets off with one click; it may also write the answer."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    departments = models.ManyToManyField(
        Department,
        verbose_name=_("for departments"),
        blank=True,
        help_text=_("None: for everybody."),
        related_name="macros",
    )
    actions = models.JSONField(_("actions"), default=list)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class WebhookCall(models.Model):
    """A program outside that is told of a case: ids only, signed, tried again until it answers."""

    class State(models.TextChoices):
        WAITS = "waits", _("waits")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    cause = models.CharField(_("cause"), max_length=80, unique=True)
    """`rule:<run>:<place of the action>`; the same cause is never told twice."""
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="webhook_calls"
    )
    by = models.CharField(_("set off by"), max_length=120)
    """The name of the rule or macro."""
    url = models.CharField(_("address"), max_length=500)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITS)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)

    class Meta:
        verbose_name = _("webhook call")
        verbose_name_plural = _("webhook calls")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="waits"), name="webhook_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.url} {self.get_state_display()}"
