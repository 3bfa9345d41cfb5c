from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.models.catalogue import Product


class Stock(models.Model):
    """Pieces on the shelf and how many of them are promised. The database refuses less than none."""

    product = models.OneToOneField(
        Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="stock"
    )
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    reserved = models.PositiveIntegerField(_("reserved"), default=0)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        ordering = ["product__sku"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reserved__lte=models.F("on_hand")),
                name="never_promise_more_than_we_have",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.available}"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class Movement(models.Model):
    """Why stock changed: reserved for an order, released, shipped, counted."""

    class Kind(models.TextChoices):
        RESERVED = "reserved", _("reserved")
        RELEASED = "released", _("released")
        SHIPPED = "shipped", _("shipped")
        COUNTED = "counted", _("counted")
        PRODUCED = "produced", _("produced")
        RETURNED = "returned", _("returned")

    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="movements"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    quantity = models.IntegerField(_("quantity"))
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity} {self.product.sku}"


class Reservation(models.Model):
    """Pieces that are promised, to whom and until when. Their sum is what Stock calls reserved."""

    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="reservations"
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    reference = models.CharField(_("for"), max_length=60, db_index=True)
    """The number of an order, or "cart:" and the key of a cart at the checkout."""
    expires_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until the order lets go of it.")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "reference"], name="one_reservation_per_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="reservation_is_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="reservation_that_ends",
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.product.sku}: {self.reference}"
