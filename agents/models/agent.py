from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models.department import Department


class AgentQuerySet(models.QuerySet["Agent"]):
    def software(self) -> "AgentQuerySet":
        return self.filter(kind=Agent.Kind.SOFTWARE, is_active=True)


class Agent(models.Model):
    """Whoever does work, human or software; always a user, so rights need no special case."""

    class Kind(models.TextChoices):
        HUMAN = "human", _("person")
        SOFTWARE = "software", _("software")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="agent",
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    role = models.CharField(
        _("role"), max_length=30, blank=True, help_text=_("For software: which role it plays.")
    )
    departments = models.ManyToManyField(
        Department, verbose_name=_("serves"), blank=True, related_name="agents"
    )
    is_active = models.BooleanField(_("at work"), default=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
