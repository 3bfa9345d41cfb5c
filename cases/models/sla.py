from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases import facts
from emails.labels import PRIORITY_LABELS
from hbu.lib import conditions
from hbu.lib.telling import told


def validate_condition(condition: Any) -> None:
    """Refuse what is no condition about a case; an empty one is asked nothing."""
    if not condition:
        return
    problems = conditions.validate(condition, facts.FIELDS)
    if problems:
        raise ValidationError([told(problem) for problem in problems])


class SLAPolicy(models.Model):
    """How fast we promise to be, in minutes of our opening hours.

    The first policy in force whose condition holds wins; a routing rule that names one goes before.
    One without a condition holds where it is named, and "standard" wherever nothing else does.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    position = models.PositiveIntegerField(_("position"), default=100)
    name_de = models.CharField(_("name (German)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    condition = models.JSONField(
        _("condition"), default=dict, blank=True, validators=[validate_condition]
    )
    is_active = models.BooleanField(_("in force"), default=True)
    first_response_minutes = models.PositiveIntegerField(_("first answer within (minutes)"))
    update_minutes = models.PositiveIntegerField(
        _("later answers within (minutes)"),
        null=True,
        blank=True,
        help_text=_("From the customer's last mail. Empty: no promise."),
    )
    resolution_minutes = models.PositiveIntegerField(_("solution within (minutes)"))

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")
        ordering = ["position", "first_response_minutes", "pk"]

    def __str__(self) -> str:
        return self.name_de if (get_language() or "en").startswith("de") else self.name_en

    def clean(self) -> None:
        # Either is None where the form could not read it.
        minutes = (self.first_response_minutes, self.resolution_minutes)
        if None not in minutes and minutes[1] < minutes[0]:
            raise ValidationError(
                {"resolution_minutes": _("A solution cannot be due before the first answer.")}
            )


class EscalationStep(models.Model):
    """Who hears of it when so much of the promised time is used up. 100 is the deadline."""

    class Whom(models.TextChoices):
        ASSIGNEE = "assignee", _("who works on it, else the department")
        DEPARTMENT = "department", _("everybody in the department")
        LEADS = "leads", _("the department's team leads")
        PERSON = "person", _("a person")

    policy = models.ForeignKey(
        SLAPolicy, verbose_name=_("SLA"), on_delete=models.CASCADE, related_name="steps"
    )
    percent = models.PositiveSmallIntegerField(_("at percent of the time"))
    whom = models.CharField(_("tell"), max_length=10, choices=Whom.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    priority = models.CharField(
        _("raise the priority to"), max_length=10, choices=PRIORITY_LABELS.items(), blank=True
    )

    class Meta:
        verbose_name = _("step of the escalation")
        verbose_name_plural = _("escalation")
        ordering = ["percent", "pk"]

    def __str__(self) -> str:
        return f"{self.percent} %: {self.get_whom_display()}"

    def clean(self) -> None:
        if self.whom == self.Whom.PERSON and self.person_id is None:
            raise ValidationError({"person": _("Name the person who is told.")})


class SLAMark(models.Model):
    """A clock of a case reached so much of its time; told once for each clock and level.

    `since` is when the clock began: the update clock begins anew with each mail of the customer.
    """

    class Clock(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("first answer")
        UPDATE = "update", _("next answer")
        RESOLUTION = "resolution", _("solution")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="sla_marks")
    clock = models.CharField(_("clock"), max_length=14, choices=Clock.choices)
    percent = models.PositiveSmallIntegerField(_("percent"))
    since = models.DateTimeField(_("since"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("SLA mark")
        verbose_name_plural = _("SLA marks")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock", "percent", "since"], name="a_level_is_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} {self.percent} %"


class SLAResultQuerySet(models.QuerySet["SLAResult"]):
    def visible_to(self, user: AbstractUser | AnonymousUser) -> "SLAResultQuerySet":
        """Results of the cases that a person sees."""
        cases: Any = self.model._meta.get_field("case").related_model
        return self.filter(case__in=cases.objects.visible_to(user))


class SLAResult(models.Model):
    """How a clock of a case ended: in how many minutes of open time, and whether that was in time.

    The reports count these rows; `update` has one for each answer.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="sla_results")
    clock = models.CharField(_("clock"), max_length=14, choices=SLAMark.Clock.choices)
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended"))
    minutes = models.FloatField(_("minutes of open time"))
    promised_minutes = models.PositiveIntegerField(_("promised minutes"))
    kept = models.BooleanField(_("kept"))

    objects = SLAResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("SLA result")
        verbose_name_plural = _("SLA results")
        ordering = ["-ended_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "clock", "since"], name="a_clock_ends_once")
        ]
        indexes = [models.Index(fields=["ended_at"], name="sla_result_ended")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} {self.minutes:.0f} min"
