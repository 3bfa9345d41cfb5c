"""Import a statement of the bank (CAMT.053, MT940, or a zip file of them)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hbu.lib.errors import DomainError
from orders.services import statements


class Command(BaseCommand):
    help = "Import bank statements and match what came in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *_args: Any, files: list[Path], **_options: Any) -> None:
        for file in files:
            try:
                done = statements.load(file.read_bytes(), file.name)
            except (DomainError, OSError) as error:
                raise CommandError(f"{file}: {error}") from error
            self.stdout.write(
                f"{file}: {len(done.statements)} statements, {done.entries} entries, "
                f"{done.matched} matched; known before: {done.known_statements} statements, "
                f"{done.known_entries} entries"
            )
