from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.invoice import Invoice, Reminder
from orders.models.order import Order
from orders.models.quotation import Quotation
from orders.models.shipment import Shipment


class PrintoutQuerySet(models.QuerySet["Printout"]):
    def for_a_person(self) -> "PrintoutQuerySet":
        return self.filter(state=Printout.State.FAILED)


class Printout(models.Model):
    """A document of ours as a file: wanted in the transaction of its cause, made afterwards.

    A file that cannot be made stops no order: it stays here with its error and is tried again
    (promise O4).
    """

    class Kind(models.TextChoices):
        QUOTATION = "quotation", _("quotation")
        CONFIRMATION = "confirmation", _("order confirmation")
        DELIVERY_NOTE = "delivery_note", _("delivery note")
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit_note", _("credit note")
        XRECHNUNG = "xrechnung", _("XRechnung")
        REMINDER = "reminder", _("reminder")

    class State(models.TextChoices):
        WANTED = "wanted", _("to be made")
        MADE = "made", _("made")
        FAILED = "failed", _("failed")

    cause = models.CharField(max_length=80, unique=True)
    """Names it, for example "order:12:confirmation:1"; the same cause is printed once."""
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.WANTED)
    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        null=True,
        on_delete=models.PROTECT,
        related_name="printouts",
    )
    shipment = models.ForeignKey(
        Shipment, verbose_name=_("shipment"), null=True, on_delete=models.PROTECT,
        related_name="printouts",
    )  # fmt: skip
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), null=True, on_delete=models.PROTECT,
        related_name="printouts",
    )  # fmt: skip
    reminder = models.ForeignKey(
        Reminder, verbose_name=_("reminder"), null=True, on_delete=models.PROTECT,
        related_name="printouts",
    )  # fmt: skip
    quotation = models.ForeignKey(
        Quotation, verbose_name=_("quotation"), null=True, on_delete=models.PROTECT,
        related_name="printouts",
    )  # fmt: skip
    language = models.CharField(_("language"), max_length=2, default="de")
    filename = models.CharField(_("name"), max_length=150, blank=True)
    media_type = models.CharField(_("type"), max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    checks = models.JSONField(_("checks"), default=list)
    """What our own reader found in an e-invoice before it left (orders.data.Check)."""
    error = models.CharField(_("error"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("wanted since"), default=timezone.now)
    made_at = models.DateTimeField(_("made"), null=True)

    objects = PrintoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("printed document")
        verbose_name_plural = _("printed documents")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state="wanted"), name="printout_to_make"
            ),
            models.Index(fields=["state"], condition=Q(state="failed"), name="printout_failed"),
        ]

    def __str__(self) -> str:
        return self.filename or f"{self.get_kind_display()} {self.pk}"
