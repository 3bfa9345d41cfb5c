import os
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from agents.models import Department
from cases.services import searching
from emails.models import Email
from hbu.company import schema
from hbu.management import crowds, loading
from hbu.management.commands.bench import _database, _ring_in_memory

POSTGRESQL = os.environ.get("HBU_TEST_POSTGRES", "postgres://root@127.0.0.1:5432")
FEW = 1000
BASELINE = 20
FOUND = 20


class Command(BaseCommand):
    help = "Time searches in many mails beside a plain LIKE, and the inbox with as many cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mails", type=int, default=100_000)
        parser.add_argument("--searches", type=int, default=200)
        parser.add_argument("--here", action="store_true", help="on this database alone")

    def handle(self, *_args: Any, **options: Any) -> None:
        _ring_in_memory()
        with (
            tempfile.TemporaryDirectory() as folder,
            _database(Path(folder)),
            override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False),
        ):
            self._measure(options["mails"], options["searches"])
        if not options["here"] and connection.vendor == "sqlite" and _postgresql_answers():
            self.stdout.write("")
            _again_on_postgresql(options["mails"], options["searches"])

    def _measure(self, mails: int, searches: int) -> None:
        loading.load(schema.read(settings.HBU_COMPANY_FILE))
        boss = get_user_model().objects.create_superuser("bench")
        self.stdout.write(f"database                 {connection.vendor}")
        crowds.correspondence(FEW)
        small = _inbox(boss)
        seconds = _timed(lambda: crowds.correspondence(mails - FEW, start=FEW))
        self.stdout.write(f"written                  {mails} mails with cases in {seconds:.0f} s")
        entries, seconds = 0, time.perf_counter()
        for count in crowds.enter():
            entries = count
        seconds = time.perf_counter() - seconds
        self.stdout.write(f"entered into the search  {entries / seconds:8.0f} a second ({entries})")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self._report_searches(boss, searches)
        self._report_inbox(boss, mails, small)

    def _report_searches(self, boss: Any, count: int) -> None:
        questions = _questions(count)
        plain = [_timed(_plainly, words) for words in questions[:: max(1, count // BASELINE)]]
        clerk = _clerk()
        rows = [
            ("plain LIKE on mails", plain),
            ("search, all kinds", [_timed(_search, boss, words) for words in questions]),
            ("the same for a clerk", [_timed(_search, clerk, words) for words in questions]),
            ("page with counts", [_timed(_groups, boss, words) for words in questions]),
            ("cases of the inbox", [_timed(_cases, boss, words) for words in questions]),
        ]
        for name, seconds in rows:
            self.stdout.write(f"{name:25}{_told(seconds)}")
        ratio = statistics.median(plain) / statistics.median(rows[1][1])
        self.stdout.write(f"ratio to plain LIKE      {ratio:8.1f}  (median)")

    def _report_inbox(self, boss: Any, mails: int, small: tuple[int, float]) -> None:
        queries, seconds = _inbox(boss)
        self.stdout.write(
            f"inbox                    {small[0]} queries, {small[1] * 1000:.0f} ms with {FEW} cases; "
            f"{queries} queries, {seconds * 1000:.0f} ms with {mails}"
        )


def _questions(count: int) -> list[str]:
    """Words as people ask for them: common and rare ones, phrases, names, numbers, half a word."""
    writer = crowds.Writer.of(99)
    chance, rare = writer.chance, writer.words[len(crowds.COMMON) :]
    texts = list(Email.objects.order_by("pk").values_list("text", flat=True)[:500])
    makers: Sequence[Callable[[], str]] = (
        lambda: chance.choice(rare),
        lambda: chance.choice(rare)[:6],
        lambda: f"{chance.choice(crowds.COMMON)} {chance.choice(rare)}",
        lambda: f"{chance.choice(crowds.COMMON)} {chance.choice(crowds.COMMON)}",
        lambda: f'"{" ".join(chance.choice(texts).split()[8:10])}"',
        lambda: f"from:{chance.choice(crowds.LAST)} {chance.choice(rare)}",
        lambda: f"{chance.choice(rare)} -{chance.choice(crowds.COMMON)}",
        lambda: f"C-2026-{chance.randrange(50_000):06}",
        lambda: f"{chance.choice(crowds.FIRST)} {chance.choice(crowds.LAST)}",
        lambda: chance.choice(crowds.COMMON),
    )
    return [makers[number % len(makers)]() for number in range(count)]


def _plainly(words: str) -> None:
    """What many a help desk does."""
    found = Email.objects.all()
    for word in words.replace('"', "").replace("from:", "").split():
        found = found.filter(Q(subject__icontains=word) | Q(text__icontains=word))
    list(found.order_by("-pk").values_list("pk", "subject")[:FOUND])


def _search(user: Any, words: str) -> None:
    searching.search(user, words, limit=FOUND)


def _groups(user: Any, words: str) -> None:
    searching.groups(user, words)


def _cases(user: Any, words: str) -> None:
    list(searching.cases(user, words).order_by("-updated_at")[:50])


def _clerk() -> Any:
    """Somebody who reads the mail of one department."""
    from django.contrib.auth.models import Permission  # noqa: PLC0415 - needs the apps

    user = get_user_model().objects.create_user("bench-clerk")
    names = ["view_case", "view_email", "view_outgoingemail", "view_customer", "view_order"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    Department.objects.get(code="sales").members.add(user)
    return user


def _inbox(user: Any) -> tuple[int, float]:
    client = Client()
    client.force_login(user)
    url = reverse("cases:inbox")
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries), min(_timed(client.get, url) for _ in range(3))


def _timed(work: Callable[..., Any], *arguments: Any) -> float:
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def _told(seconds: Sequence[float]) -> str:
    late = statistics.quantiles(seconds, n=20)[-1]
    return (
        f"p50 {statistics.median(seconds) * 1000:7.1f} ms   p95 {late * 1000:7.1f} ms   "
        f"max {max(seconds) * 1000:7.1f} ms"
    )


def _postgresql_answers() -> bool:
    try:
        psycopg.connect(f"{POSTGRESQL}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _again_on_postgresql(mails: int, searches: int) -> None:
    environment = os.environ | {"DATABASE_URL": f"{POSTGRESQL}/hbu_bench_search"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench_search", "--here"]
    command += ["--mails", str(mails), "--searches", str(searches)]
    subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own command
