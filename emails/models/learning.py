from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from agents.models import Department
from agents.scope import of_mail
from emails.labels import KIND_LABELS
from emails.models.email import Email


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def of_kind(self) -> "CorrectionQuerySet":
        """Those from which the model learns."""
        return self.exclude(kind=F("said_kind"))

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "CorrectionQuerySet":
        ours = of_mail(user, "email__")
        return self if ours is None else self.filter(ours)


class Correction(models.Model):
    """What we made of a mail, and what staff say it is; the latest of a mail counts."""

    email = models.ForeignKey(
        Email, verbose_name=_("mail"), on_delete=models.CASCADE, related_name="corrections"
    )
    said_kind = models.CharField(_("we said"), max_length=20, choices=KIND_LABELS.items())
    kind = models.CharField(_("staff say"), max_length=20, choices=KIND_LABELS.items())
    said_department = models.ForeignKey(
        Department,
        verbose_name=_("it was with"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("it belongs to"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    followed_at = models.DateTimeField(null=True, editable=False)
    """When the case of the mail went with it, if it has one."""

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["at"], condition=Q(followed_at=None), name="correction_unfollowed")
        ]

    def __str__(self) -> str:
        return f"{self.get_said_kind_display()} → {self.get_kind_display()}"

    @property
    def is_of_kind(self) -> bool:
        return self.kind != self.said_kind

    @property
    def is_of_department(self) -> bool:
        return self.department_id != self.said_department_id


class LearnedModelQuerySet(models.QuerySet["LearnedModel"]):
    def in_force(self) -> "LearnedModelQuerySet":
        return self.filter(state=LearnedModel.State.IN_FORCE)


class LearnedModel(models.Model):
    """Words weighed by lessons, beside what it scored on corrections that it had not seen."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        IN_FORCE = "in_force", _("in force")
        RETIRED = "retired", _("retired")

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.CANDIDATE
    )
    trained_at = models.DateTimeField(_("trained at"), default=timezone.now)
    lessons = models.PositiveIntegerField(_("lessons"))
    held_back = models.PositiveIntegerField(_("corrections it was judged by"))
    rules_right = models.PositiveIntegerField(_("the rules alone were right"))
    model_right = models.PositiveIntegerField(_("the model alone was right"))
    both_right = models.PositiveIntegerField(_("rules and model together were right"))
    by_kind = models.JSONField(_("by kind"), default=dict)
    confusion = models.JSONField(_("mistaken for"), default=list)
    weights = models.JSONField(default=dict, editable=False)
    switched_on_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("switched on by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    switched_on_at = models.DateTimeField(_("switched on at"), null=True, blank=True)

    objects = LearnedModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("learned model")
        verbose_name_plural = _("learned models")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="in_force"),
                name="one_model_in_force",
                violation_error_message=_("Another model is in force."),
            ),
            models.CheckConstraint(
                condition=Q(both_right__lte=F("held_back")), name="model_right_within_held_back"
            ),
        ]

    def __str__(self) -> str:
        return pgettext("of the learned model", "Version %(number)d") % {"number": self.version}

    @property
    def rules_share(self) -> float:
        return self.rules_right / self.held_back if self.held_back else 0.0

    @property
    def both_share(self) -> float:
        return self.both_right / self.held_back if self.held_back else 0.0
