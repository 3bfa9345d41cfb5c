import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from hbu.company import schema
from hbu.management import crowds, dealings, loading
from hbu.management.commands.bench import _database, _ring_in_memory
from kpis.models import Snapshot
from kpis.periods import Span
from kpis.services import rollup

PAGES = {
    "all figures, 30 days": "/kpis/?days=30",
    "all figures, 365 days": "/kpis/?days=365",
    "one figure, 30 days": "/kpis/sla_compliance/?days=30",
}
FEW = 1000
BARE = "/admin/password_change/"
"""The shell with a form and no figures."""


class Command(BaseCommand):
    help = "Time the pages of the figures with many mails and orders."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mails", type=int, default=100_000)
        parser.add_argument("--orders", type=int, default=10_000)
        parser.add_argument("--rounds", type=int, default=30)

    def handle(self, *_args: Any, **options: Any) -> None:
        _ring_in_memory()
        with (
            tempfile.TemporaryDirectory() as folder,
            _database(Path(folder)),
            override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False),
        ):
            self._measure(options["mails"], options["orders"], options["rounds"])

    def _measure(self, mails: int, orders: int, rounds: int) -> None:
        loading.load(schema.read(settings.HBU_COMPANY_FILE))
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("bench"))
        _write(FEW, FEW // 10, 0)
        few = {name: _queries(client, page) for name, page in PAGES.items()}
        few_counted = _asked(lambda: rollup.roll_up(Span.until_today(2)))
        seconds = _timed(lambda: _write(mails, orders, FEW))
        self.stdout.write(f"database                 {connection.vendor}")
        self.stdout.write(
            f"written                  {mails} mails, {orders} orders in {seconds:.0f} s"
        )
        unkept = self._without_snapshots(client)
        self._report_rollup(few_counted)
        bare = _times(client, BARE, rounds)
        self.stdout.write(f"{'shell without figures':25}{_told(bare)}")
        for name, page in PAGES.items():
            times, queries = _times(client, page, rounds), _queries(client, page)
            self.stdout.write(
                f"{name:25}{_told(times)}   {queries} queries ({few[name]} with {FEW} mails)   "
                f"{median(times) / median(bare):.1f} x the shell"
            )
            if name in unkept:
                self.stdout.write(
                    f"{'':25}{unkept[name] / median(times):.1f} times as fast as without snapshots"
                )

    def _without_snapshots(self, client: Client) -> dict[str, float]:
        """What the same pages take when everything is counted from its rows."""
        Snapshot.objects.all().delete()
        names = [name for name in PAGES if name.startswith("all")]
        return {name: median(_times(client, PAGES[name], 3)) for name in names}

    def _report_rollup(self, few: int) -> None:
        seconds = _timed(rollup.keep_up)
        self.stdout.write(
            f"the whole past           {seconds:.1f} s, {Snapshot.objects.count()} rows"
        )
        queries = _asked(lambda: rollup.roll_up(Span.until_today(2)))
        seconds = _timed(rollup.keep_up)
        self.stdout.write(
            f"every minute             {seconds * 1000:.0f} ms, {queries} queries ({few} with {FEW} mails)"
        )


def _write(mails: int, orders: int, start: int) -> None:
    crowds.correspondence(mails - start, start=start)
    dealings.deal(orders - start // 10, start=start // 10)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rollup.keep_up()


def _queries(client: Client, page: str) -> int:
    client.get(page)
    return _asked(lambda: client.get(page))


def _asked(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def _times(client: Client, page: str, rounds: int) -> list[float]:
    client.get(page)
    return [_timed(lambda: client.get(page)) for _ in range(rounds)]


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _told(seconds: list[float]) -> str:
    late = quantiles(seconds, n=20)[-1]
    return f"p50 {median(seconds) * 1000:7.1f} ms   p95 {late * 1000:7.1f} ms"
