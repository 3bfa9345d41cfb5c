from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hbu.company import public_holidays
from hbu.lib.errors import DomainError


class Command(BaseCommand):
    help = "Enter the public holidays of a year; holidays that are there already stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, help="Without it: this year and the next.")
        parser.add_argument(
            "--state",
            type=str.upper,
            help="Code of a federal state, such as NW; else the company's.",
        )

    def handle(self, *_args: Any, year: int | None, state: str | None, **_options: Any) -> None:
        this = timezone.localdate().year
        try:
            for one in [year] if year else [this, this + 1]:
                for holiday in public_holidays.fetch(one, state, by=None):
                    self.stdout.write(f"{holiday.date} {holiday.region or '--'} {holiday.name}")
        except DomainError as error:
            raise CommandError(error.message) from None
