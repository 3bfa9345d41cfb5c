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

from jinja2 import Environment, StrictUndefined, Template, Undefined
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

__all__ = [
    "VARIABLES",
    "Rendered",
    "Source",
    "TemplateProblem",
    "check",
    "fill",
    "read",
    "render",
    "split",
]

MAX_TEXT = 200_000
MAX_SUBJECT = 200
MAX_VALUE = 100
MAX_ROWS = 500
MAX_SIGNATURE = 2000
SOURCE_NAME = "<template>"
HEAD = frozenset({"subject", "title", "by hand"})
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


class Visible(Undefined):
    """As Missing, but writing it leaves a mark that a person fills in."""

    def __str__(self) -> str:
        return f"[[{self._undefined_name}]]"


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A template as its file has it."""

    subject: str
    body: str
    title: str = ""
    """How staff find it."""
    by_hand: bool = False
    """In the list of whoever writes an answer."""


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
_by_hand = _environment.overlay(undefined=Visible)


def split(source: str) -> tuple[str, str]:
    """Return subject and body of a template file."""
    found = read(source)
    return found.subject, found.body


def read(source: str) -> Source:
    """Return what a template file says: "Subject: ...", a blank line, the body.

    A text that staff send by hand has two lines more: "Title: ..." and "By hand: yes".
    """
    head, _, body = source.replace("\r\n", "\n").partition("\n\n")
    pairs = [line.partition(":")[::2] for line in head.split("\n")]
    said = {name.strip().lower(): value.strip() for name, value in pairs}
    if "subject" not in said or len(said) != len(pairs) or not said.keys() <= HEAD:
        raise TemplateProblem(N_("It must begin with 'Subject: ...' and a blank line."), 1)
    by_hand = said.get("by hand", "").lower() == "yes"
    return Source(said["subject"], body, said.get("title", ""), by_hand)


def check(subject: str, body: str) -> list[tuple[str, TemplateProblem]]:
    """Return what keeps this template from being saved, and where; nothing when it is sound."""
    return [
        (part, problem)
        for part, source in ((N_("Subject"), subject), (N_("Text"), body))
        for problem in problems(source, _environment)
    ]


def render(subject: str, body: str, variables: Mapping[str, object]) -> Rendered:
    """Return the letter; raise TemplateProblem when the template or a value is not fit for it."""
    return _rendered(subject, body, variables, _environment)


def fill(subject: str, body: str, variables: Mapping[str, object]) -> Rendered:
    """As `render` for a person who goes on writing: a value nobody gave stays as [[its name]]."""
    given = {name: value for name, value in variables.items() if value not in ("", None)}
    return _rendered(subject, body, given, _by_hand)


def _rendered(
    subject: str, body: str, variables: Mapping[str, object], environment: Environment
) -> Rendered:
    values = {name: _clean(name, variables[name]) for name in VARIABLES if name in variables}
    values = {name: value for name, value in values.items() if value is not None}
    head = _one_line(_written(subject, values, environment))[:MAX_SUBJECT].strip()
    written = _written(body, values, environment)
    text = "\n".join(line.rstrip() for line in written.splitlines())
    return Rendered(head, BLANK_LINES.sub("\n\n", text).strip() + "\n")


def _written(source: str, values: Mapping[str, object], environment: Environment) -> str:
    pieces: list[str] = []
    size = 0
    try:
        for piece in _compiled(source, environment).generate(values):
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
def _compiled(source: str, environment: Environment) -> Template:
    if found := problems(source, environment):
        raise found[0]
    return environment.from_string(source)


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
    return {
        key: INVISIBLE.sub("", str(row[key]))[:MAX_SIGNATURE]
        if key in OUR_OWN and key in row
        else _harmless(row.get(key, ""), MAX_VALUE)
        for key in fields
    }


def _harmless(value: object, longest: int) -> str:
    """Return one short line in which no mail program finds a link."""
    text = LINK.sub("…", _one_line(str(value)[:MAX_TEXT]))
    return DOT_IN_A_DOMAIN.sub(". ", text)[:longest]


def _one_line(text: str) -> str:
    return " ".join(INVISIBLE.sub(" ", text).split())
