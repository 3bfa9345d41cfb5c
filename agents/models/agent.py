from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agents.models.department import Department


class AgentQuerySet(models.QuerySet["Agent"]):
    def software(self) -> "AgentQuerySet":
        return self.filter(kind=Agent.Kind.SOFTWARE, is_active=True)


class Agent(models.Model):
    """Whoever does work, human or software; always a user, so rights need no special case."""

    class Kind(models.TextChoices):
        HUMAN = "human", _("person")
        SOFTWARE = "software", _("software")

    class State(models.TextChoices):
        """What software does with what waits for it."""

        WORKING = "working", pgettext_lazy("agent", "working")
        PAUSED = "paused", pgettext_lazy("agent", "paused")
        """What waits for it goes on waiting."""
        DRAINING = "draining", pgettext_lazy("agent", "draining")
        """It works off what waits; what is new goes to a person."""

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
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State.choices,
        default=State.WORKING,
        help_text=_("For software: whether it takes what waits for it."),
    )
    state_at = models.DateTimeField(_("in this state since"), null=True, editable=False)
    instances = models.PositiveSmallIntegerField(
        _("instances"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("For software: how many of it may work at the same time."),
    )

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering = ["name"]
        permissions = [("run_agent", _("Can start, pause and drain agents"))]

    def __str__(self) -> str:
        return self.name
