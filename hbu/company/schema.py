"""Read company.yaml and the files it names, and say at once everything that is wrong with them.

No Django here: the file can be checked wherever it is written.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hbu.company import crosschecks
from hbu.company.entries import CompanyFile
from hbu.company.yamlsource import Document, KeyPath, Problem, UnreadableError, load
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

__all__ = ["CompanyFile", "CompanyFileError", "read"]

# Sections that may stand in a file of their own: `products: products.yaml`.
_IN_OWN_FILES = (
    "products", "families", "price_lists", "customers", "suppliers", "rules", "categories",
    "holidays", "calendars", "sla", "workflows", "macros",
)  # fmt: skip
_WORDS = {
    "missing": N_("is missing"),
    "extra_forbidden": N_("is not known here"),
}


class CompanyFileError(DomainError):
    """Everything that is wrong, one problem a line: file, line, key and what."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("company_file", "\n".join(map(str, self.problems)), status=422)


def read(path: Path) -> CompanyFile:
    """Return the checked content of company.yaml and the files it names beside it."""
    document = _open(path)
    broken = set(_include_files(document, path.parent))
    checked, problems = _validate(document, broken)
    problems += document.problems + crosschecks.check(document)
    if checked is None or problems:
        raise CompanyFileError(problems)
    return checked


def _open(path: Path) -> Document:
    try:
        document = load(path)
    except UnreadableError as error:
        raise CompanyFileError([error.problem]) from None
    if not isinstance(document.data, dict):
        what = N_("must begin with the sections of a company file")
        raise CompanyFileError([Problem(path.name, 1, "", what)])
    return document


def _include_files(document: Document, folder: Path) -> Iterator[str]:
    """Put named files in their places; yield the sections that could not be read."""
    for section in _IN_OWN_FILES:
        name = document.data.get(section)
        if isinstance(name, str) and not _include(document, section, folder, name):
            yield section
    templates = document.data.get("templates")
    if isinstance(templates, str):
        document.data["templates"] = folder / templates
        if not _beside(folder, templates) or not (folder / templates).is_dir():
            what = N_("there is no folder {name} beside this file").format(name=templates)
            document.problems.append(document.problem(("templates",), what))


def _include(document: Document, section: str, folder: Path, name: str) -> bool:
    path = folder / name
    if not _beside(folder, name) or not path.is_file():
        what = N_("there is no file {name} beside this one").format(name=name)
        document.problems.append(document.problem((section,), what))
        return False
    try:
        document.include(section, load(path, (section,)))
    except UnreadableError as error:
        document.problems.append(error.problem)
        return False
    return True


def _beside(folder: Path, name: str) -> bool:
    return (folder / name).resolve().is_relative_to(folder.resolve())


def _validate(document: Document, broken: set[str]) -> tuple[CompanyFile | None, list[Problem]]:
    try:
        return CompanyFile.model_validate(document.data), []
    except ValidationError as failed:
        errors = [error for error in failed.errors() if error["loc"][:1] not in _roots(broken)]
        return None, [_problem(document, error) for error in errors]


def _roots(sections: set[str]) -> set[tuple[str, ...]]:
    return {(section,) for section in sections}


def _problem(document: Document, error: ErrorDetails) -> Problem:
    path: KeyPath = tuple(step for step in error["loc"] if step != "[key]")
    return document.problem(path, _words(error))


def _words(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return f"{error['msg'][0].lower()}{error['msg'][1:]}{_shown(error['input'])}"


def _shown(value: Any) -> str:
    return f", not {str(value)[:40]!r}" if isinstance(value, str | int) else ""
