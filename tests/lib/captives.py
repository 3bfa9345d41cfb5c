"""What the jail's tests send to jail. It imports little: a fresh child loads it many times."""

import ctypes
import os
import resource
import signal
import time
from pathlib import Path

from hbu.lib.errors import DomainError


def length(data):
    return len(data)


def echo(data, *, file, page):
    return [data.decode(), file, page]


def own_pid(data):
    return os.getpid()


def nap(data):
    time.sleep(float(data))


def run_out_of_cpu(data):
    os.kill(os.getpid(), signal.SIGXCPU)


def limits(data):
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NOFILE", "RLIMIT_CORE")
    return {name: resource.getrlimit(getattr(resource, name))[0] for name in names}


def hoard(data):
    return len(bytearray(2 << 30))


def crash(data):
    ctypes.string_at(0)


def refuse(data):
    raise DomainError("encrypted", "The document is encrypted.")


def stumble(data):
    raise RuntimeError("secret text")


def chatter(data):
    os.write(1, b"noise on stdout")
    os.write(2, b"noise on stderr" * 10_000)
    return "done"


def surroundings(data):
    return sorted(os.environ)


def unspeakable(data):
    return {1, 2}


def flood(data):
    return "x" * (9 << 20)


def write_file(data):
    Path(data.decode()).write_text("escaped")
