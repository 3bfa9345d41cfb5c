"""The words that counted, marked in the mail, and what each colour stands for."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import localize, number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emails import classifying, evidence, sentiment
from emails.labels import KIND_LABELS
from emails.marking import Marker, Sought
from emails.models import Email

STYLE = "background-color: {}; color: #111827"
KIND, PRESSING, FEELING, FACT = (
    STYLE.format(shade) for shade in ("#fde68a", "#fecaca", "#ddd6fe", "#bfdbfe")
)
LEGEND: Mapping[str, Promise] = {
    KIND: _("speaks for the kind"),
    PRESSING: _("makes it pressing"),
    FEELING: _("how the writer feels"),
    FACT: _("deadline or amount"),
}
OF_REASON = {
    evidence.IN_THE_SUBJECT: KIND,
    evidence.IN_THE_TEXT: KIND,
    evidence.IN_ONE_SENTENCE: KIND,
    evidence.AS_IN_AN_ORDER: KIND,
    classifying.LEARNED: KIND,
    classifying.URGENT_WORDS: PRESSING,
    classifying.PRESSING_WORDS: PRESSING,
    classifying.NEWSLETTER_WORDS: PRESSING,
    sentiment.DISPLEASED: FEELING,
    sentiment.PLEASED: FEELING,
}
MARK = '<mark title="{}" style="{}">{}</mark>'


def marker(email: Email) -> Marker:
    return Marker(_sought(email), f"{email.subject}\n{email.reply_text or email.text}")


def marked(marker: Marker, text: str) -> SafeString:
    return format_html_join(
        "",
        "{}",
        (
            (format_html(MARK, one.title, one.style, piece) if one else piece,)
            for piece, one in marker.pieces(text)
        ),
    )


def legend(email: Email) -> SafeString:
    """Return what the colours stand for that this mail's words are marked with."""
    used = {one.style for one in _sought(email)}
    return format_html_join(
        " · ",
        MARK,
        ((name, style, name) for style, name in LEGEND.items() if style in used),
    )


def _sought(email: Email) -> Iterator[Sought]:
    """Yield dates and sums first: a word inside one is part of it."""
    for one in email.deadlines:
        due = localize(date.fromisoformat(one["due"]))
        yield Sought(one["found"], gettext("Deadline: %(day)s") % {"day": due}, FACT)
    for one in email.amounts:
        value = number_format(Decimal(one["value"]), force_grouping=True)
        yield Sought(one["found"], f"{value} {one['currency']}", FACT)
    for reason in email.reasons:
        yield from _of_reason(email, reason)


def _of_reason(email: Email, reason: Mapping[str, Any]) -> Iterator[Sought]:
    style = OF_REASON.get(reason["what"])
    if style is None:
        return
    title = gettext(reason["what"])
    if style == KIND:
        title = f"{title}: {KIND_LABELS.get(email.kind, email.kind)}"  # type: ignore[call-overload]
    for words in reason["evidence"].split(classifying.JOINED):
        for one in words.split(evidence.BETWEEN):
            yield Sought(one, title, style)
