"""Differences that a person wants are written: set-based, each with its event; nothing is sent."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from emails.models import Attachment, Email
from emails.services import joining
from emails.services.replay.comparing import FOLLOWERS, Compared, Stage
from hbu.journal.recording import record_many
from hbu.lib import blobs
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all

FILE_FIELDS = (
    "filename", "content_type", "size", "sha256", "content_id", "inline", "text", "document",
    "error",
)  # fmt: skip

COLUMNS = {column.name: column.attname for column in Email._meta.concrete_fields}


def write(
    compared: Sequence[Compared], stage: Stage, *, by: AbstractBaseUser | None = None
) -> set[int]:
    """Write what differs; return the mails it was written for. Raises DomainError.

    A mail that changed since it was compared, or that somebody works on, is left alone.
    """
    if not stage.can_be_applied:
        raise DomainError("replay.shown_only", N_("This step is only shown, never applied."))
    wanted = [one for one in compared if one.changes and not one.again.error]
    # Files first, like the mails themselves (promise A14).
    for one in wanted:
        _keep_files(one)
    with transaction.atomic():
        same = _unchanged(wanted, stage)
        done = [one for one in wanted if one.email.pk in same]
        if stage.fields:
            save_all([one.again.now for one in done], stage.fields)
        if stage.reads_files:
            _write_files(done)
        joining.remember(
            (one.again.now.message_id, one.email.thread_id)
            for one in done
            if one.again.now.message_id and "message_id" in one.changes
        )
        for follow in FOLLOWERS:
            follow(done)
        record_many("email.replayed", ((one.email, _told(one, stage)) for one in done), actor=by)
    return same


def _keep_files(one: Compared) -> None:
    for row in one.again.files:
        if row.pk is None:
            blobs.put(settings.BLOBS_DIR, one.again.parts[row.sha256].payload)


def _unchanged(compared: Sequence[Compared], stage: Stage) -> set[int]:
    """Lock the rows; return those that are still as they were when they were compared.

    In all columns of the stage, because all are written.
    """
    now = timezone.now()
    keys = [one.email.pk for one in compared]
    # Without joins: PostgreSQL does not lock the empty side of an outer one.
    held = Email.objects.decided().unclaimed(now).select_for_update().in_bulk(keys)
    columns = [COLUMNS[name] for name in stage.fields]
    return {
        one.email.pk
        for one in compared
        if (row := held.get(one.email.pk)) and _values(row, columns) == _values(one.email, columns)
    }


def _values(email: Email, columns: Sequence[str]) -> list[object]:
    return [getattr(email, column) for column in columns]


def _write_files(done: Sequence[Compared]) -> None:
    files = [row for one in done for row in one.again.files]
    kept = {row.pk for row in files}
    gone = [row.pk for one in done for row in one.again.stored if row.pk not in kept]
    Attachment.objects.filter(pk__in=gone).delete()
    save_all([row for row in files if row.pk is not None], FILE_FIELDS)
    Attachment.objects.bulk_create([row for row in files if row.pk is None])


def _told(one: Compared, stage: Stage) -> dict[str, object]:
    changes = one.as_json()
    return {
        "stage": stage.label,
        "before": {change["field"]: change["before"] for change in changes},
        "now": {change["field"]: change["after"] for change in changes},
    }
