from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class SLAPolicy(models.Model):
    """How fast we promise to be, in minutes of our opening hours."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_de = models.CharField(_("name (German)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    first_response_minutes = models.PositiveIntegerField(_("first answer within (minutes)"))
    resolution_minutes = models.PositiveIntegerField(_("solution within (minutes)"))

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")
        ordering = ["first_response_minutes"]

    def __str__(self) -> str:
        return self.name_de if (get_language() or "en").startswith("de") else self.name_en

    def clean(self) -> None:
        if self.resolution_minutes < self.first_response_minutes:
            raise ValidationError(
                {"resolution_minutes": _("A solution cannot be due before the first answer.")}
            )
