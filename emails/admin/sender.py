"""What to know about the sender of a mail before one trusts or answers it."""

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emails.models import BlockedAddress, Email
from emails.threading import other_address_in
from hbu.lib.admin import Notice, Section, link, moment
from hbu.lib.telling import told


def warnings(email: Email) -> list[Section]:
    return [*_forged(email), *_other_name(email), *blocks_of(email.from_address)]


def _forged(email: Email) -> list[Section]:
    """Promise D4: our own server found that the domain in From does not stand by this mail."""
    if email.trust != Email.Trust.FAILED:
        return []
    words = _(
        "The domain it names does not know this mail (DMARC). No order of it is confirmed unseen, "
        "and nothing about orders is told by itself."
    )
    return [Notice(title=_("The sender is perhaps forged"), text=words, colour="danger")]


def _other_name(email: Email) -> list[Section]:
    """Promise D5: the name is the sender's to choose, and some choose an address."""
    shown = other_address_in(email.from_name, email.from_address)
    if not shown:
        return []
    words = gettext("The name shows %(shown)s, but the mail comes from %(address)s.")
    details = {"shown": shown, "address": email.from_address or "?"}
    return [Notice(title=_("Another address as a name"), text=words % details, colour="danger")]


def blocks_of(address: str) -> list[Section]:
    """Say that automatic mail to an address is held back, and where that is lifted."""
    rows = BlockedAddress.objects.of([address]).in_force(timezone.now())
    return [
        Notice(
            title=_("Automatic mail to this address is held back"),
            text=format_html("{} · {}", told(row.reason), link(row, until(row))),
        )
        for row in rows
    ]


def until(row: BlockedAddress) -> str:
    if row.until is None:
        return gettext("until somebody lifts the block")
    return gettext("until %(moment)s") % {"moment": moment(row.until)}
