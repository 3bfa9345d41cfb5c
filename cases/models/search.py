from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """What can be found, in folded words; the databases keep their own full-text index of it."""

    class Kind(models.TextChoices):
        CASE = "case", _("cases")
        EMAIL = "email", _("mails")
        LETTER = "letter", _("our letters")
        CUSTOMER = "customer", _("customers")
        ORDER = "order", _("orders")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=500)
    names = models.TextField(blank=True)
    """Numbers, addresses, names: what people type when they know what they want."""
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="an_object_is_found_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
