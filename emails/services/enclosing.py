"""Files that go with letters: named when a letter is written, filled in when they are made.

Whoever makes a file knows it by its cause and nothing of letters; a letter leaves when none of its
files is missing (promise O4).
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from emails.data import File, Letter
from emails.mime.leaves import display_name
from emails.models import Enclosure, OutgoingEmail
from hbu.journal.recording import record_many
from hbu.lib.rows import save_all

WAITS_IN = (OutgoingEmail.State.QUEUED, OutgoingEmail.State.RETRYING)
MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,78}")
OCTETS = "application/octet-stream"


def add(written: Iterable[tuple[Letter, OutgoingEmail]], made: Mapping[str, File]) -> None:
    """Note which files the letters wait for; those that are made already are filled in."""
    rows = [
        Enclosure(letter=row, cause=cause)
        for letter, row in written
        for cause in dict.fromkeys(letter.enclosures)
    ]
    for row in rows:
        if row.cause in made:
            _fill(row, made[row.cause])
    if rows:
        Enclosure.objects.bulk_create(rows)


def attach(letter: OutgoingEmail, files: Iterable[File]) -> None:
    """Let files that are made go with a letter, each content once."""
    rows = [
        Enclosure(letter=letter, cause=f"file:{file.sha256}")
        for file in {file.sha256: file for file in files}.values()
    ]
    made = {f"file:{file.sha256}": file for file in files}
    for row in rows:
        _fill(row, made[row.cause])
    Enclosure.objects.bulk_create(rows)


def enclose(cause: str, sha256: str, filename: str, media_type: str, size: int) -> None:
    """Give a file to the letters that wait for it; those that miss no other leave."""
    enclose_all({cause: File(sha256, filename, media_type, size)})


def enclose_all(made: Mapping[str, File]) -> None:
    """As `enclose`, for files by their causes; repeatable."""
    with transaction.atomic():
        waiting = Enclosure.objects.missing().select_for_update().filter(cause__in=made)
        rows = list(waiting)
        for row in rows:
            _fill(row, made[row.cause])
        save_all(rows, ["sha256", "filename", "media_type", "size"])
        _let_go({row.letter_id for row in rows})


def explain(reasons: Mapping[str, str]) -> None:
    """Say on the letters that wait for a file, by its cause, why it is still missing."""
    for cause, reason in reasons.items():
        waiting = Enclosure.objects.missing().filter(cause=cause)
        OutgoingEmail.objects.filter(pk__in=waiting.values("letter"), state__in=WAITS_IN).update(
            reason=reason[:300]
        )


def _fill(row: Enclosure, file: File) -> None:
    row.sha256, row.size = file.sha256, file.size
    # A name or type that holds a line break would write headers of its own.
    row.filename = display_name(file.filename) or "file"
    row.media_type = file.media_type if MEDIA_TYPE.fullmatch(file.media_type) else OCTETS


def _let_go(letters: Iterable[int]) -> None:
    """Ring for the letters that miss nothing any more."""
    missing = Enclosure.objects.missing().filter(letter=OuterRef("pk"))
    whole = OutgoingEmail.objects.filter(pk__in=letters, state__in=WAITS_IN)
    rows: Sequence[OutgoingEmail] = list(whole.exclude(Exists(missing)))
    OutgoingEmail.objects.filter(pk__in=[row.pk for row in rows]).update(
        reason="", next_attempt_at=timezone.now()
    )
    record_many("outgoing.enclosed", ((row, {"to": row.to_address}) for row in rows))
