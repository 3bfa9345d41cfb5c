"""Run the whole house on this machine."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hbu.lib.errors import DomainError
from hbu.supervisor.house import supervise


class Command(BaseCommand):
    help = "Run everything under one supervisor: broker, mail hub, web, worker, beat, simulation."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("`run` is for the embedded set-up; see docs/operations.md.")
        try:
            supervise(self._say)
        except DomainError as error:
            raise CommandError(error.message) from error

    def _say(self, name: str, text: str) -> None:
        # Whoever read this may have gone, as in `make run | head`: no reason to stop.
        with suppress(OSError):
            self.stdout.write(f"{name:>10} | {text}" if name else text)
            self.stdout.flush()
