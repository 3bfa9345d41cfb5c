"""Hundreds of hostile mails and documents: each is read, or refused with a reason; none hurts."""

import gc
import os
import time
from pathlib import Path

from emails.classifying import classify
from emails.data import Sender
from emails.mime import TooComplex
from emails.parsing import parse
from orders.data import CheckState
from orders.documents.files import read_bytes
from orders.documents.reading import read_order
from tests.corpora.bombs.mails import MAILS
from tests.corpora.bombs.papers import PAPERS
from tests.corpora.figure import Figure

SECONDS = 20
MEGABYTES = 50


def measure() -> tuple[Figure, ...]:
    mails = [(name, _read_mail, (raw,)) for make in MAILS for name, raw in make()]
    papers = [(name, _read_paper, (file, data)) for make in PAPERS for name, file, data in make()]
    before = _resident()
    failures = [
        f"{name}: {failure}"
        for name, read, given in (*mails, *papers)
        if (failure := _failure(read, given))
    ]
    grown, whole = _resident() - before, len(mails) + len(papers)
    right = whole - len(failures)
    return (
        Figure("hostile inputs without a hard failure", right, whole, 1.0, tuple(failures)),
        Figure(f"worker grown by {grown} MB", int(grown < MEGABYTES), 1, 1.0),
    )


def _failure(read, given) -> str:
    started = time.monotonic()
    try:
        read(*given)
    except Exception as error:  # that none comes is what is measured
        return f"{type(error).__name__}: {str(error)[:60]}"
    seconds = time.monotonic() - started
    return f"took {seconds:.0f} s" if seconds > SECONDS else ""


def _read_mail(raw: bytes) -> None:
    try:
        mail = parse(raw)
    except TooComplex as refusal:
        if not str(refusal):  # the reason that is stored
            raise
        return
    classify(mail, Sender())
    read_order(mail.reply_text or mail.text, format="text")


def _read_paper(name: str, data: bytes) -> None:
    _, document = read_bytes(data, name=name)
    failed = any(check.state is CheckState.FAILED for check in document.checks)
    # What claims to be an order or an invoice and has nothing to show for it says why.
    told = document.error or document.lines or failed or document.kind == "other"
    assert told, "no reason"


def _resident() -> int:
    """What this process holds, in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024**2
