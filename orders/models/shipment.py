from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order, OrderLine


class Shipment(models.Model):
    """Pieces of an order that left the house together, with one delivery note."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="shipments"
    )
    address = models.JSONField(_("to"), default=dict)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=80, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), default=timezone.now)
    expected_on = models.DateField(_("expected"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["expected_on"],
                condition=Q(delivered_at__isnull=True),
                name="shipment_on_its_way",
            )
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(
        Shipment, verbose_name=_("shipment"), on_delete=models.CASCADE, related_name="lines"
    )
    line = models.ForeignKey(
        OrderLine, verbose_name=_("order line"), on_delete=models.PROTECT, related_name="shipped_in"
    )
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("shipped line")
        verbose_name_plural = _("shipped lines")
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="a_line_once_per_shipment"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipped_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.sku}"


class Return(models.Model):
    """Pieces that came back, and why; what is credited for them is a credit note."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="returns"
    )
    reason = models.CharField(_("reason"), max_length=300)
    received_at = models.DateTimeField(_("came back"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    goods = models.ForeignKey(
        Return, verbose_name=_("return"), on_delete=models.CASCADE, related_name="lines"
    )
    line = models.ForeignKey(
        OrderLine, verbose_name=_("order line"), on_delete=models.PROTECT, related_name="came_back"
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    restocked = models.BooleanField(_("back on the shelf"), default=False)

    class Meta:
        verbose_name = _("returned line")
        verbose_name_plural = _("returned lines")
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["goods", "line"], name="a_line_once_per_return"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="returned_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.sku}"
