from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.scope import of_case, of_mail


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, user: AbstractUser | AnonymousUser) -> "ThreadQuerySet":
        """Conversations with a mail or a case that the person sees."""
        mails = of_mail(user, "emails__")
        if mails is None:
            return self
        these = Thread.objects.filter(pk=OuterRef("pk"))
        cases = these.filter(of_case(user, "cases__"))
        return self.filter(Exists(these.filter(mails)) | Exists(cases))


class Thread(models.Model):
    """Mails that belong together."""

    subject = models.CharField(_("subject"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)

    objects = ThreadQuerySet.as_manager()

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
