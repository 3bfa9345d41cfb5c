import re
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shop.importing import cells

SEARCHED = ("sku", "name_de", "name_en", "material", "colour")
WORDS_SEARCHED, WORD_LENGTH = 8, 40


def in_any_case(word: str) -> str:
    """A pattern for the word however it is written.

    Neither SQLite's LIKE nor PostgreSQL's in the C locale knows that Ö and ö are one letter.
    """
    parts = re.split("ß|ẞ|ss", word, flags=re.IGNORECASE)
    return "(ß|ẞ|[sS][sS])".join("".join(map(_in_any_case, part)) for part in parts)


def _in_any_case(letter: str) -> str:
    cases = letter.lower() + letter.upper()
    return f"[{cases}]" if letter.isalpha() and len(cases) == 2 else re.escape(letter)


class Category(models.Model):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_de = models.CharField(_("name (German)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    description_de = models.TextField(_("description (German)"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_de if (get_language() or "en").startswith("de") else self.name_en


class Family(models.Model):
    """Products that differ in size or colour alone; the shop shows them as one with variants."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_de = models.CharField(_("name (German)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)

    class Meta:
        verbose_name = _("product family")
        verbose_name_plural = _("product families")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_de if (get_language() or "en").startswith("de") else self.name_en


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> "ProductQuerySet":
        return self.filter(is_active=True)

    def found(self, term: str) -> "ProductQuerySet":
        """Return what each word of the term hits somewhere, however it is written."""
        hits = self
        for word in term.replace("\0", " ").split()[:WORDS_SEARCHED]:
            pattern = in_any_case(word[:WORD_LENGTH])
            hit = models.Q()
            for field in SEARCHED:
                hit |= models.Q((f"{field}__regex", pattern))
            hits = hits.filter(hit)
        return hits


class Product(models.Model):
    sku = models.CharField(_("article number"), max_length=40, unique=True)
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="products"
    )
    family = models.ForeignKey(
        Family,
        verbose_name=_("variant of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="products",
    )
    name_de = models.CharField(_("name (German)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)
    description_de = models.TextField(_("description (German)"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    features_de = models.JSONField(_("features (German)"), default=list, blank=True)
    features_en = models.JSONField(_("features (English)"), default=list, blank=True)
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
    tax_rate = models.DecimalField(
        _("VAT %"),
        max_digits=4,
        decimal_places=1,
        default=19,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    pack_size = models.PositiveIntegerField(
        _("pieces per pack"), default=1, validators=[MinValueValidator(1)]
    )
    min_quantity = models.PositiveIntegerField(
        _("minimum quantity"), default=1, validators=[MinValueValidator(1)]
    )
    lead_time_days = models.PositiveSmallIntegerField(_("lead time (working days)"), default=5)
    from_stock = models.BooleanField(
        _("from stock"),
        default=True,
        help_text=_("Lies on the shelf: production takes no step of its own for it."),
    )
    is_active = models.BooleanField(_("on sale"), default=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["sku"]
        constraints = [
            # Quantities are divided by it.
            models.CheckConstraint(
                condition=models.Q(pack_size__gt=0, min_quantity__gt=0),
                name="product_is_sold_in_pieces",
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0, tax_rate__gte=0), name="price_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @property
    def name(self) -> str:
        return self.name_in(get_language() or "en")

    @property
    def tier_prices(self) -> str:
        """Everybody's prices by quantity on one line, as imports read them again."""
        public = (tier for tier in self.tiers.all() if tier.price_list_id is None)
        steps = sorted((tier.from_quantity, tier.price) for tier in public)
        return cells.shown(tuple(steps))

    def name_in(self, language: str) -> str:
        return self.name_de if language.startswith("de") else self.name_en


class PriceList(models.Model):
    """Prices agreed with a group of customers; what it does not name costs as in the shop."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class TierPrice(models.Model):
    """The price of a piece from a quantity on; for everybody, or on one price list."""

    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="tiers"
    )
    price_list = models.ForeignKey(
        PriceList,
        verbose_name=_("price list"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="prices",
        help_text=_("Empty: for everybody."),
    )
    from_quantity = models.PositiveIntegerField(_("from this quantity on"), default=1)
    price = models.DecimalField(
        _("net price per piece"),
        max_digits=10,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta:
        verbose_name = _("tier price")
        verbose_name_plural = _("tier prices")
        ordering = ["price_list", "from_quantity"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "price_list", "from_quantity"], name="one_price_per_tier"
            ),
            models.UniqueConstraint(
                fields=["product", "from_quantity"],
                condition=models.Q(price_list__isnull=True),
                name="one_price_per_tier_for_everybody",
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0), name="tier_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} {self.from_quantity}+: {self.price}"
