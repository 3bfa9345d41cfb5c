from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emails import templating
from hbu.lib.telling import told


class RoyalTemplate(models.Model):
    """An answer text with variables. One row for each language."""

    class Language(models.TextChoices):
        GERMAN = "de", _("German")
        ENGLISH = "en", _("English")

    code = models.SlugField(_("code"), max_length=40)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    title = models.CharField(
        _("title"), max_length=80, blank=True, help_text=_("How staff find it.")
    )
    by_hand = models.BooleanField(
        _("offered to staff"),
        default=False,
        help_text=_("In the list of whoever writes an answer."),
    )
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("royal template")
        verbose_name_plural = _("royal templates")
        ordering = ["code", "language"]
        constraints = [
            models.UniqueConstraint(fields=["code", "language"], name="one_text_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"

    def clean(self) -> None:
        problems = templating.check(self.subject, self.body)
        if problems:
            words = _("%(part)s, line %(line)d: %(what)s")
            raise ValidationError(
                [
                    words % {"part": gettext(part), "line": one.line, "what": told(one.message)}
                    for part, one in problems
                ]
            )
