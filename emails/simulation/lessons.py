"""The shipped letters as first lessons: what every scenario writes, and what it is about. No Django here."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from emails.data import Kind
from emails.learning import Lesson
from emails.simulation import scenarios
from emails.simulation.cast import Scene
from emails.simulation.drafts import Draft
from emails.simulation.letters import LANGUAGES
from hbu.company.entries import CompanyFile

WRITTEN_AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
OF_EACH = 2
"""Letters of each scenario in each language: most can be put in several ways."""


def lessons(company: CompanyFile) -> Iterator[Lesson]:
    for name, scenario in sorted(scenarios.ALL.items()):
        for language in LANGUAGES:
            for number in range(OF_EACH):
                dice = Random(f"{name}/{number}")  # noqa: S311 - has to be repeatable
                draft = scenario.write(Scene(dice, company, language, WRITTEN_AT, f"1-{number:04}"))
                yield from _lesson(draft)


def _lesson(draft: Draft) -> Iterator[Lesson]:
    if draft.expected["kind"]:
        yield Lesson(draft.subject, draft.text, Kind(draft.expected["kind"]))
