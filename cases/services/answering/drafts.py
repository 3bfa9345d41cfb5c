"""What somebody is writing, kept while typing, so that a closed browser loses nothing."""

from dataclasses import asdict, replace
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from cases.models import Case, ReplyDraft
from cases.services.answering import addressing
from cases.services.answering.composed import Composed, language_of
from cases.services.answering.preparing import quoted
from emails.data import File

LONGEST = {"mode": 10, "to": 1000, "cc": 1000, "bcc": 1000, "subject": 500, "text": 200_000}


def keep(case: Case, by: AbstractBaseUser, **fields: Any) -> ReplyDraft:
    """Keep what stands in the composer: mode, answers, to, cc, bcc (as typed), subject, text and
    files. What is left out stays; what is too long is cut. Where the case was put into another one
    meanwhile, that one keeps it."""
    values = {
        name: value[: LONGEST[name]].replace("\x00", "") if name in LONGEST else value
        for name, value in fields.items()
    }
    if "files" in values:
        values["files"] = [asdict(file) for file in values["files"]]
    draft, _ = ReplyDraft.objects.update_or_create(
        case=case.merged_into or case,
        user_id=by.pk,
        defaults={**values, "updated_at": timezone.now()},
    )
    return draft


def keep_composed(case: Case, by: AbstractBaseUser, composed: Composed) -> Composed:
    """Keep a letter; what the person began to write meanwhile stays below it."""
    begun = draft_of(case.merged_into or case, by)
    if begun and begun.text.strip():
        composed = replace(composed, text=f"{composed.text}\n\n{begun.text}")
    keep(
        case,
        by,
        mode=composed.mode,
        answers=composed.answers,
        to=", ".join(composed.to),
        cc=", ".join(composed.cc),
        bcc=", ".join(composed.bcc),
        subject=composed.subject,
        text=composed.text,
        files=composed.files,
    )
    return composed


def draft_of(case: Case, by: AbstractBaseUser) -> ReplyDraft | None:
    return ReplyDraft.objects.filter(case=case, user_id=by.pk).select_related("answers").first()


def drop(case: Case, by: AbstractBaseUser) -> None:
    ReplyDraft.objects.filter(case=case, user_id=by.pk).delete()


def composed_of(draft: ReplyDraft) -> Composed:
    """Return a draft as the composer shows it."""
    language = language_of(draft.case, draft.answers)
    return Composed(
        mode=draft.mode,
        answers=draft.answers,
        to=addressing.typed(draft.to),
        cc=addressing.typed(draft.cc),
        bcc=addressing.typed(draft.bcc),
        subject=draft.subject,
        text=draft.text,
        quoted=quoted(draft.mode, draft.answers, language),
        files=tuple(File(**one) for one in draft.files),
        language=language,
    )
