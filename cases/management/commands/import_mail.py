import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from cases.services import importing
from emails.models import Mailbox
from emails.sources.files import find


class Command(BaseCommand):
    help = "Take mails from .eml files, mbox files, Maildirs or folders through the pipeline."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--mailbox", metavar="ADDRESS", help="As if it had arrived here.")
        parser.add_argument("--dry-run", action="store_true", help="Decide only; write nothing.")
        parser.add_argument("--json", action="store_true", help="One JSON object a mail.")

    def handle(self, *_args: Any, **options: Any) -> None:
        for path in options["paths"]:
            if not path.exists():
                raise CommandError(f"There is no {path}.")
        found = (one for path in options["paths"] for one in find(path))
        mailbox = self._mailbox(options["mailbox"])
        through = importing.trial if options["dry_run"] else importing.take
        try:
            unread = self._print(through(found, mailbox), as_json=options["json"])
        except (OSError, OperationalError) as error:
            # What was taken in before this is safe; the same call again takes the rest.
            raise CommandError(f"{type(error).__name__}: {error}") from None
        if unread:
            raise CommandError(f"{unread} files could not be read.")

    def _mailbox(self, address: str | None) -> Mailbox | None:
        if address is None:
            return None
        mailbox = Mailbox.objects.filter(address__iexact=address).first()
        if mailbox is None:
            raise CommandError(f"There is no mailbox {address}.")
        return mailbox

    def _print(self, described: Iterable[dict[str, Any]], *, as_json: bool) -> int:
        """Print each as it comes; return how many could not be read."""
        unread = 0
        for one in described:
            line = json.dumps(one, ensure_ascii=True, default=str) if as_json else self._line(one)
            # Names of files may hold bytes that are no text.
            encoding = getattr(self.stdout, "encoding", None) or "utf-8"
            self.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding))
            unread += one["state"] is None
        return unread

    def _line(self, one: dict[str, Any]) -> str:
        if one["error"]:
            return f"{one['path']}: {one['state'] or 'not read'}: {one['error']}"
        if one["verdict"] is None:
            return f"{one['path']}: {one['state']}: {one['subject']}"
        kind, department = one["verdict"]["kind"], one["route"]["department"]
        return f"{one['path']}: {one['state']}, {kind} → {department}: {one['subject']}"
