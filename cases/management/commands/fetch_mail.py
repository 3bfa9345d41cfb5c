from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from cases.services import flow, printouts
from emails.models import Email, Mailbox
from emails.services import intake, outbox


class Command(BaseCommand):
    help = "Fetch new mail now, from one mailbox or from all that are watched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mailbox", metavar="ADDRESS")
        parser.add_argument(
            "--process",
            action="store_true",
            help="Also work off what waits and send what is queued, without a worker.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        boxes = self._mailboxes(options["mailbox"])
        try:
            failed = [box for box in boxes if not self._fetch(box)]
            if options["process"]:
                self._process()
        except (OSError, OperationalError) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from None
        if failed:
            raise CommandError(f"{len(failed)} mailboxes could not be read.")

    def _mailboxes(self, address: str | None) -> list[Mailbox]:
        watched = Mailbox.objects.watched()
        boxes = list(watched.filter(address__iexact=address) if address else watched)
        if not boxes:
            raise CommandError(f"No mailbox {address} is watched." if address else "No mailboxes.")
        return boxes

    def _fetch(self, mailbox: Mailbox) -> bool:
        count = intake.fetch(mailbox)
        mailbox.refresh_from_db()
        if count is None:
            self.stdout.write(f"{mailbox}: somebody else is fetching.")
        elif mailbox.failing_since:
            self.stderr.write(f"{mailbox}: {mailbox.last_error}")
        else:
            self.stdout.write(f"{mailbox}: {count} new.")
        return not mailbox.failing_since

    def _process(self) -> None:
        waiting = list(Email.objects.waiting().values_list("pk", flat=True))
        flow.carry_through(waiting)
        printouts.make_waiting()
        sent = outbox.send(outbox.due(timezone.now()))
        self.stdout.write(f"{len(waiting)} mails worked off, {sent} letters sent.")
