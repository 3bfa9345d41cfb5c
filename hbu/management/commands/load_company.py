from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from hbu.company import schema
from hbu.company.models import Company
from hbu.lib.errors import DomainError
from hbu.management import loading


class Command(BaseCommand):
    help = "Load a company file (company.yaml) into the books; loading again brings changes in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="Do nothing when a company is loaded already, so that staff's changes stay.",
        )

    def handle(self, *_args: Any, file: Path, if_empty: bool, **_options: Any) -> None:
        if if_empty and Company.objects.exists():
            return
        try:
            company = loading.load(schema.read(file))
        except DomainError as error:
            raise CommandError(error.message) from None
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        self.stdout.write(f"{company.name} is loaded.")
