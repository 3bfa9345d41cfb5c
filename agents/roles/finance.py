"""FinanceAgent: incoming invoices, payments, and how an invoice stands."""

import re

from agents.data import PAYMENT_STATUS, Ask, Brief, Close, InvoiceBrief, Outcome, Reply
from agents.roles.acknowledging import TITLES, acknowledge
from hbu.lib.reasons import N_

ABOUT_PAYMENTS = {"payment", "invoice"}
SAYS_PAID = re.compile(
    r"""\b(?:wir|ich)\b[^.?!]{0,120}\b(?:bezahlt|gezahlt|überwiesen|ueberwiesen|beglichen|angewiesen)\b
    |\b(?:wurden?|worden|bereits|schon|heute|gestern)\b[^.?!]{0,60}
        \b(?:bezahlt|überwiesen|ueberwiesen|beglichen|angewiesen)\b(?![^.!\n]{0,80}\?)
    |\b(?:zahlungsavis|zahlungsbeleg|remittance\ advice|payment\ advice)\b
    |\b(?:we|i)\b(?:\ have|\ had|\ ’ve|'ve)?(?:\ already|\ just)?\ (?:paid|transferred|settled|remitted)\b
    |\bpayment\ (?:has\ been|was)\ (?:made|sent|transferred)\b""",
    re.IGNORECASE | re.VERBOSE,
)
ASKS = re.compile(
    r"""\boffene[nrs]?\ (?:posten|rechnung\w*|betr[aä]g\w*|saldo|forderung\w*)\b
    |\b(?:noch|was|welche|alles)\b[^.?!]{0,60}\boffen\b
    |\b(?:eingegangen|erhalten|verbucht|gebucht|angekommen|bezahlt|beglichen)\b[^.!\n]{0,80}\?
    |\b(?:kontostand|saldo|kontoauszug|zahlungserinnerung|mahnung)\b
    |\b(?:outstanding|open\ (?:items?|invoices?|amounts?|balance)|still\ open|do\ we\ owe|we\ owe
        |account\ balance|statement\ of\ account|payment\ reminder)\b
    |\b(?:received|arrived|booked|paid|settled)\b[^.!\n]{0,80}\?""",
    re.IGNORECASE | re.VERBOSE,
)
WANTS_MORE = re.compile(
    r"""\b(?:kopie|rechnungskopie|rechnungskorrektur|korrig\w+|falsch\w*|reklam\w+|storn\w+|gutschrift
    |ratenzahlung|stundung|aufschub|zahlungsaufschub|doppelt|erstatt\w+|rückerstattung
    |copy|correct\w*|wrong|mistake|complain\w*|cancel\w*|credit\ note|instal?lments?|extension|twice
    |refund\w*|new\ bank\w*|neue\ bankverbindung)\b""",
    re.IGNORECASE | re.VERBOSE,
)
NOT_THEIRS = N_("It names an invoice that is not this customer's, or may be forged.")
STILL_OPEN = N_("They say it is paid; it is open in our books.")
ANSWERED = N_("The books answer how the invoices stand")


def decide(brief: Brief) -> Outcome:
    if not _is_a_question_of_ours(brief):
        return acknowledge(brief)
    if brief.unclear_invoices:
        return _by_a_person(brief, NOT_THEIRS)
    text = f"{brief.subject}\n{brief.text}"
    says_paid, asks = bool(SAYS_PAID.search(text)), bool(ASKS.search(text))
    about = brief.invoices or (brief.open_invoices if says_paid else ())
    if says_paid and any(one.is_open for one in about):
        return _by_a_person(brief, STILL_OPEN, about)
    if brief.invoices and (says_paid or asks):
        return _status(brief, brief.invoices)
    return _status(brief, ()) if asks and not says_paid else acknowledge(brief)


def _is_a_question_of_ours(brief: Brief) -> bool:
    """Whether a customer asks or tells about payments, and nothing that only a person can do."""
    wants_more = WANTS_MORE.search(f"{brief.subject}\n{brief.text}")
    plain = not brief.automatic and not brief.unread and not brief.answered_before
    return (
        bool(brief.kind in ABOUT_PAYMENTS and (brief.customer or brief.unclear_invoices) and plain)
        and not wants_more
    )


def _by_a_person(brief: Brief, reason: str, invoices: tuple[InvoiceBrief, ...] = ()) -> Outcome:
    """Thank and say nothing of the books; a person looks."""
    named = ", ".join(one.number for one in invoices)
    why = f"{reason} {named}".strip()
    return Outcome(
        actions=(
            Reply(template="payment_received" if invoices else "generic_ack"),
            Ask(title=TITLES["payment"], reason=why[:500]),
        ),
        reasons=(reason,),
    )


def _status(brief: Brief, invoices: tuple[InvoiceBrief, ...]) -> Outcome:
    numbers = " ".join(one.number for one in invoices)
    return Outcome(
        actions=(
            Reply(template=PAYMENT_STATUS, variables={"invoice_numbers": numbers}),
            Close(reason=f"{ANSWERED}: {numbers}"),
        ),
        reasons=(ANSWERED,),
    )
