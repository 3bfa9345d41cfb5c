from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.scope import departments_of, key_of, of_mail
from emails.models.email import Email
from emails.models.mailbox import Mailbox
from emails.models.thread import Thread


class OutgoingEmailQuerySet(models.QuerySet["OutgoingEmail"]):
    def due(self, now: datetime) -> "OutgoingEmailQuerySet":
        """Letters that may leave now, oldest first."""
        return (
            self.filter(
                state__in=[OutgoingEmail.State.QUEUED, OutgoingEmail.State.RETRYING],
                next_attempt_at__lte=now,
            )
            .exclude(enclosures__sha256="")
            .order_by("id")
        )

    def for_a_person(self) -> "OutgoingEmailQuerySet":
        return self.filter(state__in=OutgoingEmail.FOR_A_PERSON)

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "OutgoingEmailQuerySet":
        """Letters that answer a mail the person sees, stand in such a conversation, or are his own."""
        answering = of_mail(user, "answers__")
        if answering is None:
            return self
        threads = Thread.objects.visible_to(user).filter(pk=OuterRef("thread"))
        alone = Q(answers=None, thread=None, mailbox__department__in=departments_of(user))
        unprompted = Q(Exists(threads), answers=None)
        return self.filter(answering | unprompted | alone | Q(created_by=key_of(user)))


class OutgoingEmail(models.Model):
    """A mail that leaves: written in the transaction of its cause, sent afterwards."""

    class State(models.TextChoices):
        DRAFT = "draft", _("waits for a person")
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        RETRYING = "retrying", _("tried again later")
        UNCERTAIN = "uncertain", _("perhaps sent")
        WITHHELD = "withheld", _("withheld")
        FAILED = "failed", _("failed")
        BOUNCED = "bounced", _("bounced")
        ABORTED = "aborted", _("not sent, on purpose")

    class Policy(models.TextChoices):
        """What to do when the line broke after the server may have taken the mail."""

        AT_MOST_ONCE = "at_most_once", _("rather not at all than twice")
        AT_LEAST_ONCE = "at_least_once", _("rather twice (same Message-ID) than not at all")

    class Weight(models.TextChoices):
        """How much the mail matters when budgets are counted (RFC 3834, section 2)."""

        ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement")
        COMMITMENT = "commitment", _("commitment")
        PERSONAL = "personal", _("written by a person")
        NOTICE = "notice", _("notice to staff")

    RELEASABLE = (State.DRAFT, State.WITHHELD, State.FAILED, State.UNCERTAIN, State.BOUNCED)
    ABORTABLE = (*RELEASABLE, State.QUEUED, State.RETRYING)
    FOR_A_PERSON = (State.DRAFT, State.UNCERTAIN, State.FAILED, State.BOUNCED)
    # One that came back did leave: a dead address spends its budget too.
    TRUE_SENDS = (
        State.QUEUED, State.SENDING, State.SENT, State.RETRYING, State.UNCERTAIN, State.BOUNCED
    )  # fmt: skip

    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    policy = models.CharField(
        _("if in doubt"), max_length=14, choices=Policy.choices, default=Policy.AT_MOST_ONCE
    )
    weight = models.CharField(
        _("sort"), max_length=16, choices=Weight.choices, default=Weight.ACKNOWLEDGEMENT
    )
    cause = models.CharField(
        _("cause"),
        max_length=80,
        unique=True,
        help_text=_("What this mail answers; the same cause is never answered twice."),
    )
    mailbox = models.ForeignKey(
        Mailbox,
        verbose_name=_("from mailbox"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="outgoing",
    )
    from_name = models.CharField(_("from (name)"), max_length=120, blank=True)
    from_address = models.EmailField(_("from"))
    to_name = models.CharField(_("to (name)"), max_length=200, blank=True)
    to_address = models.CharField(_("to"), max_length=254, db_index=True)
    cc = models.JSONField(_("copy to"), default=list, blank=True)
    bcc = models.JSONField(_("blind copy to"), default=list, blank=True)
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("text"))
    quoted = models.TextField(_("below it: what it answers or forwards"), blank=True)
    """Kept apart, so that courtesy is judged by our own words."""
    message_id = models.CharField("Message-ID", max_length=255, unique=True)
    in_reply_to = models.CharField("In-Reply-To", max_length=255, blank=True)
    references = models.JSONField("References", default=list)
    answers = models.ForeignKey(
        Email,
        verbose_name=_("answers"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="answers",
    )
    thread = models.ForeignKey(
        Thread,
        verbose_name=_("thread"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="outgoing",
    )
    template = models.CharField(_("template"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    score = models.PositiveSmallIntegerField(_("courtesy"), default=0)
    findings = models.JSONField(_("courtesy, rule by rule"), default=list)
    reason = models.CharField(_("why it does not leave"), max_length=300, blank=True)

    created_at = models.DateTimeField(_("written"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    receipts = models.JSONField(_("reader by reader"), default=dict, editable=False)
    """What the server said to each of several readers: who has the letter never gets it again."""
    smtp_code = models.PositiveSmallIntegerField(_("server's code"), null=True)
    smtp_reply = models.CharField(_("server's reply"), max_length=200, blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=["queued", "retrying", "sending"]),
                name="outgoing_waiting",
            ),
            models.Index(Lower("to_address"), "created_at", name="outgoing_budget"),
            models.Index(fields=["state"], name="outgoing_state"),
            # The budget of the whole house is counted from the index alone.
            models.Index(fields=["created_at", "state", "weight"], name="outgoing_hourly"),
            # Figures count what left in a time.
            models.Index(
                fields=["sent_at", "state"],
                condition=Q(sent_at__isnull=False),
                name="outgoing_left",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def readers(self) -> list[str]:
        """Everybody who gets it, each once."""
        known: dict[str, str] = {}
        for address in (self.to_address, *self.cc, *self.bcc):
            known.setdefault(address.lower(), address)
        return list(known.values())

    @property
    def left_out(self) -> dict[str, str]:
        """Readers who do not have it, with what the server said."""
        return {one: said for one, said in self.receipts.items() if not said.startswith("2")}


class EnclosureQuerySet(models.QuerySet["Enclosure"]):
    def missing(self) -> "EnclosureQuerySet":
        """Files that are not made yet; their letters wait."""
        return self.filter(sha256="")

    def visible_to(self, user: AbstractUser | AnonymousUser) -> "EnclosureQuerySet":
        if departments_of(user) is None:
            return self
        return self.filter(letter__in=OutgoingEmail.objects.visible_to(user).values("pk"))


class Enclosure(models.Model):
    """A file that goes with a letter. The letter waits until the file is there."""

    letter = models.ForeignKey(
        OutgoingEmail, verbose_name=_("letter"), on_delete=models.CASCADE, related_name="enclosures"
    )
    cause = models.CharField(_("what it is"), max_length=80, db_index=True)
    """Names the file for whoever makes it, for example the cause of a printout."""
    filename = models.CharField(_("name"), max_length=150, blank=True)
    media_type = models.CharField(_("type"), max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    """Empty until it is made."""
    size = models.PositiveIntegerField(_("bytes"), default=0)

    objects = EnclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("enclosure")
        verbose_name_plural = _("enclosures")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "cause"], name="an_enclosure_goes_once")
        ]
        indexes = [
            models.Index(fields=["letter"], condition=Q(sha256=""), name="enclosure_missing")
        ]

    def __str__(self) -> str:
        return self.filename or self.cause
