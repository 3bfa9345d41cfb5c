from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.invoice import Invoice


class BankStatement(models.Model):
    """A file of the bank (CAMT.053 or MT940); the same file is read once."""

    sha256 = models.CharField(max_length=64, unique=True)
    filename = models.CharField(_("name"), max_length=150)
    format = models.CharField(_("format"), max_length=10)
    account = models.CharField(_("account"), max_length=42)
    number = models.CharField(_("number"), max_length=40, blank=True)
    from_date = models.DateField(_("from"), null=True)
    to_date = models.DateField(_("to"), null=True)
    opening = models.DecimalField(_("opening balance"), max_digits=16, decimal_places=2, null=True)
    closing = models.DecimalField(_("closing balance"), max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    imported_at = models.DateTimeField(_("imported"), default=timezone.now)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ["-id"]
        permissions = [("import_bankstatement", _("Can import bank statements"))]

    def __str__(self) -> str:
        return f"{self.account} {self.number or self.to_date or self.filename}"


class BankEntryQuerySet(models.QuerySet["BankEntry"]):
    def to_match(self) -> "BankEntryQuerySet":
        """What came in and no invoice is known for, all of it or a part."""
        return self.filter(state__in=BankEntry.WAITING)


class BankEntry(models.Model):
    """One amount that came in or went out."""

    class State(models.TextChoices):
        OPEN = "open", _("to be matched")
        PARTLY = "partly", _("partly matched")
        MATCHED = "matched", _("matched")
        IGNORED = "ignored", _("not for an invoice")

    WAITING = (State.OPEN, State.PARTLY)

    statement = models.ForeignKey(
        BankStatement, verbose_name=_("statement"), on_delete=models.PROTECT, related_name="entries"
    )
    key = models.CharField(max_length=64, unique=True, editable=False)
    """What tells it from every other entry of the account, also in an overlapping statement."""
    booked_on = models.DateField(_("booked"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    """Positive: it came in."""
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    purpose = models.TextField(_("purpose"), blank=True)
    party = models.CharField(_("from"), max_length=140, blank=True)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    end_to_end = models.CharField(_("end-to-end reference"), max_length=80, blank=True)
    reference = models.CharField(_("bank's reference"), max_length=80, blank=True)
    reversal = models.BooleanField(
        _("reversal"), default=False, help_text=_("It takes back an earlier entry.")
    )
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.OPEN)
    reasons = models.JSONField(_("why matched so"), default=list)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = BankEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank entry")
        verbose_name_plural = _("bank entries")
        ordering = ["-booked_on", "-id"]
        indexes = [
            models.Index(
                fields=["booked_on"],
                condition=Q(state__in=["open", "partly"]),
                name="bank_entry_to_match",
            ),
            # Who paid from an account before.
            models.Index(fields=["iban"], condition=~Q(iban=""), name="bank_entry_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.party}"


class Allocation(models.Model):
    """The part of a payment that pays an invoice; taken back by a row of its own, never deleted."""

    entry = models.ForeignKey(
        BankEntry, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="allocations"
    )
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="allocations"
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    cash_discount = models.DecimalField(
        _("cash discount taken"), max_digits=14, decimal_places=2, default=0
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_back_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "invoice"],
                condition=Q(taken_back_at__isnull=True),
                name="a_payment_pays_an_invoice_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} → {self.invoice}"
