from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.scope import of_mail
from emails.models.email import Email


class ReplayQuerySet(models.QuerySet["Replay"]):
    def due(self, now: datetime) -> "ReplayQuerySet":
        """Those that wait for a worker, oldest first."""
        unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(unclaimed, state__in=Replay.WAITING).order_by("pk")


class Replay(models.Model):
    """A stage done again for mails of the past: what it would say today, beside what it said."""

    class State(models.TextChoices):
        COMPARING = "comparing", _("comparing")
        PREPARED = "prepared", _("prepared")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        DROPPED = "dropped", _("dropped")

    WAITING = (State.COMPARING, State.APPLYING)

    stage = models.CharField(_("step"), max_length=20)
    since = models.DateTimeField(_("mails since"), null=True, blank=True)
    emails = models.JSONField(_("chosen mails"), default=list, editable=False)
    """Their keys; empty means all since the moment above."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.COMPARING, editable=False
    )
    total = models.PositiveIntegerField(_("mails"), default=0, editable=False)
    done = models.PositiveIntegerField(_("compared"), default=0, editable=False)
    cursor = models.BigIntegerField(default=0, editable=False)
    """The last mail that was compared; mails go by their keys."""
    claimed_until = models.DateTimeField(null=True, editable=False)

    objects = ReplayQuerySet.as_manager()

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=["comparing", "applying"]),
                name="replay_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class ReplayDifferenceQuerySet(models.QuerySet["ReplayDifference"]):
    def visible_to(self, user: AbstractUser | AnonymousUser) -> "ReplayDifferenceQuerySet":
        ours = of_mail(user, "email__")
        return self if ours is None else self.filter(ours)


class ReplayDifference(models.Model):
    """A mail that a stage would treat differently today."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        APPLIED = "applied", _("applied")
        OUTDATED = "outdated", _("outdated")
        """The mail or what the stage says of it changed since it was shown."""
        FAILED = "failed", _("failed")

    replay = models.ForeignKey(
        Replay, verbose_name=_("replay"), on_delete=models.CASCADE, related_name="differences"
    )
    email = models.ForeignKey(
        Email, verbose_name=_("mail"), on_delete=models.CASCADE, related_name="differences"
    )
    changes = models.JSONField(_("what changes"), default=list)
    """Field, before and after; long texts shortened to where they differ."""
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the whole change, so that only what was shown is applied."""
    error = models.CharField(_("error"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)

    objects = ReplayDifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["replay", "email"], name="one_difference_per_mail")
        ]

    def __str__(self) -> str:
        return f"{self.replay_id} · {self.email_id}"
