"""Run a management command that is killed (SIGKILL) where a function is called.

python -m tests.load.crashing <module>:<function> before|after <nth call> <command> ...
"""

import os
import sys
from functools import wraps
from importlib import import_module
from pathlib import Path

POINTS = (
    "emails.services.ledger:enter_epoch",
    "emails.services.ledger:claim",
    "emails.sources.imap:ImapSource.sizes",
    "emails.sources.imap:ImapSource.fetch",
    "hbu.lib.blobs:put",
    "emails.services.intake:store",
    "emails.services.ledger:settle",
    "emails.sources.imap:ImapSource.mark_seen",
    "emails.services.ledger:tell_server",
    "emails.services.watching:release",
)


def crash_at(point: str, when: str, nth: int) -> None:
    module, _, path = point.partition(":")
    *owners, name = path.split(".")
    owner = import_module(module)
    for one in owners:
        owner = getattr(owner, one)
    function, calls = getattr(owner, name), 0

    @wraps(function)
    def deadly(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == nth and when == "before":
            os.kill(os.getpid(), 9)
        result = function(*args, **kwargs)
        if calls == nth and when == "after":
            os.kill(os.getpid(), 9)
        return result

    setattr(owner, name, deadly)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    import django

    django.setup()
    from django.core.management import call_command

    crash_at(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    call_command(*sys.argv[4:])
