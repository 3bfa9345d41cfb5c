"""How often the house does what, how long it takes and how often it fails.

Each measurement is added to sums that all processes share in the broker: since ever, of its minute
and of its hour. A process that dies takes nothing with it, and none leaves anything to clear away. A
broker that is away costs measurements, never work.
"""

import os
import socket
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Upper bounds in seconds; what takes longer falls behind the last."""
EVER = "hbu:measured"
MINUTE, HOUR = 60, 3600
KEPT = {MINUTE: 2 * HOUR, HOUR: 26 * HOUR}
TIMEOUT = 0.5
# Nobody asks a broker that did not answer, for so long.
LEFT_ALONE = 10.0
SEPARATOR = "\t"

STAGE, HTTP, TASK = "stage", "http", "task"
DONE, FAILED, INTERRUPTED = "done", "failed", "interrupted"

T = TypeVar("T")
Key = tuple[str, ...]
"""The family and what tells its members apart, for example ("stage", "triage", "done")."""


@dataclass(slots=True)
class Sum:
    runs: int = 0
    count: int = 0
    """How many things the runs were about: a run of a stage is about many mails."""
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))

    def add(self, other: "Sum") -> None:
        self.runs += other.runs
        self.count += other.count
        self.seconds += other.seconds
        self.buckets = [a + b for a, b in zip(self.buckets, other.buckets, strict=True)]

    @property
    def mean(self) -> float:
        return self.seconds / self.runs if self.runs else 0.0

    @property
    def p95(self) -> float:
        """Return what nineteen of twenty runs stay below, between the bounds of its bucket."""
        wanted, below = 0.95 * self.runs, 0
        for number, runs in enumerate(self.buckets):
            if runs and below + runs >= wanted:
                lower = BUCKETS[number - 1] if number else 0.0
                upper = BUCKETS[number] if number < len(BUCKETS) else lower
                return lower + (upper - lower) * (wanted - below) / runs
            below += runs
        return 0.0


Sums = dict[Key, Sum]


def observe(*key: str, seconds: float, count: int = 1) -> None:
    """Add one run to the sums."""
    fields = {"n": 1, "c": count, "s": seconds, f"b{bisect_left(BUCKETS, seconds)}": 1}
    now = int(time.time())

    def write(broker: Redis) -> None:
        line = broker.pipeline(transaction=False)
        for name, kept in ((EVER, 0), *((_name(span, now), KEPT[span]) for span in KEPT)):
            for what, amount in fields.items():
                line.hincrbyfloat(name, SEPARATOR.join((*key, what)), amount)
            if kept:
                line.expire(name, kept)
        line.execute()

    _ask(write, None)


@dataclass(slots=True)
class Tally:
    done: int = 0
    failed: int = 0
    seconds: float = 0.0


@contextmanager
def stage(name: str) -> Iterator[Tally]:
    """Measure a step of the pipeline; whoever works says how many were done and how many failed."""
    tally, began = Tally(), time.perf_counter()
    try:
        yield tally
    except BaseException:
        observe(STAGE, name, INTERRUPTED, seconds=time.perf_counter() - began)
        raise
    tally.seconds = round(time.perf_counter() - began, 4)
    for outcome, count in ((DONE, tally.done), (FAILED, tally.failed)):
        if count:
            observe(STAGE, name, outcome, seconds=tally.seconds, count=count)


def ever() -> Sums:
    return _ask(lambda broker: _read([broker.hgetall(EVER)]), {})


def within(minutes: int) -> Sums:
    """Return the sums of the last minutes; beyond an hour, of whole hours."""
    span = MINUTE if minutes <= HOUR // MINUTE else HOUR
    now, names = int(time.time()), -(-minutes * MINUTE // span)

    def read(broker: Redis) -> Sums:
        line = broker.pipeline(transaction=False)
        for ago in range(names):
            line.hgetall(_name(span, now - ago * span))
        return _read(line.execute())

    return _ask(read, {})


def family(sums: Sums, name: str, *, by: int = 1) -> dict[Key, Sum]:
    """Return one family's sums by their first labels."""
    found: dict[Key, Sum] = {}
    for key, one in sums.items():
        if key[0] == name:
            found.setdefault(key[1 : 1 + by], Sum()).add(one)
    return dict(sorted(found.items()))


def hold(name: str, value: int, *, seconds: int) -> None:
    """Say how many of something this process has open now; it is forgotten after so long."""
    word = f"{value} {time.time() + seconds:.0f}"
    me = f"{socket.gethostname()}:{os.getpid()}"
    _ask(lambda broker: broker.hset(f"hbu:held:{name}", me, word), 0)


def held(name: str) -> int:
    """Return how many all processes together have open."""

    def read(broker: Redis) -> int:
        words: Any = broker.hgetall(f"hbu:held:{name}")
        said = {who: word.split(" ") for who, word in words.items()}
        now = time.time()
        if gone := [who for who, (_, until) in said.items() if float(until) < now]:
            broker.hdel(f"hbu:held:{name}", *gone)
        return sum(int(value) for who, (value, _) in said.items() if who not in gone)

    return _ask(read, 0)


def queued(queue: str) -> int | None:
    """Return how many messages wait in the broker; None where it cannot be asked."""
    return _ask(lambda broker: int(broker.llen(queue)), None)


def _name(span: int, at: int) -> str:
    return f"{EVER}:{span}:{at // span}"


def _read(hashes: Iterable[Mapping[str, str]]) -> Sums:
    sums: Sums = {}
    for fields in hashes:
        for name, value in fields.items():
            *key, what = name.split(SEPARATOR)
            _add(sums.setdefault(tuple(key), Sum()), what, float(value))
    return sums


def _add(one: Sum, what: str, value: float) -> None:
    if what == "n":
        one.runs += int(value)
    elif what == "c":
        one.count += int(value)
    elif what == "s":
        one.seconds += value
    else:
        one.buckets[int(what[1:])] += int(value)


@lru_cache(maxsize=4)
def _broker(url: str) -> Redis:
    line: Redis = Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )
    return line


_silent: dict[str, float] = {}


def _ask(ask: Callable[[Any], T], otherwise: T) -> T:
    url = settings.HBU_MEASURES_URL
    if time.monotonic() < _silent.get(url, 0.0):
        return otherwise
    try:
        return ask(_broker(url))
    except (RedisError, OSError):
        _silent[url] = time.monotonic() + LEFT_ALONE
        return otherwise
