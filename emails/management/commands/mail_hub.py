"""Run the embedded mail hub."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from emails.simulation.hub import Hub, serve
from hbu.lib.errors import DomainError


class Command(BaseCommand):
    help = "Run the mail hub of the demo: IMAP and SMTP on 127.0.0.1."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            asyncio.run(
                serve(
                    settings.HBU_DATA_DIR,
                    password=settings.HBU_HUB_PASSWORD,
                    imap_port=settings.HBU_IMAP_PORT,
                    smtp_port=settings.HBU_SMTP_PORT,
                    ready=self._ready,
                )
            )
        except DomainError as error:
            raise CommandError(error.message) from error

    def _ready(self, hub: Hub) -> None:
        self.stdout.write(f"ready: IMAP 127.0.0.1:{hub.imap_port}, SMTP 127.0.0.1:{hub.smtp_port}")
        self.stdout.flush()
