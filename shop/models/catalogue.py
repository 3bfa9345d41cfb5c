from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_de = models.CharField(_("name (German)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_de if (get_language() or "en").startswith("de") else self.name_en


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> "ProductQuerySet":
        return self.filter(is_active=True)


class Product(models.Model):
    sku = models.CharField(_("article number"), max_length=40, unique=True)
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="products"
    )
    name_de = models.CharField(_("name (German)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)
    description_de = models.TextField(_("description (German)"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    material = models.CharField(_("material"), max_length=40, blank=True)
    colour = models.CharField(_("colour"), max_length=40, blank=True)
    size_mm = models.DecimalField(
        _("size (mm)"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    price = models.DecimalField(
        _("net price per piece"),
        max_digits=10,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )
    tax_rate = models.DecimalField(_("VAT %"), max_digits=4, decimal_places=1, default=19)
    pack_size = models.PositiveIntegerField(_("pieces per pack"), default=1)
    min_quantity = models.PositiveIntegerField(_("minimum quantity"), default=1)
    lead_time_days = models.PositiveSmallIntegerField(_("lead time (working days)"), default=5)
    is_active = models.BooleanField(_("on sale"), default=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["sku"]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @property
    def name(self) -> str:
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        return self.name_de if language.startswith("de") else self.name_en
