"""What is kept of figures: a value a day, what it should be, what the house recommends and warns of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.models import Department


class Snapshot(models.Model):
    """What a figure is made of on one day, of one department or of the whole house.

    A figure of a longer time is made of the sums: percentages of days are never averaged.
    """

    kpi = models.CharField(_("figure"), max_length=40)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        on_delete=models.CASCADE,
        related_name="snapshots",
        help_text=_("Empty: the whole house."),
    )
    day = models.DateField(_("day"))
    part = models.FloatField(_("part"), default=0)
    """What is divided, or the sum itself."""
    whole = models.FloatField(_("of"), default=0)
    """By what it is divided: how many rows, where it is a mean or a share."""
    made_at = models.DateTimeField(_("counted at"), default=timezone.now)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-day", "kpi"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "day", "department"], name="one_snapshot_of_a_department"
            ),
            models.UniqueConstraint(
                fields=["kpi", "day"],
                condition=Q(department=None),
                name="one_snapshot_of_the_house",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.day}"


class Target(models.Model):
    """What a figure should be; from `kpis:` in company.yaml, changed by staff."""

    kpi = models.CharField(_("figure"), max_length=40)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="targets",
        help_text=_("Empty: the whole house, and departments without a target of their own."),
    )
    value = models.FloatField(_("target"))

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["kpi", "department_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "department"], name="one_target_of_a_department"
            ),
            models.UniqueConstraint(
                fields=["kpi"], condition=Q(department=None), name="one_target_of_the_house"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.value:g}"


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def open(self) -> "RecommendationQuerySet":
        return self.filter(state=Recommendation.State.OPEN)


class Recommendation(models.Model):
    """What the rows suggest should be done; found by a rule that can be read, settled by a person."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("recommendation", "open")
        DONE = "done", pgettext_lazy("recommendation", "done")
        DISMISSED = "dismissed", pgettext_lazy("recommendation", "dismissed")
        GONE = "gone", pgettext_lazy("recommendation", "no longer so")

    class Priority(models.IntegerChoices):
        HIGH = 1, pgettext_lazy("recommendation", "high")
        MEDIUM = 2, pgettext_lazy("recommendation", "medium")
        LOW = 3, pgettext_lazy("recommendation", "low")

    class Effort(models.TextChoices):
        MINUTES = "minutes", _("minutes")
        HOURS = "hours", _("hours")
        DAYS = "days", _("days")

    rule = models.CharField(_("rule"), max_length=40)
    about = models.CharField(_("about"), max_length=80)
    """What it is about, in a word that stays the same: "sales", "rule:12"."""
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        on_delete=models.CASCADE,
        related_name="recommendations",
    )
    facts = models.JSONField(_("facts"), default=dict)
    """The figures that speak for it, as its words need them."""
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    impact = models.FloatField(_("expected impact"), default=0)
    effort = models.CharField(_("effort"), max_length=8, choices=Effort.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    seen_at = models.DateTimeField(_("last confirmed"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["priority", "-impact", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "about"],
                condition=Q(state="open"),
                name="one_open_recommendation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.about}"


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> "AlertQuerySet":
        return self.filter(ended_at=None)


class Alert(models.Model):
    """A measure of the house passed its threshold; ends by itself when it is back within."""

    measure = models.CharField(_("measure"), max_length=40)
    about = models.CharField(_("about"), max_length=80, blank=True)
    value = models.FloatField(_("value"))
    threshold = models.FloatField(_("threshold"))
    worst = models.FloatField(_("worst value"))
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("seen by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-began_at"]
        permissions = [("watch_house", _("Can watch the house: measures, alerts and the log"))]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "about"], condition=Q(ended_at=None), name="one_open_alert"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.about}".strip()
