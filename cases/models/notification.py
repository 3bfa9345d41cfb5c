from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case


class Notice(models.TextChoices):
    """What staff may want to hear of."""

    ASSIGNED = "assigned", _("A case is assigned to me")
    ASSIGNED_TEAM = "assigned_team", _("My department gets a case")
    MENTIONED = "mentioned", _("A colleague mentions me")
    CUSTOMER_WROTE = "customer_wrote", _("The customer writes in my case")
    FOLLOWED = "followed", _("Something happens in a case that I follow")
    TASK = "task", _("A task is given to me")
    SLA_WARNING = "sla_warning", _("The SLA of a case is at risk")
    SLA_BREACH = "sla_breach", _("The SLA of a case is breached")
    SNOOZE_OVER = "snooze_over", _("A case that I put off is back")
    RATED = "rated", _("A customer rates my case")
    BOUNCED = "bounced", _("A letter of mine came back or failed")
    RULE = "rule", _("A workflow rule tells me")
    SYSTEM = "system", _("Something is wrong with the house")


class Notification(models.Model):
    """Something that a person should know; told once for each event."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for"),
        on_delete=models.CASCADE,
        related_name="notifications",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Notice.choices)
    cause = models.CharField(_("cause"), max_length=80)
    """`event:12`; the same person hears of the same cause once."""
    case = models.ForeignKey(
        Case, verbose_name=_("case"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    data = models.JSONField(_("details"), default=dict)
    """What the words are made of, in the reader's language, when they are shown."""
    at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True)
    in_page = models.BooleanField(default=True)
    mail_at = models.DateTimeField(_("to be mailed"), null=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "cause"], name="a_cause_is_told_once")
        ]
        indexes = [
            models.Index(
                fields=["user", "-id"], condition=Q(read_at=None), name="notification_unread"
            ),
            models.Index(
                fields=["mail_at"],
                condition=Q(mail_at__isnull=False, mailed_at=None),
                name="notification_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.get_kind_display()}"


class NotificationPreference(models.Model):
    """How a person wants to hear of a kind; without a row as `cases.notices.DEFAULTS` says."""

    class Mail(models.TextChoices):
        NEVER = "never", _("no mail")
        DIGEST = "digest", _("in the digest")
        AT_ONCE = "at_once", _("at once")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preferences"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Notice.choices)
    in_page = models.BooleanField(_("in the page"), default=True)
    mail = models.CharField(_("by mail"), max_length=8, choices=Mail.choices, default=Mail.NEVER)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_preference_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Quiet(models.Model):
    """When a person is not to be mailed, and when the digest comes; in the house's time zone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet"
    )
    begins = models.TimeField(_("quiet from"), default=time(18))
    ends = models.TimeField(_("until"), default=time(7))
    digest_at = models.TimeField(_("digest at"), default=time(8))
    working_days_only = models.BooleanField(_("on working days only"), default=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("de", _("German")), ("en", _("English"))], blank=True
    )

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"
