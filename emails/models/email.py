from datetime import datetime

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from agents.scope import of_mail
from emails.data import Joined
from emails.labels import (
    AUTOMATIC_LABELS,
    JOINED_LABELS,
    KIND_LABELS,
    PRIORITY_LABELS,
    SENTIMENT_LABELS,
)
from emails.models.mailbox import Mailbox
from emails.models.rule import RoutingRule
from emails.models.thread import Thread
from shop.models import Customer


class EmailQuerySet(models.QuerySet["Email"]):
    def waiting(self) -> "EmailQuerySet":
        """Mails on their way through the pipeline, oldest first."""
        return self.filter(state__in=Email.WAITING).order_by("id")

    def unclaimed(self, now: datetime) -> "EmailQuerySet":
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))

    def decided(self) -> "EmailQuerySet":
        """Mails that were read and routed, whatever became of them afterwards."""
        return self.filter(state__in=Email.DECIDED)

    def questionable(self) -> "EmailQuerySet":
        """Mails whose place in their conversation a person should look at."""
        misplaced = Q(new_topic=True) | Q(new_participant=True) | Q(possibly_of__isnull=False)
        return self.filter(misplaced).exclude(joined_by=Joined.PERSON)

    def quarantined(self) -> "EmailQuerySet":
        return self.filter(state=Email.State.QUARANTINED)

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "EmailQuerySet":
        """Mails of the person's departments, and of the cases that he or she works on or follows."""
        ours = of_mail(user)
        return self if ours is None else self.filter(ours)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: AbstractUser | AnonymousUser) -> "AttachmentQuerySet":
        ours = of_mail(user, "email__")
        return self if ours is None else self.filter(ours)


class Email(models.Model):
    """A mail that came in. Its raw bytes are kept and can be read again at any time."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        TRIAGED = "triaged", _("triaged")
        TAKEN_IN = "taken_in", _("taken in")
        HANDLED = "handled", _("handled")
        QUARANTINED = "quarantined", _("quarantined")
        DISMISSED = "dismissed", _("dismissed")

    class Trust(models.TextChoices):
        """Whether our own server vouches for the sender (RFC 8601, DMARC; promise D4)."""

        UNKNOWN = "unknown", _("not checked")
        AUTHENTICATED = "authenticated", _("authentic")
        FAILED = "failed", _("perhaps forged")

    WAITING = (State.RECEIVED, State.TRIAGED, State.TAKEN_IN)
    DECIDED = (State.TRIAGED, State.TAKEN_IN, State.HANDLED)

    fingerprint = models.CharField(
        max_length=64,
        unique=True,
        editable=False,
        help_text="SHA-256 of the mail without the lines that transport adds.",
    )
    raw_sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    mailbox = models.ForeignKey(
        Mailbox,
        verbose_name=_("mailbox"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="emails",
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    answerable = models.BooleanField(
        _("may be answered"),
        default=True,
        help_text=_("Mail that was imported, or is too old, is never answered by itself."),
    )

    message_id = models.CharField("Message-ID", max_length=255, blank=True, db_index=True)
    in_reply_to = models.CharField("In-Reply-To", max_length=255, blank=True)
    references = models.JSONField("References", default=list)
    from_name = models.CharField(_("from (name)"), max_length=200, blank=True)
    from_address = models.CharField(_("from"), max_length=254, blank=True)
    reply_to = models.CharField(_("reply to"), max_length=254, blank=True)
    to = models.JSONField(_("to"), default=list)
    cc = models.JSONField(_("copy to"), default=list)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    date = models.DateTimeField(_("date in the mail"), null=True)
    text = models.TextField(_("text"), blank=True)
    html_safe = models.TextField(_("text (HTML)"), blank=True)
    reply_text = models.TextField(_("own words"), blank=True)
    defects = models.JSONField(_("defects"), default=list)
    trust = models.CharField(
        _("sender"), max_length=13, choices=Trust.choices, default=Trust.UNKNOWN
    )

    automatic = models.CharField(
        _("automatic"), max_length=20, choices=AUTOMATIC_LABELS.items(), blank=True
    )
    must_not_answer = models.CharField(_("not to be answered because"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_LABELS.items(), blank=True)
    priority = models.CharField(
        _("priority"), max_length=10, choices=PRIORITY_LABELS.items(), blank=True
    )
    verdict_priority = models.CharField(
        _("priority before the rules"),
        max_length=10,
        choices=PRIORITY_LABELS.items(),
        blank=True,
        editable=False,
        help_text="What the rules were asked with; they may have raised it since.",
    )
    language = models.CharField(_("language"), max_length=2, blank=True)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="emails",
    )
    is_oem = models.BooleanField(_("OEM"), default=False)
    confidence = models.FloatField(_("confidence"), default=0)
    reasons = models.JSONField(_("why this kind"), default=list)
    sentiment = models.CharField(
        _("sentiment"), max_length=10, choices=SENTIMENT_LABELS.items(), blank=True
    )
    deadlines = models.JSONField(_("deadlines"), default=list)
    amounts = models.JSONField(_("amounts"), default=list)
    bounce = models.JSONField(_("bounce"), null=True)

    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        on_delete=models.PROTECT,
        related_name="emails",
    )
    rule = models.ForeignKey(
        RoutingRule,
        verbose_name=_("rule"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="emails",
    )
    sla = models.CharField(_("SLA"), max_length=30, blank=True)
    trace = models.JSONField(_("why here"), default=list)
    thread = models.ForeignKey(
        Thread,
        verbose_name=_("thread"),
        null=True,
        on_delete=models.PROTECT,
        related_name="emails",
    )
    joined_by = models.CharField(
        _("why in this thread"), max_length=10, choices=JOINED_LABELS.items(), blank=True
    )
    possibly_of = models.ForeignKey(
        Thread,
        verbose_name=_("possibly belongs to"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="claimed_by",
        help_text=_("It says so, but its sender took no part there."),
    )
    new_topic = models.BooleanField(
        _("new topic?"),
        default=False,
        help_text=_("It answers a mail of its thread under another subject."),
    )
    new_participant = models.BooleanField(
        _("new participant"),
        default=False,
        help_text=_("Its sender was unknown in the thread and answers a letter of ours."),
    )
    impostor = models.BooleanField(
        _("under our own address"),
        default=False,
        help_text=_("It claims to come from our house, and we did not send it."),
    )

    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.RECEIVED
    )
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    failed_in = models.CharField(_("failed in"), max_length=12, blank=True, editable=False)
    error = models.CharField(_("error"), max_length=500, blank=True, editable=False)

    objects = EmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["received", "triaged", "taken_in"]),
                name="email_waiting",
            ),
            models.Index(fields=["state"], name="email_state"),
            models.Index(fields=["-received_at", "-id"], name="email_newest"),
            models.Index(fields=["department", "-received_at"], name="email_department"),
            # Notices of a machine that names nothing are grouped by it.
            models.Index(fields=["from_address", "-received_at"], name="email_sender"),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("(no subject)"))


class Attachment(models.Model):
    email = models.ForeignKey(
        Email, verbose_name=_("mail"), on_delete=models.CASCADE, related_name="attachments"
    )
    filename = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=120)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64, db_index=True)
    content_id = models.CharField(max_length=255, blank=True)
    inline = models.BooleanField(_("shown in the text"), default=False)
    text = models.TextField(_("text that was read"), blank=True)
    document = models.JSONField(_("what was read"), null=True, editable=False)
    error = models.CharField(_("error"), max_length=300, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.filename
