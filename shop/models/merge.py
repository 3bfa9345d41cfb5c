from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.models.customer import Customer


class Merge(models.Model):
    """A customer that was put into another one, and what moved with it; it can be undone."""

    kept = models.ForeignKey(
        Customer, verbose_name=_("kept"), on_delete=models.PROTECT, related_name="merges"
    )
    gone = models.ForeignKey(
        Customer, verbose_name=_("put into it"), on_delete=models.PROTECT, related_name="+"
    )
    moved = models.JSONField(_("what moved"), default=dict)
    """Keys of the rows that moved, by model label."""
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("customer merge")
        verbose_name_plural = _("customer merges")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
