from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Department
from agents.scope import departments_of, key_of
from cases.models.case import Case
from emails.labels import PRIORITY_LABELS


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> "TaskQuerySet":
        return self.filter(status__in=[Task.Status.NEW, Task.Status.IN_PROGRESS])

    def late(self, now: datetime) -> "TaskQuerySet":
        return self.open().filter(due_at__lt=now)

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "TaskQuerySet":
        """Steps of the person's departments, the person's own, and those of cases he or she sees."""
        departments = departments_of(user)
        if departments is None:
            return self
        ours = Q(department__in=departments) | Q(assignee__user=key_of(user))
        return self.filter(ours | Q(case__in=Case.objects.visible_to(user)))


class Task(models.Model):
    """A step that somebody owes."""

    class Status(models.TextChoices):
        NEW = "new", _("new")
        IN_PROGRESS = "in_progress", _("in progress")
        RESOLVED = "resolved", _("resolved")
        CLOSED = "closed", _("closed")

    number = models.CharField(_("number"), max_length=30, unique=True)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="tasks"
    )
    title = models.CharField(_("what is to do"), max_length=200)
    reason = models.CharField(_("why"), max_length=500, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.NEW
    )
    priority = models.CharField(
        _("priority"), max_length=10, choices=PRIORITY_LABELS.items(), default="normal"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="tasks"
    )
    assignee = models.ForeignKey(
        Agent,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tasks",
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "-id"], name="task_status"),
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["new", "in_progress"], due_at__isnull=False),
                name="task_due",
            ),
        ]

    def __str__(self) -> str:
        return gettext(self.title)
