"""What the tests of real servers share: free ports, patience, a Redis and a database."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from uuid import uuid4

import psycopg
import pytest

POSTGRES = os.environ.get("HBU_TEST_POSTGRES", "postgres://root@127.0.0.1:5432")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def until(true: Callable[[], object], *, seconds: float, log: Path | None = None) -> None:
    """Wait until it is true; fail with the last lines of the log when it never is."""
    deadline = time.monotonic() + seconds
    while not true():
        said = log.read_text(errors="replace")[-4000:] if log and log.exists() else ""
        assert time.monotonic() < deadline, f"not within {seconds:g} s\n{said}"
        time.sleep(0.05)


class Redis:
    """A server of our own: a free port, a password made up now, and nothing kept on disk."""

    program = shutil.which("redis-server") or shutil.which("valkey-server")

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        password = token_urlsafe()
        self.url = f"redis://:{password}@127.0.0.1:{self.port}/0"
        self._settings = folder / "redis.conf"
        options = {"port": self.port, "bind": "127.0.0.1", "requirepass": password, "save": '""'}
        lines = [f"{name} {value}\n" for name, value in options.items()]
        self._settings.write_text("".join(lines))

    def start(self) -> None:
        words = [self.program, self._settings]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        until(lambda: listens(self.port), seconds=10)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def redis_server(folder: Path) -> Iterator[Redis]:
    redis = Redis(folder)
    redis.start()
    try:
        yield redis
    finally:
        redis.kill()


@contextmanager
def postgres_database() -> Iterator[str]:
    """Make a database of our own, yield its URL, and drop it whoever still looks at it."""
    try:
        server = psycopg.connect(f"{POSTGRES}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        pytest.skip(f"apt-get install postgresql, or set HBU_TEST_POSTGRES: {reason}")
    name = f"hbu_{uuid4().hex[:12]}"
    with server:
        server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield f"{POSTGRES}/{name}"
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
