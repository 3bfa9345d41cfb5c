from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models.agent import Agent


class AgentRun(models.Model):
    """One consultation: what the agent was shown, what it proposed, how long it took."""

    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="runs"
    )
    case_number = models.CharField(_("case"), max_length=30, db_index=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    brief = models.JSONField(_("shown"), default=dict)
    outcome = models.JSONField(_("proposed"), default=dict)
    seconds = models.FloatField(_("seconds"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.agent} · {self.case_number}"
