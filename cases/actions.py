"""The closed vocabulary of what rules and macros do to a case. Says what an action is; does nothing.

An action is a JSON object: its kind, and the values of that kind's fields.

    {"kind": "task", "title": "Call the customer", "department": "support", "hours": 4}
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from hbu.lib.reasons import N_

MOST = 20
MOST_HOURS = 24 * 366
MOST_WORDS, WORD = 10, 40
LEAST_BUSY = "least busy"
"""In place of a person: whoever of the department has the fewest open cases."""

Known = Mapping[str, Collection[str]]
"""The values that there are, by what a field is of: departments, people, templates and so on."""
NOTHING: Mapping[str, Mapping[str, object]] = MappingProxyType({})
WHOM: Mapping[str, str] = {
    "assignee": N_("who works on it, else the department"),
    "department": N_("everybody in the department"),
    "leads": N_("the department's team leads"),
    "person": N_("a person"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an action. `sort`: text, long, number, words, url or choice; `of`: of what."""

    name: str
    label: str
    sort: str = "text"
    of: str = ""
    needed: bool = False
    most: int = 200


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of action: what it is called, and what it wants to know."""

    label: str
    fields: tuple[Field, ...]
    one_of: tuple[str, ...] = ()
    """At least one of these must be given."""


def _choice(name: str, label: str, of: str, *, needed: bool = False) -> Field:
    return Field(name, label, "choice", of, needed)


KINDS: Mapping[str, Action] = {
    "assign": Action(
        N_("Assign to"),
        (
            _choice("department", N_("Department"), "departments"),
            _choice("person", N_("Person"), "people"),
        ),
        one_of=("department", "person"),
    ),
    "priority": Action(
        N_("Set the priority"), (_choice("to", N_("Priority"), "priorities", needed=True),)
    ),
    "status": Action(
        N_("Set the status"), (_choice("to", N_("Status"), "statuses", needed=True),)
    ),
    "tag": Action(N_("Put on tags"), (Field("words", N_("Tags"), "words", needed=True),)),
    "untag": Action(N_("Take off tags"), (Field("words", N_("Tags"), "words", needed=True),)),
    "task": Action(
        N_("Open a task"),
        (
            Field("title", N_("What is to do"), needed=True),
            Field("reason", N_("Why"), most=500),
            _choice("department", N_("Department"), "departments"),
            Field("hours", N_("Due in hours"), "number"),
        ),
    ),
    "note": Action(
        N_("Write a note"), (Field("text", N_("Note"), "long", needed=True, most=2000),)
    ),
    "notify": Action(
        N_("Tell colleagues"),
        (
            _choice("whom", N_("Whom"), "whom", needed=True),
            _choice("person", N_("Person"), "people"),
            Field("text", N_("What they are told"), needed=True, most=300),
        ),
    ),
    "answer": Action(
        N_("Answer the customer"), (_choice("template", N_("Template"), "templates", needed=True),)
    ),
    "agent": Action(
        N_("Hand to a software agent"), (_choice("agent", N_("Agent"), "agents", needed=True),)
    ),
    "snooze": Action(
        N_("Put off for hours"), (Field("hours", N_("Hours"), "number", needed=True),)
    ),
    "webhook": Action(N_("Call a webhook"), (Field("url", N_("Address"), "url", needed=True),)),
}  # fmt: skip


def validate(actions: object, known: Known, *, kinds: Collection[str] = KINDS) -> list[str]:
    """Return what is wrong with a list of actions, in words; nothing when it may be saved."""
    if not isinstance(actions, list | tuple):
        return [N_("Not a list of actions")]
    if not actions:
        return [N_("Nothing would be done: add an action.")]
    if len(actions) > MOST:
        return [f"{N_('Too many actions, at most')}: {MOST}"]
    found = []
    for number, action in enumerate(actions, 1):
        found += [f"{number}: {problem}" for problem in _problems(action, known, kinds)]
    return found


def _problems(action: object, known: Known, kinds: Collection[str]) -> Iterator[str]:
    kind = str(action.get("kind")) if isinstance(action, Mapping) else ""
    if not isinstance(action, Mapping) or kind not in KINDS or kind not in kinds:
        yield f"{N_('Unknown action')}: {kind[:60]}"
        return
    spec = KINDS[kind]
    strangers = sorted(set(map(str, action)) - {"kind", *(field.name for field in spec.fields)})
    if strangers:
        yield f"{N_('Unknown value')}: {', '.join(strangers)[:60]}"
    for field in spec.fields:
        yield from _field_problems(field, action.get(field.name), known)
    if spec.one_of and not any(_given(action.get(name)) for name in spec.one_of):
        labels = [field.label for field in spec.fields if field.name in spec.one_of]
        yield f"{N_('Give at least one of')}: {', '.join(labels)}"
    if action.get("whom") == "person" and not _given(action.get("person")):
        yield f"{N_('Is missing')}: {N_('Person')}"


def _given(value: object) -> bool:
    return value not in (None, "", [], ())


def _field_problems(field: Field, value: object, known: Known) -> Iterator[str]:
    if not _given(value):
        if field.needed:
            yield f"{N_('Is missing')}: {field.label}"
        return
    problem = CHECKS[field.sort](field, value, known)
    if problem:
        yield f"{problem}: {field.label}"


def _text(field: Field, value: object, _known: Known) -> str:
    if not isinstance(value, str) or (field.needed and not value.strip()):
        return N_("Not a text")
    return N_("Too long") if len(value) > field.most else ""


def _number(_field: Field, value: object, _known: Known) -> str:
    sound = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if sound and 0 < value <= MOST_HOURS else N_("Not a number of hours")  # type: ignore[operator] # a number


def _words(_field: Field, value: object, _known: Known) -> str:
    if not isinstance(value, list | tuple) or len(value) > MOST_WORDS:
        return N_("Not a list of words")
    sound = all(isinstance(one, str) and 0 < len(one.strip()) <= WORD for one in value)
    return "" if sound else N_("Not a list of words")


def _url(field: Field, value: object, _known: Known) -> str:
    try:
        parts = urlsplit(str(value))
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    clean = isinstance(value, str) and value.isprintable() and " " not in value
    return "" if sound and clean and "@" not in parts.netloc else N_("Not an address of the web")


def _chosen(field: Field, value: object, known: Known) -> str:
    there = isinstance(value, str) and value in known.get(field.of, ())
    return "" if there else N_("There is none")


CHECKS: Mapping[str, Callable[[Field, object, Known], str]] = {
    "text": _text,
    "long": _text,
    "number": _number,
    "words": _words,
    "url": _url,
    "choice": _chosen,
}


def in_words(
    action: Mapping[str, Any],
    values: Mapping[str, Mapping[str, object]] = NOTHING,
    *,
    translate: Callable[[str], str] = N_,
) -> str:
    """Return the action as people read it; `values`: what codes are called, by what they are of."""
    spec = KINDS.get(str(action.get("kind")))
    if spec is None:
        return f"{translate(N_('Unknown action'))}: {action.get('kind')}"
    said = [
        text
        for field in spec.fields
        if (text := _said(field, action.get(field.name), values, translate))
    ]
    return f"{translate(spec.label)}: {', '.join(said)}"


def _said(
    field: Field,
    value: Any,
    values: Mapping[str, Mapping[str, object]],
    translate: Callable[[str], str],
) -> str:
    if not _given(value):
        return ""
    if field.sort == "choice":
        called = values.get(field.of, {}).get(value, value)
        # What must be said says itself by what the action is called.
        return f"“{called}”" if field.needed else f"{translate(field.label)} “{called}”"
    if field.sort == "words":
        return ", ".join(f"“{one}”" for one in value)
    if field.sort == "number":
        return f"{value:g} h"
    return f"“{value}”"


def sentences(
    actions: Sequence[Mapping[str, Any]],
    values: Mapping[str, Mapping[str, object]] = NOTHING,
    *,
    translate: Callable[[str], str] = N_,
) -> list[str]:
    return [in_words(one, values, translate=translate) for one in actions]
