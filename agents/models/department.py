from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hbu.company.models import WorkCalendar


class Department(models.Model):
    """A business unit with a mail address of its own."""

    class Reopen(models.TextChoices):
        """What a mail does that comes into a conversation whose case is done."""

        REOPEN = "reopen", _("takes the case up again")
        NEW = "new", _("opens a new case, linked to the old one")
        NEW_AFTER = "new_after", _("takes it up again for some days, then opens a new one")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_de = models.CharField(_("name (German)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    address = models.EmailField(_("mail address"), unique=True)
    speciality = models.CharField(_("speciality"), max_length=200, blank=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("members"), blank=True, related_name="departments"
    )
    calendar = models.ForeignKey(
        WorkCalendar,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="departments",
        help_text=_("When it works; empty: when the house does."),
    )
    reopen = models.CharField(
        _("a mail to a case that is done"),
        max_length=9,
        choices=Reopen.choices,
        default=Reopen.NEW_AFTER,
    )
    reopen_days = models.PositiveSmallIntegerField(_("for so many days"), default=14)
    close_after_days = models.PositiveSmallIntegerField(
        _("resolved cases are closed after (days)"), default=14
    )

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]
        permissions = [("see_all_departments", _("Can see the work of all departments"))]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        return self.name_de if language.startswith("de") else self.name_en
