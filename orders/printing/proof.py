"""Does an e-invoice say what the invoice says? Read back by our own reader before it leaves.

The schema and the rules of the standard are asked by the reader; every term is compared with what
was to be written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from hbu.lib.reasons import N_
from orders.data import Check, CheckState
from orders.documents.einvoice import cii
from orders.documents.einvoice.content import OUR_ORDER, TO_US
from orders.documents.einvoice.hybrid import read_hybrid, same_as_picture
from orders.documents.einvoice.reading import MAX_LINES, read_xml
from orders.documents.einvoice.terms import Paper, Trader
from orders.documents.einvoice.xml import parse
from orders.printing import archive

_SAME = N_("The data say what the invoice says")
_READABLE = N_("Our own reader can read it")
_ARCHIVE = N_("The essentials of an archive PDF (PDF/A-3) are there")
_OF_ALLOWANCES = frozenset({"BR-CO-11", "BR-CO-12"})
_FOR_RECIPIENTS = frozenset({TO_US, OUR_ORDER})


def of_xml(xml: bytes, paper: Paper) -> tuple[Check, ...]:
    read = read_xml(xml)
    return (*_readable(read.error), *_ours(read.checks), _compared(xml, paper))


def of_pdf(pdf: bytes, xml: bytes, paper: Paper) -> tuple[Check, ...]:
    """Also whether the pages show what the data state, and what we can tell of the archive PDF."""
    read = read_hybrid(pdf)
    if read is None:
        return (Check(_READABLE, CheckState.FAILED, "", "format"),)
    checks = (*_readable(read.error), *_ours(read.checks), _compared(xml, paper))
    return (*checks, same_as_picture(read, text_of(pdf)), *of_archive(pdf))


def of_archive(pdf: bytes) -> tuple[Check, ...]:
    faults = archive.faults(pdf)
    state = CheckState.FAILED if faults else CheckState.OK
    return (Check(_ARCHIVE, state, "; ".join(faults)[:200], "format"),)


def _ours(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Without what only its recipient can say, and sums of what we never write."""
    return tuple(
        one
        for one in checks
        if one.name not in _FOR_RECIPIENTS
        and not (one.rule in _OF_ALLOWANCES and one.state is CheckState.NOT_CHECKED)
    )


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def _readable(error: str) -> tuple[Check, ...]:
    return (Check(_READABLE, CheckState.FAILED, error, "format"),) if error else ()


def _compared(xml: bytes, paper: Paper) -> Check:
    root = parse(xml).root
    differing = ["XML"] if root is None else list(_differing(cii.read(root, MAX_LINES), paper))
    state = CheckState.FAILED if differing else CheckState.OK
    return Check(_SAME, state, ", ".join(differing)[:200], "content")


def _differing(read: Paper, meant: Paper) -> Iterator[str]:
    """The names of the terms that were read otherwise than they were meant."""
    found, wanted = _bare(read), _bare(meant)
    for field in fields(Paper):
        one, other = getattr(found, field.name), getattr(wanted, field.name)
        if one != other:
            yield field.name


def _bare(paper: Paper) -> Paper:
    """Without the places where things stood, which only a reader knows."""
    parties: dict[str, Any] = {
        name: replace(party, path="")
        for name in ("seller", "buyer", "ship_to")
        if isinstance(party := getattr(paper, name), Trader)
    }
    lines = tuple(replace(line, path="") for line in paper.lines)
    return replace(paper, **parties, lines=lines, places={}, paid_in="")
