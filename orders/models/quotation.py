from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.document import Document
from orders.models.order import Order, new_token
from orders.models.position import Position, Sums
from shop.models import Customer


class QuotationQuerySet(models.QuerySet["Quotation"]):
    def to_check(self) -> "QuotationQuerySet":
        """Requests that wait for a person's answer."""
        return self.filter(state=Quotation.State.REQUESTED)


class Quotation(Sums):
    """What we offer, at which price and until when."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("asked for")
        SENT = "sent", _("sent")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")

    number = models.CharField(_("number"), max_length=30, unique=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.REQUESTED
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="quotations",
    )
    source = models.CharField(_("came by"), max_length=6, choices=Order.Source.choices)
    document = models.ForeignKey(
        Document,
        verbose_name=_("read from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="quotations",
    )
    reference = models.CharField(_("customer's number"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    contact_name = models.CharField(_("asked by"), max_length=120, blank=True)
    contact_email = models.EmailField(_("mail address"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    note = models.TextField(_("customer's note"), blank=True)
    doubts = models.JSONField(_("what is doubtful"), default=list, blank=True)
    valid_until = models.DateField(_("holds until"), null=True, blank=True)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    order = models.OneToOneField(
        Order,
        verbose_name=_("became the order"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="quotation",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)

    objects = QuotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["valid_until"], condition=Q(state="sent"), name="quotation_that_ends"
            )
        ]

    def __str__(self) -> str:
        return self.number


class QuotationLine(Position):
    quotation = models.ForeignKey(
        Quotation, verbose_name=_("quotation"), on_delete=models.CASCADE, related_name="lines"
    )
    price_reasons = models.JSONField(_("why this price"), default=list)

    class Meta:
        verbose_name = _("quotation line")
        verbose_name_plural = _("quotation lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["quotation", "position"], name="one_quoted_line_per_position"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quoted_is_positive"),
        ]
