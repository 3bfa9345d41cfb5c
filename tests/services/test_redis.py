"""Doorbells and live events over a real Redis and a real worker, and what hostile hands put there."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone
from redis import Redis
from redis.exceptions import AuthenticationError

from cases.models import Case
from emails import tasks
from emails.models import Email, OutgoingEmail
from emails.services import intake
from hbu.celery import app
from hbu.journal import hub
from hbu.journal.consumers import LiveConsumer
from hbu.journal.models import Event
from tests.incoming import letter
from tests.outgoing.workers import database_url
from tests.services import servers
from tests.services.servers import until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not servers.Redis.program, reason="apt-get install redis-server"),
]
QUEUE = "default"


@pytest.fixture
def server(settings, tmp_path):
    """A Redis of our own, which this process rings through and listens to as well."""
    with servers.redis_server(tmp_path) as server:
        settings.CHANNEL_LAYERS = {
            "default": {
                "BACKEND": "hbu.journal.layer.PubSubLayer",
                "CONFIG": {"hosts": [server.url], "prefix": "hbu"},
            }
        }
        before, app.conf.broker_url = app.conf.broker_url, server.url
        # As after a fork: the connections that are there lead elsewhere.
        app._after_fork()
        yield server
        app.pool.force_close_all()
        app.conf.broker_url = before
        app._after_fork()


@pytest.fixture
def redis(server):
    with Redis.from_url(server.url) as redis:
        yield redis


class Worker:
    def __init__(self, redis_url, folder):
        self.log = folder / "worker.log"
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "HBU_FETCH_SECONDS": "3600",
        }
        celery = ["-m", "celery", "--quiet", "-A", "hbu", "worker", "-Q", QUEUE, "-c", "1"]
        beat = ["-B", "-s", str(folder / "beat"), "-l", "INFO"]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, *celery, *beat, "--without-gossip", "--without-mingle"],
                env=environment, cwd=settings.BASE_DIR, stdout=out, stderr=out,
            )  # fmt: skip

    def said(self, words):
        return words in self.log.read_text(errors="replace")

    def is_dead(self):
        return self.process.poll() is not None

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(40)
        finally:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def worker(company, server, tmp_path):
    """One worker with its clock, in a process of its own, on the rows of this test."""
    worker = Worker(server.url, tmp_path)
    try:
        until(lambda: worker.said("ready.") or worker.is_dead(), seconds=30, log=worker.log)
        assert not worker.is_dead(), worker.log.read_text()
        yield worker
    finally:
        worker.end()


def store(*raws):
    """Mails come in; their bells are rung when the rows are committed."""
    now = timezone.now()
    arrivals = {n: intake.Arrival(raw, now, answerable=True) for n, raw in enumerate(raws)}
    return intake.store(None, arrivals)


def all_handled():
    return not Email.objects.exclude(state=Email.State.HANDLED).exists()


def test_f18_who_does_not_know_the_password_is_not_heard(server):
    with Redis(port=server.port) as stranger, pytest.raises(AuthenticationError):
        stranger.lpush(QUEUE, "{}")


def store_in_a_thread():
    try:
        store(letter())
    finally:
        connections.close_all()


def logged_in(user):
    browser = Client()
    browser.force_login(user)
    return browser.session


async def heard_at_a_page(redis, session, *, last):
    """Open a page's socket, let a mail come in, and return the events up to the last one."""
    line = WebsocketCommunicator(LiveConsumer.as_asgi(), "/live")
    line.scope["session"] = session
    await line.connect()
    heard = []
    async with asyncio.timeout(10):
        while not redis.pubsub_numsub(f"hbu__group__{hub.GROUP}")[0][1]:
            await asyncio.sleep(0.02)
        await asyncio.to_thread(store_in_a_thread)
        while last not in [event["type"] for event in heard]:
            events = json.loads(await line.receive_from(timeout=10))["events"]
            heard += [{"type": event["type"], "id": event["id"]} for event in events]
    await line.disconnect()
    return heard


def test_what_the_worker_does_is_heard_at_an_open_page(worker, redis, clara):
    heard = asyncio.run(heard_at_a_page(redis, logged_in(clara), last="new_email"))
    assert heard[0] == {"type": "new_email", "id": Email.objects.get().pk}


def test_what_happens_within_a_tenth_of_a_second_is_heard_in_full(worker, redis, clara):
    heard = asyncio.run(heard_at_a_page(redis, logged_in(clara), last="email_handled"))
    email, case = Email.objects.get(), Case.objects.get()
    assert heard[0] == {"type": "new_email", "id": email.pk}
    assert {"type": "case", "id": case.pk} in heard
    assert heard[-1] == {"type": "email_handled", "id": email.pk}


@pytest.mark.parametrize("loss", ["flushed", "killed"])
def test_i1_mails_whose_bells_were_lost_are_found_by_the_sweep(
    worker, server, redis, settings, loss
):
    settings.HBU_CHUNK = 1
    store(*(letter(f"Frage {n}", sender=f"a{n}@atelier-{n}.example") for n in range(30)))
    until(lambda: redis.llen(QUEUE) < 25, seconds=10, log=worker.log)
    lost, _ = redis.pipeline().llen(QUEUE).flushall().execute()
    assert lost
    if loss == "killed":
        server.kill()
        server.start()
    until(all_handled, seconds=45, log=worker.log)
    assert Email.objects.count() == Case.objects.count() == 30
    assert OutgoingEmail.objects.count() == 30
    for kind in ("email.received", "email.triaged", "case.opened", "email.handled"):
        assert Event.objects.filter(kind=kind).count() == 30, kind


class Bomb:
    """What a stranger puts into a pickle: whoever opens it runs what it says."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


def test_f18_pickles_and_unknown_tasks_are_refused_and_the_worker_lives(worker, redis, tmp_path):
    trace = tmp_path / "it went off"
    tasks.triage.apply_async(args=[[Bomb(trace)]], serializer="pickle")
    app.send_task("os.system", args=[f"touch '{trace}'"])
    app.send_task("emails.triage", args=["one", {"two": 3}])
    store(letter())
    until(all_handled, seconds=20, log=worker.log)
    until(lambda: not redis.llen(QUEUE), seconds=5, log=worker.log)
    assert not worker.is_dead()
    assert worker.said("Refusing to deserialize")
    assert worker.said("unregistered task of type 'os.system'")
    assert not trace.exists()
