"""What staff leave on a case while they work on it: notes, drafts, their presence."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from emails.models import Email


class Note(models.Model):
    """A word among colleagues; it never leaves the house and stops no clock."""

    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    """None: a rule wrote it."""
    text = models.TextField(_("note"), max_length=10_000)
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("mentioned"), blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "at"], name="note_case")]

    def __str__(self) -> str:
        return self.text[:80]


class ReplyDraft(models.Model):
    """What somebody is writing, kept while typing: a closed browser loses nothing."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=10, default="reply")
    answers = models.ForeignKey(Email, null=True, on_delete=models.SET_NULL, related_name="+")
    to = models.CharField(max_length=1000, blank=True)
    cc = models.CharField(max_length=1000, blank=True)
    bcc = models.CharField(max_length=1000, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    files = models.JSONField(default=list)
    """What goes along: sha256, filename, media type and size of each file in the blob store."""
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft of an answer")
        verbose_name_plural = _("drafts of answers")
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="one_draft_each_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.subject}"


class Presence(models.Model):
    """Who has the case open, and who types: the collision warning. Old rows mean nobody."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)
    typed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="one_presence_each_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class SavedView(models.Model):
    """A list of cases that somebody wants to see again: filters of the inbox under a name."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("of"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="saved_views",
        help_text=_("Empty: for everybody."),
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=500)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_name_and_owner")
        ]

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    """What the customer gave us for a case, by one click in our last letter; once per case."""

    case = models.OneToOneField(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="rating"
    )
    stars = models.PositiveSmallIntegerField(_("stars"))
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"
            )
        ]
        indexes = [models.Index(fields=["at"], name="rating_at")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.stars}"
