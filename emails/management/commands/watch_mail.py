import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from emails.services import idling


class Command(BaseCommand):
    help = "Wait for new mail in every watched mailbox (IMAP IDLE) and fetch it at once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        idling.watch_all(stop)
