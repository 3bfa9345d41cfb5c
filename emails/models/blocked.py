from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from emails.models.email import Email
from emails.models.outgoing import OutgoingEmail


class BlockedAddressQuerySet(models.QuerySet["BlockedAddress"]):
    def in_force(self, now: datetime) -> "BlockedAddressQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=now), lifted_at=None)

    def of(self, addresses: Iterable[str]) -> "BlockedAddressQuerySet":
        return self.filter(address__in={one.lower() for one in addresses})


class BlockedAddress(models.Model):
    """An address that gets no automatic mail for a while, because mail to it came back."""

    address = models.CharField(_("mail address"), max_length=254, unique=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        blank=True,
        help_text=_("What the mail system said, as in RFC 3463: 5.1.1 is an unknown address."),
    )
    letter = models.ForeignKey(
        OutgoingEmail,
        verbose_name=_("letter"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="blocks",
    )
    report = models.ForeignKey(
        Email, verbose_name=_("report"), null=True, on_delete=models.SET_NULL, related_name="blocks"
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("Empty: until somebody lifts the block."),
    )
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("blocked by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects = BlockedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("blocked address")
        verbose_name_plural = _("blocked addresses")
        ordering = ["-since", "-id"]

    def __str__(self) -> str:
        return self.address

    def is_in_force(self, now: datetime) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > now)
