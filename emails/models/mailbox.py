from datetime import datetime

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from agents.scope import departments_of, of_mail
from hbu.lib.secrets import SecretField


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def watched(self) -> "MailboxQuerySet":
        return self.filter(is_active=True)

    def due(self, now: datetime) -> "MailboxQuerySet":
        return self.watched().filter(Q(next_poll_at=None) | Q(next_poll_at__lte=now))


class Mailbox(models.Model):
    """An account we watch, with its cursor."""

    class Security(models.TextChoices):
        SSL = "ssl", _("TLS from the start (993)")
        STARTTLS = "starttls", _("STARTTLS (143)")
        NONE = "none", _("NOT ENCRYPTED")

    class Start(models.TextChoices):
        NEW = "new", _("only mail from now on")
        IMPORT = "import", _("take in what is there without answering it")
        ALL = "all", _("work on what is there as on new mail")

    class AfterStoring(models.TextChoices):
        LEAVE = "leave", _("leave it as it is")
        SEEN = "seen", _("mark it as read")
        MOVE = "move", _("move it to the archive folder")

    address = models.EmailField(_("mail address"), unique=True)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="mailboxes"
    )
    host = models.CharField(
        _("server"), max_length=200, blank=True, help_text=_("Empty: the embedded mail hub.")
    )
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(
        _("encryption"), max_length=10, choices=Security.choices, default=Security.SSL
    )
    verify_certificate = models.BooleanField(
        _("check the server's certificate"),
        default=True,
        help_text=_("Without the check anybody between us and the server can read the password."),
    )
    authserv_id = models.CharField(
        _("server that checks senders"),
        max_length=120,
        blank=True,
        help_text=_(
            "The name it puts first in its Authentication-Results (RFC 8601). Empty: nobody checks."
        ),
    )
    authserv_removes_forged = models.BooleanField(
        _("it removes lines under its name that came with a mail"),
        default=False,
        help_text=_(
            "Required by RFC 8601, section 5. Only then its line counts where most servers put it, "
            "below their own Received line; else it counts on top of the mail alone."
        ),
    )
    username = models.CharField(_("user name"), max_length=200, blank=True)
    password = SecretField(_("password"), blank=True, default="")
    folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    start = models.CharField(_("at first"), max_length=12, choices=Start.choices, default=Start.NEW)
    after_storing = models.CharField(
        _("after storing"), max_length=8, choices=AfterStoring.choices, default=AfterStoring.SEEN
    )
    archive_folder = models.CharField(_("archive folder"), max_length=120, default="Archive")
    is_active = models.BooleanField(_("watched"), default=True)

    uidvalidity = models.PositiveBigIntegerField(null=True, editable=False)
    last_uid = models.PositiveBigIntegerField(default=0, editable=False)
    import_until_uid = models.PositiveBigIntegerField(default=0, editable=False)

    after_uid = models.PositiveBigIntegerField(default=0, editable=False)
    """What the server numbers up to here was there before our time."""

    counted_at = models.DateTimeField(_("counted"), null=True, editable=False)
    counted_until_uid = models.PositiveBigIntegerField(default=0, editable=False)
    held_count = models.PositiveIntegerField(_("on the server"), default=0, editable=False)
    gone_count = models.PositiveIntegerField(
        _("stored, and no longer on the server"), default=0, editable=False
    )
    missing_uids = models.JSONField(_("missing UIDs"), default=list, editable=False)
    gap_since = models.DateTimeField(_("gap since"), null=True, editable=False)

    last_polled_at = models.DateTimeField(_("last looked at"), null=True, editable=False)
    next_poll_at = models.DateTimeField(_("next look"), null=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

    @property
    def epoch(self) -> int:
        """The UIDVALIDITY under which the server numbers its mails now; 0 before we know it."""
        return self.uidvalidity or 0

    @property
    def is_safe(self) -> bool:
        return self.security != self.Security.NONE and self.verify_certificate


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of(self, mailbox: Mailbox) -> "DeliveryQuerySet":
        """The ledger of the mailbox as the server numbers it now."""
        return self.filter(mailbox=mailbox, folder=mailbox.folder, uidvalidity=mailbox.epoch)

    def unfinished(self) -> "DeliveryQuerySet":
        return self.filter(state__in=[Delivery.State.CLAIMED, Delivery.State.FAILED])

    def safe(self) -> "DeliveryQuerySet":
        return self.filter(state__in=[Delivery.State.STORED, Delivery.State.OVERSIZE])

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "DeliveryQuerySet":
        ours = of_mail(user, "email__")
        if ours is None:
            return self
        return self.filter(ours | Q(email=None, mailbox__department__in=departments_of(user)))


class Delivery(models.Model):
    """The ledger: one row for each mail a server ever showed us, claimed before any work."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("claimed")
        STORED = "stored", _("stored")
        OVERSIZE = "oversize", _("too large")
        FAILED = "failed", _("failed")

    mailbox = models.ForeignKey(
        Mailbox, verbose_name=_("mailbox"), on_delete=models.CASCADE, related_name="deliveries"
    )
    folder = models.CharField(_("folder"), max_length=120)
    uidvalidity = models.PositiveBigIntegerField()
    uid = models.PositiveBigIntegerField("UID")
    email = models.ForeignKey(
        "emails.Email",
        verbose_name=_("mail"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.CLAIMED
    )
    size = models.PositiveBigIntegerField(_("size"), default=0)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(_("claimed at"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    told_server = models.BooleanField(_("marked on the server"), default=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "folder", "uidvalidity", "uid"], name="one_row_per_uid"
            )
        ]
        indexes = [
            models.Index(
                fields=["mailbox", "claimed_at"],
                condition=Q(state__in=["claimed", "failed"]),
                name="delivery_unfinished",
            ),
            models.Index(
                fields=["mailbox"],
                condition=Q(told_server=False),
                name="delivery_server_not_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.uid}"
