from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.models import Product


class Position(models.Model):
    """What a line of an order, a quotation or an invoice has in common: its own copy of the deal."""

    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sku = models.CharField(_("article number"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=200)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    unit_price = models.DecimalField(_("unit price"), max_digits=12, decimal_places=4)
    tax_rate = models.DecimalField(_("VAT %"), max_digits=4, decimal_places=1)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}. {self.quantity} × {self.sku or self.name}"


class Sums(models.Model):
    """What a commercial document comes to."""

    class Tax(models.TextChoices):
        """How the sale is taxed (EN 16931, BT-151; UNCL 5305)."""

        STANDARD = "S", _("VAT")
        INTRA_COMMUNITY = "K", _("intra-community supply, the buyer pays the VAT")
        REVERSE_CHARGE = "AE", _("reverse charge, the buyer pays the VAT")
        EXPORT = "G", _("export, free of VAT")

    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    tax_category = models.CharField(
        _("taxed as"), max_length=2, choices=Tax.choices, default=Tax.STANDARD
    )
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2, default=0)
    tax = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2, default=0)
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        abstract = True
