"""Letters that came back or were unwelcome: reports are matched with what we sent (RFC 3464, 5965).

Anybody can write a report: one that names a Message-ID which we did not sign, or which no letter
that left has, changes nothing (promise C8).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from emails.bounces import RETURNED_TYPES
from emails.data import Automatic, BounceReason
from emails.headers import message_ids
from emails.mime import TooComplex, read_head
from emails.models import Attachment, BlockedAddress, Email, OutgoingEmail
from emails.services import blocking
from emails.services.conversations import is_our_letter
from emails.threading import LETTER_HEADER
from hbu.journal.recording import record_many
from hbu.lib import blobs
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all

State = OutgoingEmail.State
RETURNED = N_("The mail could not be delivered")
DELAYED = N_("The mail is delayed and its server still tries")
UNWELCOME = N_("Its reader reported our mail as spam.")
# RFC 3463, section 3.1: 5 is for good; after 4 the servers still try.
FOR_GOOD, FOR_NOW = "5.", "4."
# This letter's fault, not the address's.
OF_THE_LETTER = ("5.2.3", "5.3.4", "5.6.")
CAUSES_OF_THE_LETTER = (BounceReason.TOO_BIG, BounceReason.CONTENT)
CAUSES: dict[str, str] = {
    BounceReason.USER_UNKNOWN: N_("nobody has this address"),
    BounceReason.MAILBOX_FULL: N_("the mailbox is full"),
    BounceReason.MAILBOX_DISABLED: N_("the mailbox is closed"),
    BounceReason.HOST_UNKNOWN: N_("the domain takes no mail"),
    BounceReason.TOO_BIG: N_("the mail is too big"),
    BounceReason.CONTENT: N_("the content was refused"),
    BounceReason.POLICY: N_("a rule of the receiver forbids it"),
    BounceReason.RELAY_DENIED: N_("the server does not pass it on"),
    BounceReason.LOOP: N_("the mail went in circles"),
    BounceReason.EXPIRED: N_("it was tried for too long"),
}
# What left, or may have: a report can be faster than the server's answer to us.
LEFT = (State.SENT, State.SENDING, State.UNCERTAIN, State.RETRYING)
# A report quotes a letter of ours; what is longer than one is not read.
RETURNED_BYTES = 1024 * 1024
REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail tells about a letter of ours."""

    email: Email
    letter: OutgoingEmail

    @property
    def status(self) -> str:
        return str(_facts(self.email).get("status", ""))

    @property
    def final(self) -> bool:
        return _is_final(self.email)

    @property
    def delayed(self) -> bool:
        return self.status.startswith(FOR_NOW) and not self.final

    @property
    def reason(self) -> str:
        """The status and for whom, as evidence behind a marked text."""
        if self.email.automatic == Automatic.FEEDBACK_REPORT:
            return UNWELCOME
        what = RETURNED if self.final else DELAYED
        cause = CAUSES.get(str(_facts(self.email).get("reason", "")), "")
        recipients = ", ".join(_facts(self.email).get("final_recipients", ()))
        told = ": ".join(filter(None, (what, cause, f"{self.status} {recipients}".strip())))
        return told[:REASON_LENGTH]

    @property
    def blames_the_address(self) -> bool:
        """Whether the next letter would come back, too: refused for good, and not for itself."""
        cause = _facts(self.email).get("reason")
        of_the_letter = self.status.startswith(OF_THE_LETTER) or cause in CAUSES_OF_THE_LETTER
        return self.status.startswith(FOR_GOOD) and not of_the_letter

    @property
    def block(self) -> BlockedAddress:
        """The block of the address that we wrote to; what a report names could be anybody's."""
        now = timezone.now()
        return BlockedAddress(
            address=self.letter.to_address,
            reason=self.reason,
            status=self.status[:20],
            letter=self.letter,
            report=self.email,
            since=now,
            until=now + blocking.BLOCKED_FOR,
        )


def note(emails: Sequence[Email]) -> list[OutgoingEmail]:
    """Note what the reports among the mails say; return the letters that came back for good.

    Call in the transaction that takes the mails in.
    """
    named = _letters_named(emails)
    if not named:
        return []
    with transaction.atomic():
        letters = OutgoingEmail.objects.select_for_update().filter(
            message_id__in=named, state__in=LEFT
        )
        reports = [Report(named[one.message_id], one) for one in letters]
        unwelcome = [one for one in reports if one.email.automatic == Automatic.FEEDBACK_REPORT]
        bounced = [one for one in reports if one.email.automatic == Automatic.BOUNCE]
        returned = [one for one in bounced if one.final]
        _return(returned)
        _tell("outgoing.delayed", (one for one in bounced if one.delayed))
        _tell("outgoing.unwelcome", unwelcome)
        at_fault = (one for one in returned if one.blames_the_address)
        blocking.block([one.block for one in (*at_fault, *unwelcome)])
    return [one.letter for one in returned]


def _letters_named(emails: Sequence[Email]) -> dict[str, Email]:
    """Return the reports by the Message-ID of ours that each is about; of two the final one."""
    told = (Automatic.BOUNCE, Automatic.FEEDBACK_REPORT)
    reports = sorted((one for one in emails if one.automatic in told), key=_is_final)
    named = [(str(_facts(one).get("original_message_id", "")), one) for one in reports]
    silent = {one.pk: one for found, one in named if not is_our_letter(found)}
    quoted = [(found, silent[pk]) for pk, found in _quoted(silent)]
    return {found: one for found, one in (*quoted, *named) if is_our_letter(found)}


def _facts(email: Email) -> Mapping[str, Any]:
    return email.bounce or {}


def _is_final(email: Email) -> bool:
    permanent = _facts(email).get("permanent")
    for_good = str(_facts(email).get("status", "")).startswith(FOR_GOOD)
    return for_good if permanent is None else bool(permanent)


def _quoted(emails: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield the ids in what the reports send back: relays that rewrite a Message-ID leave our own
    header, and feedback reports name the mail nowhere else."""
    parts = Attachment.objects.filter(
        email__in=emails, content_type__in=RETURNED_TYPES, size__lte=RETURNED_BYTES
    )
    for pk, digest in parts.values_list("email_id", "sha256") if emails else ():
        payload = blobs.get(settings.BLOBS_DIR, digest)
        try:
            head, _ = read_head(payload, 0, len(payload))
        except TooComplex:
            continue
        yield from (
            (pk, one) for name in (LETTER_HEADER, "Message-ID") for one in message_ids(head, name)
        )


def _return(reports: Sequence[Report]) -> None:
    for one in reports:
        one.letter.state, one.letter.reason = State.BOUNCED, one.reason
    save_all([one.letter for one in reports], ["state", "reason"])
    _tell("outgoing.bounced", reports)


def _tell(kind: str, reports: Iterable[Report]) -> None:
    facts = ((one.letter, {"to": one.letter.to_address, "reason": one.reason}) for one in reports)
    record_many(kind, facts)
