"""Invoices and credit notes. Once issued the database refuses any change to them (promise O5)."""

from datetime import date
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models.order import Order, OrderLine
from orders.models.position import Position, Sums
from shop.models import Customer


class Issued(models.Model):
    """Written once. The database refuses changes too, whoever asks for them (migration 0007)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise _final()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise _final()


def _final() -> DomainError:
    said = N_("An issued invoice is never changed: cancel it, or write a credit note.")
    return DomainError("invoice.final", said)


class Invoice(Issued, Sums):
    """What was billed, with copies of everything it states: what changes later changes nothing here.

    Amounts of a credit note and of a cancellation are positive; `kind` says which way they go.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit_note", _("credit note")
        CANCELLATION = "cancellation", _("cancellation of an invoice")

    number = models.CharField(_("number"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="invoices"
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="invoices"
    )
    refers_to = models.ForeignKey(
        "self",
        verbose_name=_("refers to"),
        null=True,
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"), null=True)
    delivered_on = models.DateField(_("delivered on"), null=True)
    """Day of delivery (§ 14 Abs. 4 Nr. 6 UStG, BT-72); empty where it was paid in advance."""
    seller = models.JSONField(_("seller"), default=dict)
    buyer = models.JSONField(_("buyer"), default=dict)
    ship_to = models.JSONField(_("delivered to"), default=dict)
    """Parties as orders.data.Party states them."""
    payment = models.CharField(_("pays"), max_length=10, choices=Customer.Payment.choices)
    cash_discount_percent = models.DecimalField(
        _("cash discount %"), max_digits=3, decimal_places=1, default=0
    )
    cash_discount_until = models.DateField(_("cash discount until"), null=True)
    order_reference = models.CharField(_("customer's order number"), max_length=80, blank=True)
    buyer_reference = models.CharField(_("buyer reference"), max_length=60, blank=True)
    taxes = models.JSONField(_("tax by rate"), default=list)
    """[{rate, basis, amount, category, reason}], amounts as text (EN 16931, BG-23)."""
    issued_at = models.DateTimeField(_("written"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("our invoice")
        verbose_name_plural = _("our invoices")
        ordering = ["-id"]
        permissions = [
            ("cancel_invoice", "Can cancel invoices"),
            ("credit_invoice", "Can write credit notes"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["refers_to"],
                condition=Q(kind="cancellation"),
                name="an_invoice_is_cancelled_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", refers_to__isnull=True)
                | (~Q(kind="invoice") & Q(refers_to__isnull=False)),
                name="corrections_name_their_invoice",
            ),
        ]
        indexes = [models.Index(fields=["issued_on"], name="invoice_issued")]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(Position, Issued):  # noqa: DJ008 - a position says what it is
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="lines"
    )
    order_line = models.ForeignKey(
        OrderLine,
        verbose_name=_("order line"),
        null=True,
        on_delete=models.PROTECT,
        related_name="billed_in",
    )

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"], name="one_billed_line_per_position"
            )
        ]


class ReceivableQuerySet(models.QuerySet["Receivable"]):
    def unpaid(self) -> "ReceivableQuerySet":
        """Something is open: of an invoice it is owed to us, of a credit note by us."""
        return self.filter(state__in=Receivable.UNPAID)

    def owed_to_us(self) -> "ReceivableQuerySet":
        return self.unpaid().filter(invoice__kind=Invoice.Kind.INVOICE)

    def overdue(self, today: date) -> "ReceivableQuerySet":
        return self.owed_to_us().filter(due_on__lt=today)

    def to_remind(self, today: date) -> "ReceivableQuerySet":
        """Whose next word is due, and nobody asked us to wait."""
        paused = Q(paused_until__gte=today)
        return self.owed_to_us().filter(next_reminder_on__lte=today).exclude(paused)

    def to_confirm(self, today: date) -> "ReceivableQuerySet":
        """The third word is a person's to give."""
        return self.to_remind(today).filter(level=Receivable.BY_PERSON - 1)


class Receivable(models.Model):
    """How an issued invoice stands: what is open of it and how often we reminded."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PARTLY = "partly", _("partly paid")
        PAID = "paid", _("paid")
        SETTLED = "settled", _("settled by a credit note")

    UNPAID = (State.OPEN, State.PARTLY)
    BY_PERSON = 3
    """The level of reminder that a person decides on."""

    invoice = models.OneToOneField(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="receivable"
    )
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.OPEN)
    open_amount = models.DecimalField(_("open"), max_digits=14, decimal_places=2)
    due_on = models.DateField(_("due on"))
    level = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    next_reminder_on = models.DateField(_("next reminder"), null=True)
    paused_until = models.DateField(_("no reminder until"), null=True)
    pause_reason = models.CharField(_("why no reminder"), max_length=300, blank=True)
    paid_on = models.DateField(_("paid on"), null=True)

    objects = ReceivableQuerySet.as_manager()

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(open_amount__gte=0), name="open_is_not_negative")
        ]
        indexes = [
            models.Index(
                fields=["next_reminder_on"],
                condition=Q(state__in=["open", "partly"]),
                name="receivable_to_remind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.open_amount}"


class Reminder(models.Model):
    """A courteous word about an invoice that is overdue."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="reminders"
    )
    level = models.PositiveSmallIntegerField(_("level"))
    open_amount = models.DecimalField(_("open"), max_digits=14, decimal_places=2)
    fee = models.DecimalField(_("fee"), max_digits=8, decimal_places=2, default=0)
    written_on = models.DateField(_("written on"))
    pay_until = models.DateField(_("please pay until"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "level"], name="one_reminder_per_level"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=3), name="three_levels_of_reminders"
            ),
        ]

    def __str__(self) -> str:
        return self.number
