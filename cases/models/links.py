"""What hangs on a case: the history of its status, its mails, and what those brought."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from emails.models import Email
from orders.models import Document


class StatusChange(models.Model):
    """The history from which all clocks are computed: from `at` on the case stood in `status`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="status_changes")
    status = models.CharField(_("status"), max_length=20, choices=Case.Status.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["case", "at"], name="status_change_case"),
            # Rules of time ask what changed in a span.
            models.Index(fields=["at"], name="status_change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_status_display()}"


class CaseEmail(models.Model):
    """A mail belongs to one case, whatever is merged or split later."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    email = models.OneToOneField(Email, on_delete=models.CASCADE, related_name="link")

    class Meta:
        verbose_name = _("mail of a case")
        verbose_name_plural = _("mails of cases")

    def __str__(self) -> str:
        return f"{self.case_id} ← {self.email_id}"


class Filing(models.Model):
    """A mail brought a document; the same file may come with several mails.

    Its case is that of the mail, wherever the mail is moved to.
    """

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="filings"
    )
    email = models.ForeignKey(
        Email, verbose_name=_("mail"), on_delete=models.CASCADE, related_name="filings"
    )

    class Meta:
        verbose_name = _("document of a mail")
        verbose_name_plural = _("documents of mails")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "document"], name="a_mail_files_a_document_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email_id} ← {self.document_id}"
