"""Answer texts that staff write, filled in: plain text, sandboxed, safe for a mail.

The grammar of templates is `emails.template_grammar`; values are cleaned here, because strangers
wrote many of them: their links are undone and their line breaks cannot reach a header.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from traceback import extract_tb
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from emails.template_grammar import (
    FILTERS,
    ROWS,
    VARIABLES,
    TemplateProblem,
    problems,
)
from hbu.lib.reasons import N_

__all__ = ["VARIABLES", "Rendered", "TemplateProblem", "check", "render", "split"]

MAX_TEXT = 200_000
MAX_SUBJECT = 200
MAX_VALUE = 100
MAX_ROWS = 500
MAX_SIGNATURE = 2000
SOURCE_NAME = "<template>"
OUR_OWN = frozenset({"company", "link", "signature"})
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.|\b(?:mailto|javascript|data):)\S*", re.IGNORECASE
)
DOT_IN_A_DOMAIN = re.compile(r"(?<=\w)[.。．｡](?=[^\W\d_]{2,})")
BLANK_LINES = re.compile(r"\n{3,}")


class Missing(StrictUndefined):
    """A value nobody gave: `{% if it %}` may ask for it, writing it is an error."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str


_environment = ImmutableSandboxedEnvironment(
    undefined=Missing,
    autoescape=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.clear()
_environment.tests.clear()
_environment.filters.clear()
_environment.filters.update(FILTERS)


def split(source: str) -> tuple[str, str]:
    """Return subject and body of a template file: "Subject: ...", a blank line, the body."""
    head, _, body = source.replace("\r\n", "\n").partition("\n\n")
    mark, _, subject = head.partition(":")
    if mark.strip().lower() != "subject" or "\n" in head:
        raise TemplateProblem(N_("It must begin with 'Subject: ...' and a blank line."), 1)
    return subject.strip(), body


def check(subject: str, body: str) -> list[tuple[str, TemplateProblem]]:
    """Return what keeps this template from being saved, and where; nothing when it is sound."""
    return [
        (part, problem)
        for part, source in ((N_("Subject"), subject), (N_("Text"), body))
        for problem in problems(source, _environment)
    ]


def render(subject: str, body: str, variables: Mapping[str, object]) -> Rendered:
    """Return the letter; raise TemplateProblem when the template or a value is not fit for it."""
    values = {name: _clean(name, variables[name]) for name in VARIABLES if name in variables}
    values = {name: value for name, value in values.items() if value is not None}
    head = _one_line(_written(subject, values))[:MAX_SUBJECT].strip()
    text = "\n".join(line.rstrip() for line in _written(body, values).splitlines())
    return Rendered(head, BLANK_LINES.sub("\n\n", text).strip() + "\n")


def _written(source: str, values: Mapping[str, object]) -> str:
    pieces: list[str] = []
    size = 0
    try:
        for piece in _compiled(source).generate(values):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_TEXT:
                raise TemplateProblem(N_("The text grows too long."))
    except (TemplateError, TypeError) as error:
        raise TemplateProblem(str(error), _line(error)) from error
    return "".join(pieces)


def _line(error: Exception) -> int:
    """Return the line of the template; Jinja rewrites its tracebacks to show it."""
    frames = extract_tb(error.__traceback__)
    return next((one.lineno or 0 for one in reversed(frames) if one.filename == SOURCE_NAME), 0)


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    if found := problems(source, _environment):
        raise found[0]
    return _environment.from_string(source)


# Values


def _clean(name: str, value: Any) -> object:
    if name in OUR_OWN:
        return INVISIBLE.sub("", str(value))[:MAX_SIGNATURE]
    if fields := ROWS.get(name):
        return [_row(row, fields) for row in islice(value or (), MAX_ROWS)]
    if name == "doubts":
        return [_harmless(doubt, 2 * MAX_VALUE) for doubt in islice(value or (), MAX_ROWS)]
    return None if value is None else _harmless(value, MAX_VALUE)


def _row(row: Mapping[str, object], fields: Iterable[str]) -> dict[str, str]:
    return {key: _harmless(row.get(key, ""), MAX_VALUE) for key in fields}


def _harmless(value: object, longest: int) -> str:
    """Return one short line in which no mail program finds a link."""
    text = LINK.sub("…", _one_line(str(value)[:MAX_TEXT]))
    return DOT_IN_A_DOMAIN.sub(". ", text)[:longest]


def _one_line(text: str) -> str:
    return " ".join(INVISIBLE.sub(" ", text).split())
