from django.apps import apps
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models.agent import Agent
from agents.scope import departments_of


class AgentMemoryQuerySet(models.QuerySet["AgentMemory"]):
    def visible_to(self, user: AbstractUser | AnonymousUser) -> "AgentMemoryQuerySet":
        """Memories whose last case the person sees, as with consultations."""
        if departments_of(user) is None:
            return self
        cases = apps.get_model("cases", "Case")._default_manager.all()
        return self.filter(case_number__in=cases.visible_to(user).values("number"))


class AgentMemory(models.Model):
    """What an agent keeps in mind about somebody who writes to us, by the address."""

    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.CASCADE, related_name="memories"
    )
    about = models.CharField(_("about"), max_length=200)
    case_number = models.CharField(_("last case"), max_length=30, blank=True, db_index=True)
    facts = models.JSONField(_("facts"), default=dict)
    """Read and written by agents.memory alone."""
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = AgentMemoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("memory")
        verbose_name_plural = _("memories")
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "about"], name="one_memory_of_a_subject")
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.about}"
