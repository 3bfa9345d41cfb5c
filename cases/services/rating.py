"""What customers give us for a case: one click in our last letter, once.

The link opens a page and writes nothing: programs that look through mails follow every link in it.
"""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext, override

from cases.models import Case, Rating, Task
from cases.services import tasks
from emails.data import Kind
from emails.models import OutgoingEmail
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

SALT = "cases.rating"
DAYS = 90
STARS = range(1, 6)
LOW = 2
LONGEST = 2000
TALK_TO_THE_CUSTOMER = N_("Talk to the customer")
NOT_ASKED = (Kind.SPAM, Kind.SUPPLIER)


def link(case: Case) -> str:
    """Return the address under which a customer rates the case; it holds for ninety days."""
    return f"{settings.HBU_SITE_URL}/rate/{_signer().sign(case.number)}/"


def case_of(token: str) -> Case | None:
    """Return whose link this is; None for one that is forged or too old.

    Where the case was put into another one, it is that one that is rated.
    """
    try:
        number = _signer().unsign(token, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return None
    case = Case.objects.select_related("customer", "merged_into").filter(number=number).first()
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    return case


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=SALT)


def may_be_asked(case: Case) -> bool:
    """Whether a letter may ask how satisfied the customer is: once, and no supplier."""
    if case.kind in NOT_ASKED or Rating.objects.filter(case=case).exists():
        return False
    letters = OutgoingEmail.objects.filter(thread=case.thread_id) if case.thread_id else None
    asked = f"/rate/{case.number}:"
    return letters is None or not (
        letters.filter(quoted__contains=asked).exclude(state=OutgoingEmail.State.ABORTED).exists()
    )


def invitation(case: Case, language: str) -> str:
    """Return what stands below a letter that resolves a case: a line for each number of stars."""
    address = link(case)
    with override(language):
        question = gettext("How satisfied are you with us? One click is enough:")
    lines = (
        f"{'★' * stars}{'☆' * (5 - stars)}  {address}?stars={stars}" for stars in reversed(STARS)
    )
    return "\n".join((question, *lines)) + "\n"


def rate(case: Case, stars: int, *, comment: str = "") -> Rating:
    """Keep what the customer gave, once; a comment may be added once. Raises DomainError."""
    comment = comment.replace("\x00", "").strip()[:LONGEST]
    if stars not in STARS:
        raise DomainError("rating.stars", N_("Choose one to five stars."), status=400)
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        given, is_new = Rating.objects.get_or_create(
            case=held, defaults={"stars": stars, "comment": comment}
        )
        if is_new:
            record("case.rated", held, number=held.number, stars=stars)
            _talk(held, stars)
        elif comment and not given.comment:
            given.comment = comment
            given.save(update_fields=["comment"])
    return given


def given(case: Case) -> Rating | None:
    return Rating.objects.filter(case=case).first()


def _talk(held: Case, stars: int) -> None:
    """Somebody should hear what went wrong. The case stays as it is: it was answered."""
    if stars > LOW:
        return
    wanted = Task(
        case=held,
        title=TALK_TO_THE_CUSTOMER,
        reason=f"{N_('Stars of five')}: {stars}",
        priority="high",
        department=held.department,
    )
    tasks.open_all([wanted])
