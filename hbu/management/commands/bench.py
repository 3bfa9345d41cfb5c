import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from cases.services import flow
from emails.models import Email, Mailbox, OutgoingEmail
from emails.parsing import parse
from emails.services import intake, watching
from emails.simulation import letters, sending
from hbu.celery import app
from hbu.company import schema
from hbu.company.entries import CompanyFile
from hbu.lib import jail
from hbu.management import loading
from orders.models import Order

HUB_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Run:
    """What a measured piece of work did."""

    mails: int
    seconds: float
    queries: int

    @property
    def rate(self) -> float:
        return self.mails / self.seconds


class Command(BaseCommand):
    help = "Time the pipeline from the IMAP server to the queued answer, beside a bare baseline."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: Any, **options: Any) -> None:
        count, seed = options["count"], options["seed"]
        _ring_in_memory()
        with tempfile.TemporaryDirectory() as folder, _database(Path(folder)), _hub(Path(folder)):
            company = schema.read(settings.HBU_COMPANY_FILE)
            loading.load(company)
            written = letters.write(count, seed, timezone.now(), company)
            sending.send(written, settings.HBU_SMTP_HOST, settings.HBU_SMTP_PORT)
            bare = _measure(_bare)
            ours = _measure(_pipeline)
            small = _measure_chunk(5, company)
            large = _measure_chunk(25, company)
            self._report(bare, ours, small, large)

    def _report(self, bare: Run, ours: Run, small: Run, large: Run) -> None:
        answered = OutgoingEmail.objects.count()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        jail.forget()  # only what has ended is counted
        jails = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        engine = connection.vendor
        lines = [
            f"database                 {engine}",
            f"baseline                 {bare.rate:8.1f} mails/s  (fetch singly, parse, one INSERT a mail)",
            f"pipeline                 {ours.rate:8.1f} mails/s  (fetch to answer queued)",
            f"ratio                    {ours.rate / bare.rate:8.2f}",
            f"queries per mail         {ours.queries / ours.mails:8.2f}",
            f"queries for a chunk      {small.queries} with {small.mails} mails, "
            f"{large.queries} with {large.mails}",
            f"peak memory              {peak:8.0f} MB  (jail: {jails:.0f} MB)",
            f"mails {ours.mails}, orders {Order.objects.count()}, letters {answered}, "
            f"quarantined {Email.objects.quarantined().count()}",
        ]
        self.stdout.write("\n".join(lines))


def _measure(work: Callable[[], int]) -> Run:
    queries = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        started = time.perf_counter()
        mails = work()
        seconds = time.perf_counter() - started
    return Run(mails, seconds, queries)


def _bare() -> int:
    """The least a help desk does: fetch each mail, parse it, store a row."""
    count = 0
    for mailbox in Mailbox.objects.all():
        with watching.connect(mailbox) as source:
            for uid in source.uids_after(0):
                raw = source.fetch([uid])[uid].raw
                mail = parse(raw)
                Email.objects.create(
                    fingerprint=f"bare-{mailbox.pk}-{uid}", subject=mail.subject, text=mail.text
                )
                count += 1
    Email.objects.all().delete()
    return count


def _pipeline() -> int:
    for mailbox in Mailbox.objects.all():
        intake.fetch(mailbox)
    waiting = list(Email.objects.waiting().values_list("pk", flat=True))
    flow.carry_through(waiting)
    return len(waiting)


def _measure_chunk(size: int, company: CompanyFile) -> Run:
    """Count the queries of one chunk of new mails, to see that they do not grow with its size."""
    written = letters.write(size, 1000 + size, timezone.now(), company)
    arrivals = {
        number: intake.Arrival(letter.raw, timezone.now(), answerable=True)
        for number, letter in enumerate(written)
    }
    new = intake.store(None, arrivals)

    def work() -> int:
        flow.carry_through([email.pk for email in new])
        return len(new)

    return _measure(work)


def _ring_in_memory() -> None:
    """Doorbells are rung and heard by nobody: the stages are run by hand, one after the other."""
    app.conf.update(broker_url="memory://localhost/")
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


@contextmanager
def _database(folder: Path) -> Iterator[None]:
    """A database of its own, so that nothing of a running house is touched."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "bench.sqlite3")
    settings.BLOBS_DIR = folder / "blobs"
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


@contextmanager
def _hub(folder: Path) -> Iterator[None]:
    """A mail hub in a process of its own; in ours it would share the interpreter's lock."""
    settings.HBU_IMAP_PORT, settings.HBU_SMTP_PORT = _free_port(), _free_port()
    settings.HBU_IMAP_HOST = settings.HBU_SMTP_HOST = "localhost"
    settings.HBU_CA_FILE = str(folder / "certificates" / "ca.pem")
    environment = {
        **os.environ,
        "HBU_DATA_DIR": str(folder),
        "HBU_IMAP_PORT": str(settings.HBU_IMAP_PORT),
        "HBU_SMTP_PORT": str(settings.HBU_SMTP_PORT),
        "HBU_HUB_PASSWORD": settings.HBU_HUB_PASSWORD,
    }
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "mail_hub"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(settings.HBU_IMAP_PORT)
        yield
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + HUB_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The mail hub did not come up.")
