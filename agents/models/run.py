from django.apps import apps
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models.agent import Agent
from agents.scope import departments_of


class AgentRunQuerySet(models.QuerySet["AgentRun"]):
    def failed(self) -> "AgentRunQuerySet":
        return self.exclude(error="")

    def corrected(self) -> "AgentRunQuerySet":
        return self.filter(error="").exclude(corrected_at=None)

    def well(self) -> "AgentRunQuerySet":
        """Without an error, and nobody changed what was proposed."""
        return self.filter(error="", corrected_at=None)

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "AgentRunQuerySet":
        """Consultations on cases that the person sees. A run knows its case by the number alone."""
        if departments_of(user) is None:
            return self
        cases = apps.get_model("cases", "Case")._default_manager.all()
        return self.filter(case_number__in=cases.visible_to(user).values("number"))


class AgentRun(models.Model):
    """One consultation: what the agent was shown, what it proposed, how long it took."""

    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="runs"
    )
    case_number = models.CharField(_("case"), max_length=30, db_index=True)
    mail = models.PositiveBigIntegerField(_("mail"), null=True, db_index=True, editable=False)
    """Its number; mails live on a higher row of the house."""
    at = models.DateTimeField(_("at"), default=timezone.now)
    brief = models.JSONField(_("shown"), default=dict)
    outcome = models.JSONField(_("proposed"), default=dict)
    seconds = models.FloatField(_("seconds"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    corrected_at = models.DateTimeField(_("changed by a person"), null=True)
    """Somebody took its answer back, or said that the mail is something else."""

    objects = AgentRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-id"]
        # Holds all that the figures of agents ask, so that what was shown need not be read.
        indexes = [
            models.Index(
                fields=["agent", "at", "seconds", "error", "corrected_at"], name="run_of_agent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} · {self.case_number}"
