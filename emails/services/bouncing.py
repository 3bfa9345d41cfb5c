"""Letters that came back: delivery reports are matched with what we sent (RFC 3464)."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from emails.data import Automatic
from emails.models import Email, OutgoingEmail
from emails.services.joining import is_our_letter
from hbu.journal.recording import record_many
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all

RETURNED = N_("The mail could not be delivered")
# RFC 3463, section 3.1: 5 is for good; after 4 the servers still try.
FOR_GOOD = "5."


def note(emails: Sequence[Email]) -> None:
    """Mark the letters that came back for good; call in the transaction that takes the mails in.

    Anybody can write a delivery report: one that names a Message-ID which we did not sign, or
    which no letter that left has, changes nothing (promise C8).
    """
    bounces = [email.bounce for email in emails if email.automatic == Automatic.BOUNCE]
    reports = {one["original_message_id"]: one for one in bounces if one and _tells(one)}
    if not reports:
        return
    with transaction.atomic():
        letters = list(
            OutgoingEmail.objects.select_for_update().filter(
                message_id__in=reports, state=OutgoingEmail.State.SENT
            )
        )
        for letter in letters:
            letter.state = OutgoingEmail.State.BOUNCED
            letter.reason = _reason(reports[letter.message_id])
        save_all(letters, ["state", "reason"])
        record_many(
            "outgoing.bounced",
            ((one, {"to": one.to_address, "reason": one.reason}) for one in letters),
        )


def _tells(report: dict[str, Any]) -> bool:
    return report["status"].startswith(FOR_GOOD) and is_our_letter(report["original_message_id"])


def _reason(report: dict[str, Any]) -> str:
    """The status and for whom, as evidence behind a marked text."""
    recipients = ", ".join(report["final_recipients"])
    return f"{RETURNED}: {report['status']} {recipients}".rstrip()[:300]
