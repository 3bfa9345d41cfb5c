"""What happened, in the order it happened. Rows are added, never changed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, subject: models.Model) -> "EventQuerySet":
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def delete(self) -> Any:
        raise DomainError("journal.append_only", N_("The journal is never shortened."))

    def update(self, **_kwargs: Any) -> int:
        raise DomainError("journal.append_only", N_("The journal is never rewritten."))


class Event(models.Model):
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    kind = models.CharField(_("what happened"), max_length=60, editable=False)
    subject_type = models.CharField(
        pgettext_lazy("journal", "subject"), max_length=60, editable=False
    )
    subject_id = models.BigIntegerField(_("subject number"), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    ip = models.GenericIPAddressField(_("from where"), null=True, editable=False)
    """Where the person sat; None for what the house does by itself."""
    data = models.JSONField(_("details"), default=dict, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        permissions = [("export_lists", "Can take lists along as files")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["kind", "at"], name="event_kind"),
            models.Index(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise DomainError("journal.append_only", N_("The journal is never rewritten."))
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        raise DomainError("journal.append_only", N_("The journal is never shortened."))


class Seal(models.Model):
    """One link of the chain over the journal: what an event said, hashed with the link before it.

    Events are sealed in the order in which they are found, a few seconds after their commit: no
    transaction waits for another one's seal.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="seal")
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.hash[:12]}"


class Cursor(models.Model):
    """How far a reader of the journal has come: it saw every event up to this one."""

    name = models.CharField(max_length=40, primary_key=True)
    event_id = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("cursor")
        verbose_name_plural = _("cursors")

    def __str__(self) -> str:
        return f"{self.name}: {self.event_id}"
