"""What must fit together across company.yaml: nothing twice, nothing named that is not there.

Works on the raw data, so that one wrong value elsewhere does not hide these problems.
"""

from collections.abc import Iterator
from typing import Any

from hbu.company.kpi_codes import CODES
from hbu.company.yamlsource import Document, KeyPath, Problem, dotted
from hbu.lib.reasons import N_

_ANY = None
_KEY = "a key of the mapping"
_Pattern = tuple[str | None, ...]

_UNIQUE: tuple[_Pattern, ...] = (
    ("calendars", _ANY, "code"),
    ("departments", _ANY, "code"),
    ("departments", _ANY, "address"),
    ("agents", _ANY, "name"),
    ("staff", _ANY, "username"),
    ("staff", _ANY, "email"),
    ("mailboxes", _ANY, "address"),
    ("sla", _ANY, "code"),
    ("categories", _ANY, "code"),
    ("families", _ANY, "code"),
    ("products", _ANY, "sku"),
    ("price_lists", _ANY, "code"),
    ("customers", _ANY, "number"),
    ("customers", _ANY, "domains", _ANY),
    ("customers", _ANY, "contacts", _ANY, "email"),
    ("suppliers", _ANY, "number"),
    ("suppliers", _ANY, "vat_id"),
    ("suppliers", _ANY, "domains", _ANY),
    ("suppliers", _ANY, "addresses", _ANY),
    ("rules", _ANY, "name"),
    ("workflows", _ANY, "name"),
    ("macros", _ANY, "name"),
)
_REFERENCES: tuple[tuple[_Pattern, _Pattern], ...] = (
    (("agents", _ANY, "departments", _ANY), ("departments", _ANY, "code")),
    (("departments", _ANY, "calendar"), ("calendars", _ANY, "code")),
    (("staff", _ANY, "departments", _ANY), ("departments", _ANY, "code")),
    (("mailboxes", _ANY, "department"), ("departments", _ANY, "code")),
    (("rules", _ANY, "department"), ("departments", _ANY, "code")),
    (("rules", _ANY, "sla"), ("sla", _ANY, "code")),
    (("macros", _ANY, "departments", _ANY), ("departments", _ANY, "code")),
    (("products", _ANY, "category"), ("categories", _ANY, "code")),
    (("products", _ANY, "family"), ("families", _ANY, "code")),
    (("customers", _ANY, "aliases", _ANY), ("products", _ANY, "sku")),
    (("price_lists", _ANY, "prices", _KEY), ("products", _ANY, "sku")),
    (("customers", _ANY, "price_list"), ("price_lists", _ANY, "code")),
    (("customers", _ANY, "desk_address"), ("departments", _ANY, "address")),
)


# Without them nothing else says that they are missing.
_MAY_BE_LEFT_OUT = {"calendars", "categories", "families", "products", "price_lists"}


# fmt: off
_STATES = frozenset((
    "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH",
))
# fmt: on
_REGIONS: tuple[_Pattern, ...] = (
    ("company", "region"),
    ("calendars", _ANY, "region"),
    ("holidays", _ANY, "region"),
)


_TARGETS: tuple[_Pattern, ...] = (("kpis", _KEY), ("departments", _ANY, "kpis", _KEY))


def check(document: Document) -> list[Problem]:
    return [
        *_twice(document),
        *_holidays_twice(document),
        *_dangling(document),
        *_strange_states(document),
        *_strange_figures(document),
    ]


def _holidays_twice(document: Document) -> Iterator[Problem]:
    """A day may be a holiday of several states, each with its name."""
    seen: dict[tuple[str, str], KeyPath] = {}
    regions = dict(_find(document.data, ("holidays", _ANY, "region")))
    for path, value in _find(document.data, ("holidays", _ANY, "date")):
        region = regions.get((*path[:-1], "region"), "")
        first = seen.setdefault((str(value), str(region)), path)
        if first != path:
            what = N_("{value} is taken by {first}")
            yield document.problem(path, what.format(value=value, first=dotted(first)))


def _strange_states(document: Document) -> Iterator[Problem]:
    countries = dict(_find(document.data, ("company", "country"))).values()
    if set(countries) - {"DE"}:
        return
    for pattern in _REGIONS:
        for path, value in _find(document.data, pattern):
            if str(value) not in _STATES:
                what = N_("{value} is no federal state of Germany; NW and BY are, for example")
                yield document.problem(path, what.format(value=value))


def _strange_figures(document: Document) -> Iterator[Problem]:
    for pattern in _TARGETS:
        for path, code in _find(document.data, pattern):
            if code not in CODES:
                what = N_("there is no figure {value}; there are {known}")
                yield document.problem(
                    path, what.format(value=code, known=", ".join(sorted(CODES)))
                )


def _twice(document: Document) -> Iterator[Problem]:
    for pattern in _UNIQUE:
        seen: dict[str, KeyPath] = {}
        for path, value in _find(document.data, pattern):
            first = seen.setdefault(str(value).lower(), path)
            if first != path:
                what = N_("{value} is taken by {first}")
                yield document.problem(path, what.format(value=value, first=dotted(first)))


def _dangling(document: Document) -> Iterator[Problem]:
    for pattern, target in _REFERENCES:
        known = {value for _, value in _find(document.data, target)}
        for path, value in _find(document.data, pattern):
            # A section that is missing is said already, where there has to be one.
            if value not in known and (known or target[0] in _MAY_BE_LEFT_OUT):
                what = N_("there is no {value} among the {section}")
                yield document.problem(path, what.format(value=value, section=target[0]))


def _find(data: Any, pattern: _Pattern, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every non-empty scalar at the pattern, whatever else the data look like."""
    if not pattern:
        if isinstance(data, str | int) and data != "":
            yield path, data
        return
    step, *rest = pattern
    for key, child in _children(data):
        if step == _KEY:
            yield (*path, key), key
        elif step in (_ANY, key):
            yield from _find(child, tuple(rest), (*path, key))


def _children(data: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(data, dict):
        yield from data.items()
    elif isinstance(data, list):
        yield from enumerate(data)
