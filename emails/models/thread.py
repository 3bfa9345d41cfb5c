from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Thread(models.Model):
    """Mails that belong together."""

    subject = models.CharField(_("subject"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject or str(_("(no subject)"))


class Reference(models.Model):
    """What leads to a thread: a Message-ID, also one that is only named by others, or the number of
    a case, in square brackets."""

    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    thread = models.ForeignKey(
        Thread, verbose_name=_("thread"), on_delete=models.CASCADE, related_name="references"
    )

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")

    def __str__(self) -> str:
        return self.message_id
