from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.models.catalogue import Product


class Customer(models.Model):
    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("company"), max_length=120)
    domains = models.JSONField(
        _("mail domains"), default=list, blank=True, help_text=_("Mail from here is theirs.")
    )
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DE")
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    is_oem = models.BooleanField(_("OEM"), default=False)
    discount_percent = models.DecimalField(
        _("discount %"), max_digits=4, decimal_places=1, default=Decimal(0)
    )
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    auto_confirm_limit = models.DecimalField(
        _("confirm unseen up to (gross)"), max_digits=12, decimal_places=2, default=Decimal(0)
    )

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    class Title(models.TextChoices):
        NONE = "", "-"
        MR = "mr", _("Mr")
        MS = "ms", _("Ms")

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="contacts"
    )
    title = models.CharField(
        pgettext_lazy("person", "title"), max_length=4, choices=Title.choices, blank=True
    )
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    last_name = models.CharField(_("last name"), max_length=60, blank=True)
    email = models.EmailField(_("mail address"))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["last_name", "first_name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_contact_per_address")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name} <{self.email}>".strip()


class Alias(models.Model):
    """What a customer calls one of our products: by a number of their own, or by a name."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="aliases"
    )
    sku = models.CharField(_("their article number"), max_length=60, blank=True)
    name = models.CharField(
        _("their name for it"),
        max_length=200,
        blank=True,
        help_text=_("Decides where an order states no article number."),
    )
    product = models.ForeignKey(
        Product, verbose_name=_("our product"), on_delete=models.CASCADE, related_name="aliases"
    )
    learned_at = models.DateTimeField(_("learned"), null=True, editable=False)
    learned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learned from"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    source = models.CharField(_("learned at"), max_length=120, blank=True, editable=False)
    """The document or order that was corrected, as people call it."""

    class Meta:
        verbose_name = _("customer's article number")
        verbose_name_plural = _("customers' article numbers")
        ordering = ["sku", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "sku"], condition=~Q(sku=""), name="one_product_per_alias"
            ),
            models.UniqueConstraint(
                fields=["customer", "name"], condition=~Q(name=""), name="one_product_per_name"
            ),
            models.CheckConstraint(
                condition=~Q(sku="", name=""), name="an_alias_is_a_number_or_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku or self.name} → {self.product.sku}"
