from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Supplier(models.Model):
    """Whom we pay. What stands here is what an incoming invoice is compared with."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    name = models.CharField(_("company"), max_length=120)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    iban = models.CharField(
        _("IBAN"),
        max_length=42,
        blank=True,
        help_text=_("An invoice that names another account is never paid unseen."),
    )
    domains = models.JSONField(
        _("mail domains"), default=list, blank=True, help_text=_("Mail from here is theirs.")
    )
    addresses = models.JSONField(
        _("mail addresses"),
        default=list,
        blank=True,
        help_text=_("For suppliers that write from a mailbox of a big provider."),
    )
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DE")

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SupplierName(models.Model):
    """A name as it stood on an invoice, which a person said means this supplier."""

    supplier = models.ForeignKey(
        Supplier, verbose_name=_("supplier"), on_delete=models.CASCADE, related_name="names"
    )
    name = models.CharField(_("as written"), max_length=200, unique=True)
    learned_at = models.DateTimeField(_("learned"), default=timezone.now, editable=False)
    learned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learned from"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("supplier's other name")
        verbose_name_plural = _("suppliers' other names")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
