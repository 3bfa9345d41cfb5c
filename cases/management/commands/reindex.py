import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cases.models import SearchEntry
from cases.services import indexing
from cases.services.entries import FINDABLE


class Command(BaseCommand):
    help = (
        "Enter into the search what cannot be found yet; interrupted, it goes on where it stopped. "
        "With --all everything is entered anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(FINDABLE))
        parser.add_argument(
            "--all", action="store_true", help="forget what is there and begin anew"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        for kind in FINDABLE:
            if kind in options["kinds"] or not options["kinds"]:
                self._enter(SearchEntry.Kind(kind), anew=options["all"])

    def _enter(self, kind: SearchEntry.Kind, *, anew: bool) -> None:
        if anew:
            indexing.forget(kind)
        started, done = time.monotonic(), 0
        while ids := indexing.missing(kind):
            indexing.index(kind, ids)
            done += len(ids)
            if done % (indexing.CHUNK * 25) == 0:
                self.stdout.write(f"{kind}: {done} …")
        rate = done / max(time.monotonic() - started, 0.001)
        self.stdout.write(f"{kind}: {done} entered ({rate:.0f} a second)")
