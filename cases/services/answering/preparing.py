"""An answer as the composer opens with it: addressed, greeted, signed, with what it answers."""

from babel.dates import format_date
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from cases.models import Case
from cases.services import replying, wording
from cases.services.answering import addressing
from cases.services.answering.composed import Composed, Mode, clerk, language_of, last_mail
from emails.data import File
from emails.models import Email
from emails.threading import normalised_subject, with_token
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Contact
from shop.services import people

CLOSINGS = {"de": "Mit freundlichen Grüßen", "en": "Kind regards"}
ANSWERS = {"de": "AW: ", "en": "Re: "}
FORWARDS = {"de": "WG: ", "en": "Fwd: "}
WROTE = {"de": "Am {day} schrieb {who}:", "en": "On {day}, {who} wrote:"}
FORWARDED = {
    "de": ("---------- Weitergeleitete Nachricht ----------", "Von", "Datum", "Betreff", "An"),
    "en": ("---------- Forwarded message ----------", "From", "Date", "Subject", "To"),
}
LONGEST_SUBJECT = 400
LINES_QUOTED, LETTERS_QUOTED = 300, 20_000
LETTERS_FORWARDED = 100_000
CUT = "[…]"


def prepare(
    case: Case, *, mode: str = Mode.REPLY, answers: Email | None = None, by: AbstractUser
) -> Composed:
    """Return the letter with which the composer opens; nothing is written.

    Raises DomainError where there is no such way to write, or the mail is of another case.
    """
    if mode not in set(Mode):
        raise DomainError("letter.mode", N_("There is no such way to write."), status=400)
    email = answers or (last_mail(case) if mode != Mode.NEW else None)
    if email is not None and not case.emails.filter(pk=email.pk).exists():
        raise DomainError("letter.of_another_case", N_("This mail is of another case."), status=404)
    if email is None and mode != Mode.NEW:
        mode = Mode.NEW
    language = language_of(case, email)
    to = _readers(case, Mode(mode), email)
    cc = addressing.everybody_else(email, to) if email and mode == Mode.REPLY_ALL else ()
    return Composed(
        mode=mode,
        answers=email,
        to=to,
        cc=cc,
        subject=_subject(case, Mode(mode), email, language),
        text=_text(case, to, language, by),
        quoted=quoted(mode, email, language),
        files=_files(email) if email and mode == Mode.FORWARD else (),
        language=language,
    )


def _readers(case: Case, mode: Mode, email: Email | None) -> tuple[str, ...]:
    if mode == Mode.FORWARD:
        return ()
    address = replying.recipient(email) if email and mode.answers else _contact(case)
    return (address,) if "@" in address and not addressing.is_ours(address) else ()


def _contact(case: Case) -> str:
    """Whom of the customer's people we write to: who ordered or asked, else the first we know."""
    order, quotation = case.orders.order_by("pk").last(), case.quotations.order_by("pk").last()
    given = (order and order.contact_email) or (quotation and quotation.contact_email)
    known = Contact.objects.filter(customer=case.customer_id) if case.customer_id else None
    first = known.order_by("pk").values_list("email", flat=True).first() if known else ""
    return given or first or ""


def _subject(case: Case, mode: Mode, email: Email | None, language: str) -> str:
    bare = normalised_subject(email.subject if email else case.title)[:LONGEST_SUBJECT]
    prefix = ANSWERS[language] if mode.answers else ""
    prefix = FORWARDS[language] if mode == Mode.FORWARD else prefix
    return with_token(f"{prefix}{bare}".strip(), case.number)


def _text(case: Case, to: tuple[str, ...], language: str, by: AbstractUser) -> str:
    """The salutation, room to write, and the signature as the letters of templates have it."""
    paper = replying.stationery_for(to)
    contact = paper.contacts.get(to[0].lower()) if to else None
    lines = (
        f"{people.salutation(contact, language)},",
        "",
        "",
        "",
        CLOSINGS[language],
        "",
        clerk(by),
        case.department.name_in(language),
        paper.company.imprint(language),
    )
    return "\n".join(lines) + "\n"


def quoted(mode: str, email: Email | None, language: str) -> str:
    """Return what stands below a letter: the mail it answers or forwards."""
    if email is None or mode == Mode.NEW:
        return ""
    return _forwarded(email, language) if mode == Mode.FORWARD else _answered(email, language)


def _answered(email: Email, language: str) -> str:
    lines = email.text[:LETTERS_QUOTED].strip().splitlines()
    cut = len(email.text) > LETTERS_QUOTED or len(lines) > LINES_QUOTED
    shown = [*lines[:LINES_QUOTED], *([CUT] if cut else [])]
    first = WROTE[language].format(day=_day(email, language), who=_who(email))
    return "\n".join([first, *(f"> {line}".rstrip() for line in shown)]) + "\n"


def _forwarded(email: Email, language: str) -> str:
    mark, sender, date, subject, to = FORWARDED[language]
    text = email.text[:LETTERS_FORWARDED].strip()
    if len(email.text) > LETTERS_FORWARDED:
        text = f"{text}\n{CUT}"
    receivers = ", ".join(str(one.get("address", "")) for one in email.to)
    head = (
        mark,
        f"{sender}: {_who(email)}",
        f"{date}: {_day(email, language)}",
        f"{subject}: {email.subject}",
        f"{to}: {receivers}",
    )
    return "\n".join([*head, "", text]) + "\n"


def _day(email: Email, language: str) -> str:
    at = timezone.localtime(email.date or email.received_at)
    return str(format_date(at.date(), "long", wording.locale_of(language)))


def _who(email: Email) -> str:
    name, address = email.from_name.strip(), email.from_address
    return f"{name} <{address}>" if name else address


def _files(email: Email) -> tuple[File, ...]:
    rows = email.attachments.filter(inline=False)
    return tuple(File(row.sha256, row.filename, row.content_type, row.size) for row in rows)
