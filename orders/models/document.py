from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """Something that was read: a purchase order, an invoice, a mail's own text."""

    class Kind(models.TextChoices):
        ORDER = "order", _("purchase order")
        INVOICE = "invoice", _("invoice")
        OTHER = "other", _("other")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    format = models.CharField(_("format"), max_length=10)
    filename = models.CharField(_("name"), max_length=150, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    fields = models.JSONField(_("what was read"), default=dict)
    checks = models.JSONField(_("checks"), default=list)
    error = models.CharField(_("error"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("read"), default=timezone.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number or self.filename}"
