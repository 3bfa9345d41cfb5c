from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hbu.journal import sealing


def head(text: str) -> tuple[int, str]:
    number, _colon, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != len(sealing.FIRST):
        raise ArgumentTypeError("a head is written as NUMBER:HASH")
    return int(number), digest


class Command(BaseCommand):
    help = (
        "Go along the journal's chain and name every event that was changed or removed. "
        "Prints the head: keep it elsewhere, and later ask with --expect whether it still stands."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", type=head, metavar="NUMBER:HASH")
        parser.add_argument("--since", type=int, default=0, help="begin behind this seal")

    def handle(self, *_args: Any, **options: Any) -> None:
        report = sealing.verify(timezone.now(), since=options["since"], expected=options["expect"])
        for one in report.breaks:
            self.stdout.write(str(one))
        self.stdout.write(f"{report.sealed} events verified, head {report.number}:{report.head}")
        if not report.is_whole:
            raise CommandError("The journal was tampered with, or its sealer does not run.")
