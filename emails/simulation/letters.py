"""Believable mail, as many letters as wanted; the same seed writes the same bytes. No Django here."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from emails.simulation import envelopes, scenarios
from emails.simulation.cast import Scene
from hbu.company.entries import CompanyFile

LANGUAGES = {"de": 7, "en": 3}
BETWEEN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Letter:
    sender: str
    """Envelope sender; empty where the standards want it empty (RFC 3464, RFC 3834)."""
    recipients: tuple[str, ...]
    raw: bytes
    scenario: str
    """For example order_pdf_classic.de."""
    expected: dict[str, Any]
    """kind, department, priority, auto_reply, order: what a good back office makes of it."""


def write(
    count: int,
    seed: int,
    started_at: datetime,
    company: CompanyFile,
    *,
    only: Collection[str] = (),
) -> Iterator[Letter]:
    """Yield letters of the scenarios in `only`, or of all in a mix like a real company's day."""
    codes, weights = zip(*sorted(_mix(only).items()), strict=True)
    for index in range(count):
        dice = Random(f"{seed}/{index}")  # noqa: S311 - has to be repeatable, keeps no secret
        code = dice.choices(codes, weights)[0]
        yield _letter(code, dice, company, f"{seed}-{index:04}", started_at + index * BETWEEN)


def codes() -> tuple[str, ...]:
    """Return every scenario in every language."""
    return tuple(_mix(()))


def _mix(only: Collection[str]) -> dict[str, int]:
    mix = {
        f"{name}.{language}": scenario.weight * share
        for name, scenario in scenarios.ALL.items()
        for language, share in LANGUAGES.items()
    }
    return {code: weight for code, weight in mix.items() if not only or code in only}


def _letter(code: str, dice: Random, company: CompanyFile, serial: str, now: datetime) -> Letter:
    name, _, language = code.partition(".")
    scene = Scene(dice, company, language, now, serial)
    draft = scenarios.ALL[name].write(scene)
    return Letter(
        sender="" if draft.null_sender else draft.writer.address,
        recipients=(draft.to, *draft.cc),
        raw=envelopes.seal(scene, draft),
        scenario=code,
        expected=draft.expected,
    )
