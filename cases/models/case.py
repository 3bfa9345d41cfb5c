from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Department
from agents.scope import departments_of, key_of
from cases.models.sla import SLAPolicy
from emails.labels import KIND_LABELS, PRIORITY_LABELS, SENTIMENT_LABELS
from emails.models import Email, Thread
from orders.models import Order, Quotation
from shop.models import Customer


def awake(now: datetime) -> Q:
    """What holds for cases that nobody put off until later."""
    return Q(snoozed_until=None) | Q(snoozed_until__lte=now)


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.exclude(status__in=Case.DONE)

    def pressing(self) -> "CaseQuerySet":
        """Open cases whose clocks are at risk or breached."""
        return self.open().filter(standing__in=Case.PRESSING, merged_into=None)

    def awake(self, now: datetime) -> "CaseQuerySet":
        """Cases that nobody put off until later."""
        return self.filter(awake(now))

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "CaseQuerySet":
        """Cases of the person's departments, and those that he or she works on or follows.

        The one scope of lists, search, counts, exports, sockets and the API (promise F3).
        """
        departments = departments_of(user)
        if departments is None:
            return self
        theirs = Q(assignee__user=key_of(user)) | Q(
            pk__in=Case.followers.through.objects.filter(user=key_of(user)).values("case")
        )
        return self.filter(Q(department__in=departments) | theirs)


class Tag(models.Model):
    """A word that staff and rules put on cases."""

    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    class Status(models.TextChoices):
        NEW = "new", _("new")
        IN_PROGRESS = "in_progress", _("in progress")
        AWAITING_CUSTOMER = "awaiting_customer", _("awaiting customer")
        AWAITING_VENDOR = "awaiting_vendor", _("awaiting vendor")
        RESOLVED = "resolved", _("resolved")
        CLOSED = "closed", _("closed")

    class Channel(models.TextChoices):
        """By which door the matter came."""

        MAIL = "mail", _("by mail")
        SHOP = "shop", _("by the shop")
        PHONE = "phone", _("by phone")
        VISIT = "visit", _("in person")
        LETTER = "letter", _("by letter")
        PROGRAM = "program", _("by a program")

    class Standing(models.TextChoices):
        """How the case stands with its SLA."""

        NONE = "none", _("no promise")
        ON_TRACK = "on_track", _("on track")
        AT_RISK = "at_risk", _("at risk")
        BREACHED = "breached", _("breached")
        PAUSED = "paused", _("paused")
        MET = "met", _("kept")

    DONE = (Status.RESOLVED, Status.CLOSED)
    PRESSING = (Standing.AT_RISK, Standing.BREACHED)
    THEIR_TURN = (Status.AWAITING_CUSTOMER, Status.AWAITING_VENDOR)

    number = models.CharField(_("number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_LABELS.items(), blank=True)
    channel = models.CharField(
        _("came"), max_length=10, choices=Channel.choices, default=Channel.MAIL
    )
    sentiment = models.CharField(
        _("sentiment"), max_length=10, choices=SENTIMENT_LABELS.items(), blank=True
    )
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
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="cases")
    followers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("followed by"), blank=True, related_name="followed"
    )
    related = models.ManyToManyField("self", verbose_name=_("related cases"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("put into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    snoozed_until = models.DateTimeField(_("put off until"), null=True, blank=True, db_index=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("put off by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    customer_wrote_at = models.DateTimeField(_("the customer last wrote"), null=True, blank=True)
    """Only what a person wrote; machines wait for nothing."""
    answered_at = models.DateTimeField(_("we last answered"), null=True, blank=True)
    standing = models.CharField(
        _("SLA status"), max_length=10, choices=Standing.choices, default=Standing.NONE
    )
    first_response_due_at = models.DateTimeField(_("first answer due"), null=True, blank=True)
    resolution_due_at = models.DateTimeField(_("solution due"), null=True, blank=True)
    update_due_at = models.DateTimeField(_("next answer due"), null=True, blank=True)
    next_deadline_at = models.DateTimeField(_("next deadline"), null=True, blank=True)
    """The first of the deadlines that are still open; None while all are met or paused."""
    next_alarm_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the sweep has to look next: a warning, a deadline or a step of the escalation."""
    first_response_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        permissions = [
            ("answer_case", _("Can write to customers")),
            ("merge_case", _("Can put cases together and take them apart")),
            ("report_case", _("Can see reports on cases")),
        ]
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
            models.Index(fields=["assignee", "status"], name="case_assignee"),
            models.Index(fields=["-updated_at"], name="case_changed"),
            models.Index(
                fields=["next_deadline_at"],
                condition=Q(next_deadline_at__isnull=False),
                name="case_deadline",
            ),
            models.Index(
                fields=["next_alarm_at"],
                condition=Q(next_alarm_at__isnull=False),
                name="case_alarm",
            ),
            models.Index(
                fields=["resolved_at"], condition=Q(status="resolved"), name="case_resolved"
            ),
            # Figures count what was opened and resolved in a time.
            models.Index(fields=["opened_at", "department"], name="case_opened"),
            models.Index(
                fields=["resolved_at", "department"],
                condition=Q(resolved_at__isnull=False),
                name="case_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.number])

    @property
    def waits_for_us(self) -> bool:
        """The customer wrote last."""
        wrote, answered = self.customer_wrote_at, self.answered_at
        return wrote is not None and (answered is None or wrote > answered)

    @property
    def is_done(self) -> bool:
        return self.status in self.DONE

    @property
    def is_asleep(self) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > timezone.now()
