from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.scope import of_mail
from shop.models import Supplier


class DocumentQuerySet(models.QuerySet["Document"]):
    def to_check(self) -> "DocumentQuerySet":
        """Invoices that wait for a person."""
        return self.filter(kind=Document.Kind.INVOICE, state=Document.State.READ)

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "DocumentQuerySet":
        """Documents of mails that the person sees, and those that came by no mail.

        What became an order is part of it, and is seen by whoever sees orders.
        """
        mails = of_mail(user, "filings__email__")
        if mails is None:
            return self
        this = Document.objects.filter(pk=OuterRef("pk"))
        ours = Q(Exists(this.filter(mails))) | ~Q(Exists(this.filter(filings__isnull=False)))
        if user.has_perm("orders.view_order"):
            ours |= Q(Exists(this.filter(orders__isnull=False)))
        return self.filter(ours)


class Document(models.Model):
    """Something that was read: a purchase order, an invoice, a mail's own text."""

    class Kind(models.TextChoices):
        ORDER = "order", _("purchase order")
        INVOICE = "invoice", _("invoice")
        OTHER = "other", _("other")

    class State(models.TextChoices):
        READ = "read", _("read")
        CHECKED = "checked", _("checked by a person")
        REJECTED = "rejected", _("rejected")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    format = models.CharField(_("format"), max_length=30)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.READ)
    filename = models.CharField(_("name"), max_length=150, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    """Of the file; empty for a mail's own text, of which each is a document of its own."""
    text = models.TextField(_("text"), blank=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    date = models.DateField(_("date"), null=True)
    party = models.CharField(
        _("from"), max_length=200, blank=True, help_text=_("Who wrote it, as the document says.")
    )
    supplier = models.ForeignKey(
        Supplier,
        verbose_name=_("supplier"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="documents",
    )
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2, null=True)
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    fields = models.JSONField(_("what was read"), default=dict)
    checks = models.JSONField(_("checks"), default=list)
    concerns = models.JSONField(_("what is wrong"), default=list)
    """What a person should know before it is paid or entered: [{code, what, evidence}]."""
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name=_("came before as"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="duplicates",
    )
    error = models.CharField(_("error"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("read"), default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["number"], condition=Q(kind="invoice"), name="invoice_by_its_number"
            ),
            models.Index(
                fields=["-id"],
                condition=Q(kind="invoice", state="read"),
                name="invoice_to_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number or self.filename}".strip()


class FieldCorrection(models.Model):
    """What a person put right in a document. Rows are added, never changed."""

    document = models.ForeignKey(
        Document,
        verbose_name=_("document"),
        on_delete=models.CASCADE,
        related_name="corrections",
        editable=False,
    )
    field = models.CharField(_("field"), max_length=60, editable=False)
    """Its path in the document that was read: "gross", "seller.iban", "lines.2.quantity"."""
    before = models.CharField(_("before"), max_length=300, blank=True, editable=False)
    after = models.CharField(_("after"), max_length=300, blank=True, editable=False)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"
