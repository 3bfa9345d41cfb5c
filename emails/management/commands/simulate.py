"""Write believable mail to our own mailboxes, over real SMTP."""

import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from emails.simulation.letters import Letter, write
from emails.simulation.sending import Receipt, send
from hbu.company import schema
from hbu.lib.errors import DomainError


class Command(BaseCommand):
    help = (
        "Send simulated mail (orders, invoices, complaints, spam ...) to the company's mailboxes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=20, help="how many letters")
        parser.add_argument(
            "--rate", type=float, help="letters a minute; as fast as possible if left out"
        )
        parser.add_argument("--seed", type=int, help="the same seed writes the same letters")
        parser.add_argument("--forever", action="store_true", help="keep on until told to stop")
        parser.add_argument("--only", nargs="+", default=(), help="scenarios, such as complaint.de")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            company = schema.read(Path(settings.HBU_COMPANY_FILE))
        except DomainError as error:
            raise CommandError(error.message) from error
        seed = options["seed"] if options["seed"] is not None else int(timezone.now().timestamp())
        receipt = self._send(_letters(company, seed, options), options)
        self.stdout.write(f"{receipt.sent} sent, {receipt.refused} refused (seed {seed})")

    def _send(self, letters: Iterator[Letter], options: dict[str, Any]) -> Receipt:
        try:
            return send(
                letters,
                settings.HBU_SMTP_HOST,
                settings.HBU_SMTP_PORT,
                options["rate"],
                patient=options["forever"],
                stop=_told_to_stop(),
            )
        except OSError as error:
            where = f"{settings.HBU_SMTP_HOST}:{settings.HBU_SMTP_PORT}"
            raise CommandError(f"{where} does not answer: {error}") from error


def _letters(company: schema.CompanyFile, seed: int, options: dict[str, Any]) -> Iterator[Letter]:
    only = options["only"]
    if not options["forever"]:
        yield from write(options["count"], seed, timezone.localtime(), company, only=only)
        return
    for fresh in count(seed):
        yield from write(1, fresh, timezone.localtime(), company, only=only)


def _told_to_stop() -> Event:
    told = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told
