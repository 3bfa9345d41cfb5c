"""YAML that people write, read with the line of every key, and refused politely.

Scalars follow YAML 1.2's core schema: `no` is a word, `12:30` is not 750 and 01067 keeps its zero.
Tags, anchors and aliases are refused: a few lines of them can unfold to gigabytes, and nobody
needs them here.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from hbu.lib.reasons import N_

MAX_BYTES = 2_000_000
MAX_DEPTH = 20

KeyPath = tuple[str | int, ...]

# The C parser is ten times faster; neither loader builds anything but plain nodes.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, and where a person finds it. Line 0: the file as a whole."""

    file: str
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file} line {self.line}" if self.line else self.file
        return f"{place}, {self.key}: {self.what}" if self.key else f"{place}: {self.what}"


class UnreadableError(Exception):
    """The file is not YAML as we accept it."""

    def __init__(self, file: str, line: int, what: str) -> None:
        self.problem = Problem(file, line, "", what)
        super().__init__(str(self.problem))


@dataclass(slots=True)
class Document:
    """The data of a file, and for each key path the file and line where it stands."""

    file: str
    data: Any = None
    places: dict[KeyPath, tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: KeyPath, what: str) -> Problem:
        """Return the problem at the nearest place that the file really has."""
        nearest = next(
            (path[:end] for end in range(len(path), -1, -1) if path[:end] in self.places), None
        )
        file, line = (self.file, 0) if nearest is None else self.places[nearest]
        return Problem(file, line, dotted(path), what)

    def include(self, key: str, other: "Document") -> None:
        """Put another file's data where this one names it."""
        self.data[key] = other.data
        self.places |= other.places
        self.problems += other.problems


def dotted(path: KeyPath) -> str:
    """Return a key path as people write it: departments[2].address."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".")


def load(path: Path, prefix: KeyPath = ()) -> Document:
    """Read a file; `prefix` is the key under which it will stand in a larger document."""
    text = _read(path)
    try:
        _refuse_tricks(path.name, text)
        node = yaml.compose(text, _Loader)
    except yaml.YAMLError as error:
        raise UnreadableError(path.name, _line_of(error, text), _words_of(error)) from None
    if node is None:
        raise UnreadableError(path.name, 0, N_("is empty"))
    document = Document(path.name)
    document.places[prefix] = (path.name, node.start_mark.line + 1)
    document.data = _build(document, node, prefix)
    return document


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableError(path.name, 0, error.strerror or str(error)) from None
    if len(raw) > MAX_BYTES:
        raise UnreadableError(path.name, 0, N_("is larger than two megabytes"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(path.name, line, N_("is not UTF-8 text")) from None


def _refuse_tricks(file: str, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, _Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableError(file, line, N_("anchors and aliases are not accepted"))
        if getattr(event, "tag", None):
            raise UnreadableError(file, line, N_("tags are not accepted"))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise UnreadableError(file, line, N_("is nested too deeply"))


def _line_of(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    return text.count("\n", 0, getattr(error, "position", None) or 0) + 1


def _words_of(error: yaml.YAMLError) -> str:
    words = (getattr(error, name, None) for name in ("context", "problem", "reason"))
    return ", ".join(str(word) for word in words if word) or str(error)


def _build(document: Document, node: yaml.Node, path: KeyPath) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(document, node, path)
    if isinstance(node, yaml.SequenceNode):
        return [_item(document, child, (*path, at)) for at, child in enumerate(node.value)]
    return _scalar(node.value, plain=not getattr(node, "style", None))


def _item(document: Document, node: yaml.Node, path: KeyPath) -> Any:
    document.places[path] = (document.file, node.start_mark.line + 1)
    return _build(document, node, path)


def _mapping(document: Document, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key, str):
            what = N_("a key must be a word")
            document.problems.append(Problem(document.file, line, dotted(path), what))
            continue
        here = (*path, key)
        if key in built:
            what = N_("is given twice")
            document.problems.append(Problem(document.file, line, dotted(here), what))
        document.places[here] = (document.file, line)
        built[key] = _build(document, value_node, here)
    return built


def _scalar(text: str, *, plain: bool) -> Any:
    if not plain:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
