"""The two ends of measured sockets: a bare broadcast server, and who tells something when.

Each runs in a process of its own (`manage.py bench_live --as ...`) and prints what it did.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from itertools import cycle

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.db import transaction
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.sync.client import connect

from agents.models import Department
from agents.models.session import SessionStore
from emails.models import Email
from hbu.journal.recording import record

PEOPLE = 20
MAILS = 20


def bare(port: int) -> None:
    """The least that tells many: whatever one says, all hear."""
    everybody: set[ServerConnection] = set()

    async def welcome(one: ServerConnection) -> None:
        everybody.add(one)
        try:
            async for said in one:
                broadcast(everybody, said)
        finally:
            everybody.discard(one)

    async def run() -> None:
        async with serve(welcome, "127.0.0.1", port, compression=None):
            await asyncio.get_running_loop().create_future()

    asyncio.run(run())


def publish(port: int, count: int, pause: float) -> None:
    with connect(f"ws://127.0.0.1:{port}/", compression=None) as line:

        def tell(number: int) -> tuple[int, int]:
            now = time.monotonic_ns()
            line.send(json.dumps({"events": [{"type": "new_email", "id": 1, "event": number}]}))
            return number, now

        _regularly(tell, count, pause)


def commit(count: int, pause: float) -> None:
    """Let mails be triaged: an event each, in a transaction of its own."""
    emails = cycle(Email.objects.order_by("pk")[:MAILS])
    committed: list[int] = []

    def tell(_number: int) -> tuple[int, int]:
        with transaction.atomic():
            # The first to be called after the commit.
            transaction.on_commit(lambda: committed.append(time.monotonic_ns()))
            event = record("email.triaged", next(emails))
        return event.pk, committed[-1]

    _regularly(tell, count, pause)


def _regularly(tell: Callable[[int], tuple[int, int]], count: int, pause: float) -> None:
    """Tell something every now and then, and print when each was told."""
    told = []
    for number in range(count):
        told.append(tell(number))
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
    sys.stdout.write(json.dumps(told))


def prepare() -> None:
    """Make people with an open session each, and mails; print the keys of the sessions."""
    department = Department.objects.create(code="desk", name_de="Desk", address="d@bench.example")
    Email.objects.bulk_create(
        Email(fingerprint=f"bench-{n}", department=department) for n in range(MAILS)
    )
    sys.stdout.write(json.dumps([_session(f"staff{n}") for n in range(PEOPLE)]))


def _session(name: str) -> str | None:
    user = get_user_model().objects.create_superuser(name)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key
