from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccessKeyQuerySet(models.QuerySet["AccessKey"]):
    def in_force(self, now: datetime) -> "AccessKeyQuerySet":
        unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(unexpired, revoked_at=None, user__is_active=True, user__is_staff=True)


class AccessKey(models.Model):
    """A program works in the name of a member of staff, with that person's rights; only the hash
    of its key is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("in the name of"),
        on_delete=models.CASCADE,
        related_name="access_keys",
    )
    name = models.CharField(_("what for"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = AccessKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("access key of staff")
        verbose_name_plural = _("access keys of staff")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
