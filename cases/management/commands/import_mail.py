import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.services import importing
from emails.models import Mailbox
from emails.sources.files import Found, find


class Command(BaseCommand):
    help = "Take mails from .eml files, mbox files, Maildirs or folders through the pipeline."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--mailbox", metavar="ADDRESS", help="As if it had arrived here.")
        parser.add_argument("--dry-run", action="store_true", help="Decide only; write nothing.")
        parser.add_argument("--json", action="store_true", help="One JSON object a mail.")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = self._find(options["paths"])
        mailbox = self._mailbox(options["mailbox"])
        through = importing.trial if options["dry_run"] else importing.take
        self._print(through(found, mailbox), as_json=options["json"])

    def _find(self, paths: Iterable[Path]) -> list[Found]:
        try:
            return [one for path in paths for one in find(path)]
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None

    def _mailbox(self, address: str | None) -> Mailbox | None:
        if address is None:
            return None
        mailbox = Mailbox.objects.filter(address__iexact=address).first()
        if mailbox is None:
            raise CommandError(f"There is no mailbox {address}.")
        return mailbox

    def _print(self, described: Iterable[dict[str, Any]], *, as_json: bool) -> None:
        for one in described:
            if as_json:
                self.stdout.write(json.dumps(one, ensure_ascii=True, default=str))
            else:
                self.stdout.write(self._line(one))

    def _line(self, one: dict[str, Any]) -> str:
        if one["error"]:
            return f"{one['path']}: {one['state']}: {one['error']}"
        kind, department = one["verdict"]["kind"], one["route"]["department"]
        return f"{one['path']}: {one['state']}, {kind} → {department}: {one['subject']}"
