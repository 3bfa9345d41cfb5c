"""What a mail itself leaves in doubt, beside what its document says."""

import re
from collections.abc import Iterator

from emails.data import Kind, Trust
from emails.models import Email
from emails.parsing import AMBIGUOUS_SENDER
from hbu.lib.reasons import N_
from orders.data import Doubt

NOT_AUTHENTIC = Doubt(
    "sender_not_authentic", N_("The sender is perhaps forged: its domain does not know this mail.")
)
# What a quotation that only states our prices would leave unanswered.
BESIDE_PRICES = re.compile(
    r"\b(?:muster|werkzeugkosten|gravur|logo|sonderanfertigung|sonderfarbe|zertifikat|sondermaß"
    r"|samples?|tooling|engrav|custom|certificate)\w*",
    re.IGNORECASE,
)
OUR_QUOTATION = re.compile(r"\bA-20\d{2}-\d{6}\b")
LOOKED_AT = 50_000


def of_mail(email: Email) -> tuple[Doubt, ...]:
    return tuple(_of_mail(email))


def _of_mail(email: Email) -> Iterator[Doubt]:
    if AMBIGUOUS_SENDER in email.defects:
        yield Doubt("sender", N_("The mail does not say clearly who sent it."))
    if email.trust == Trust.FAILED:
        yield NOT_AUTHENTIC
    if email.automatic:
        yield Doubt("automatic", N_("A machine wrote the mail."))
    words = email.text[:LOOKED_AT]
    if email.kind == Kind.QUOTATION_REQUEST and (more := BESIDE_PRICES.search(words)):
        yield Doubt("asks_more", N_("The mail asks for more than prices"), more[0])
    yield from of_words(email, f"{email.subject}\n{email.reply_text or words}")


def of_words(email: Email, words: str) -> tuple[Doubt, ...]:
    """An order by a quotation of ours counts on its prices, which a person can give it."""
    named = OUR_QUOTATION.search(words[:LOOKED_AT]) if email.kind == Kind.ORDER else None
    what = N_("It refers to a quotation of ours; its prices may be others")
    return (Doubt("refers_to_quotation", what, named[0]),) if named else ()
