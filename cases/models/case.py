from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Department
from cases.models.sla import SLAPolicy
from emails.labels import KIND_LABELS, PRIORITY_LABELS
from emails.models import Email, Thread
from orders.models import Document, Order, Quotation
from shop.models import Customer


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.exclude(status__in=[Case.Status.RESOLVED, Case.Status.CLOSED])


class Case(models.Model):
    class Status(models.TextChoices):
        NEW = "new", _("new")
        IN_PROGRESS = "in_progress", _("in progress")
        AWAITING_CUSTOMER = "awaiting_customer", _("awaiting customer")
        AWAITING_VENDOR = "awaiting_vendor", _("awaiting vendor")
        RESOLVED = "resolved", _("resolved")
        CLOSED = "closed", _("closed")

    number = models.CharField(_("number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_LABELS.items(), blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.NEW
    )
    priority = models.CharField(
        _("priority"), max_length=10, choices=PRIORITY_LABELS.items(), default="normal"
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases",
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="cases"
    )
    assignee = models.ForeignKey(
        Agent,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases",
    )
    thread = models.ForeignKey(
        Thread,
        verbose_name=_("thread"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases",
    )
    emails = models.ManyToManyField(Email, through="CaseEmail", related_name="cases")
    orders = models.ManyToManyField(
        Order, verbose_name=_("orders"), blank=True, related_name="cases"
    )
    quotations = models.ManyToManyField(
        Quotation, verbose_name=_("quotations"), blank=True, related_name="cases"
    )
    policy = models.ForeignKey(
        SLAPolicy,
        verbose_name=_("SLA"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases",
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    first_response_due_at = models.DateTimeField(_("first answer due"), null=True, blank=True)
    resolution_due_at = models.DateTimeField(_("solution due"), null=True, blank=True)
    first_response_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["thread"],
                condition=~Q(status="closed"),
                name="one_open_case_per_thread",
            )
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="case_status"),
            models.Index(fields=["department", "status"], name="case_department"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class CaseEmail(models.Model):
    """A mail belongs to one case, whatever is merged or split later."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    email = models.OneToOneField(Email, on_delete=models.CASCADE, related_name="link")

    class Meta:
        verbose_name = _("mail of a case")
        verbose_name_plural = _("mails of cases")

    def __str__(self) -> str:
        return f"{self.case_id} ← {self.email_id}"


class Filing(models.Model):
    """A mail brought a document; the same file may come with several mails.

    Its case is that of the mail, wherever the mail is moved to.
    """

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="filings"
    )
    email = models.ForeignKey(
        Email, verbose_name=_("mail"), on_delete=models.CASCADE, related_name="filings"
    )

    class Meta:
        verbose_name = _("document of a mail")
        verbose_name_plural = _("documents of mails")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "document"], name="a_mail_files_a_document_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email_id} ← {self.document_id}"
