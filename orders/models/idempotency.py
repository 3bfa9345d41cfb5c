from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """A request that must do its work once, however often it is sent (promise O2)."""

    scope = models.CharField(_("of"), max_length=80)
    """Who sent it and to which door, for example "api:7" or "checkout:<cart>"."""
    key = models.CharField(_("key"), max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    response = models.JSONField(_("answer"), null=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_request")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
