"""Let mails go through a stage again: print what today's rules would say, write it if wanted."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone
from django.utils.dateparse import parse_date

from emails.models import Email
from emails.services import deciding
from emails.services.replay import applying, comparing
from emails.services.replay.comparing import STAGES, Compared, Stage
from hbu.lib.errors import DomainError


class Command(BaseCommand):
    help = (
        "Run a stage again over stored mails and print what differs. Nothing is sent; "
        "without --apply nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", required=True, choices=sorted(STAGES))
        parser.add_argument(
            "--since", type=_moment, metavar="DATE|DAYSd", help="2026-10-01, or 30d"
        )
        parser.add_argument("--email", type=int, nargs="+", default=(), metavar="ID")
        parser.add_argument("--limit", type=int, metavar="N", help="the newest N mails only")
        parser.add_argument("--apply", action="store_true", help="Write what differs.")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, *_args: Any, **options: Any) -> None:
        stage = comparing.stage_called(options["stage"])
        if options["apply"] and not stage.can_be_applied:
            raise CommandError("What an agent would propose is shown only, never applied.")
        self.counts = {"mails": 0, "differ": 0, "failed": 0, "applied": 0}
        try:
            for emails in _chunks(options):
                self._replay(emails, stage, options)
        except DomainError as error:
            raise CommandError(error.message) from error
        except (OSError, OperationalError) as error:
            # What was applied before this is safe; the same call again does the rest.
            raise CommandError(f"{type(error).__name__}: {error}") from None
        self._print_counts(as_json=options["json"])

    def _replay(self, emails: Sequence[Email], stage: Stage, options: dict[str, Any]) -> None:
        found = comparing.compare(emails, stage, deciding.open_books())
        done = applying.write(found, stage) if options["apply"] else set()
        for one in found:
            if one.differs:
                self._print(one, applied=one.email.pk in done, as_json=options["json"])
        self.counts["mails"] += len(found)
        self.counts["differ"] += sum(bool(one.changes) for one in found)
        self.counts["failed"] += sum(bool(one.again.error) for one in found)
        self.counts["applied"] += len(done)

    def _print(self, one: Compared, *, applied: bool, as_json: bool) -> None:
        changes, error = one.as_json(), one.again.error
        if as_json:
            told = {"email": one.email.pk, "subject": one.email.subject, "changes": changes}
            self._write(json.dumps({**told, "error": error or None, "applied": applied}))
            return
        self._write(f"{one.email.pk}: {one.email.subject}{' (applied)' if applied else ''}")
        for change in changes:
            self._write(f"    {change['field']}: {change['before']!r} -> {change['after']!r}")
        if error:
            self._write(f"    {error}")

    def _print_counts(self, *, as_json: bool) -> None:
        if as_json:
            self._write(json.dumps(self.counts))
        else:
            self._write(", ".join(f"{count} {name}" for name, count in self.counts.items()))

    def _write(self, line: str) -> None:
        # Subjects may hold what the terminal cannot write.
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        self.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding))


def _chunks(options: dict[str, Any]) -> Iterator[list[Email]]:
    """Yield the mails in chunks, oldest first; their keys are chosen before anything changes."""
    rows = comparing.replayable(options["since"], options["email"])
    keys = list(rows.values_list("pk", flat=True))
    if options["limit"] is not None:
        keys = keys[-options["limit"] :] if options["limit"] > 0 else []
    for start in range(0, len(keys), settings.HBU_CHUNK):
        yield comparing.whole(comparing.replayable(ids=keys[start : start + settings.HBU_CHUNK]))


def _moment(text: str) -> datetime:
    """Return a date or so many days before now; raises ValueError, which argparse tells."""
    if text.endswith("d") and text[:-1].isdigit():
        return timezone.now() - timedelta(days=int(text[:-1]))
    day = parse_date(text)
    if day is None:
        raise ValueError(text)
    return timezone.make_aware(datetime.combine(day, time.min))
