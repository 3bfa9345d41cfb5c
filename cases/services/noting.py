"""Words among colleagues, written on a case."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases import mentions
from cases.models import Case, Note
from cases.services.holding import hold
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

LONGEST = 10_000


def write(
    case: Case, text: str, *, by: AbstractBaseUser | None, mentions: Iterable[int] = ()
) -> Note:
    """Write a note; whoever it mentions with @name follows the case from now on.

    `mentions`: people who are named besides those in the text. Raises DomainError for an empty note,
    one that is too long, or a case that was put into another one.
    """
    text = text.strip()
    if not text:
        raise DomainError("note.empty", N_("Write something first."), status=400)
    if len(text) > LONGEST:
        raise DomainError("note.too_long", N_("The note is too long."), status=400)
    with transaction.atomic():
        hold(case)
        named = _named(text, mentions)
        note = Note.objects.create(case=case, text=text, author_id=by.pk if by else None)
        note.mentions.set(named)
        case.followers.add(*named)
        Case.objects.filter(pk=case.pk).update(updated_at=timezone.now())
        record("case.noted", case, actor=by, number=case.number, note=note.pk, mentions=named)
    return note


def _named(text: str, besides: Iterable[int]) -> list[int]:
    """Return the members of staff whom a note names, by what they are called in the house."""
    names = mentions.found(text)
    staff = get_user_model().objects.filter(is_active=True, is_staff=True)
    by_name = staff.filter(username__in=names).values_list("pk", flat=True) if names else []
    chosen = staff.filter(pk__in=list(besides)).values_list("pk", flat=True)
    return sorted({*by_name, *chosen})
