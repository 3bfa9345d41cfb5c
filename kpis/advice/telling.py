"""A recommendation as people read it, in their language, each number with the way to its rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.utils.translation import get_language, gettext

from emails.labels import KIND_LABELS
from hbu.lib import amounts
from hbu.lib.telling import told
from kpis.advice.rules import RULES
from kpis.definitions import KPIS
from kpis.models import Recommendation
from shop.services.house import currency

Person = AbstractUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Proof:
    label: str
    count: str
    url: str
    """Empty for whoever may not open the list."""


@dataclass(frozen=True, slots=True)
class Advice:
    row: Recommendation
    title: str
    why: str
    when: str
    impact: str
    computed: str
    act: str
    url: str
    proofs: Sequence[Proof]


def advice(rows: Iterable[Recommendation], user: Person) -> list[Advice]:
    return [_advice(row, user) for row in rows]


def title(row: Recommendation) -> str:
    return str(RULES[row.rule].title) % _words(row)


def _advice(row: Recommendation, user: Person) -> Advice:
    rule, words, facts = RULES[row.rule], _words(row), row.facts
    impact = rule.impacts.get(facts["words"].get("sort", ""), rule.impact)
    return Advice(
        row=row,
        title=str(rule.title) % words,
        why=str(rule.why) % words,
        when=str(rule.when),
        impact=str(impact) % {"impact": _impact(row)},
        computed=str(rule.computed),
        act=str(rule.act),
        url=facts["act"],
        proofs=[_proof(one, user) for one in facts["evidence"]],
    )


def _proof(one: Mapping[str, Any], user: Person) -> Proof:
    url = one["url"] if user.has_perm(one["may"]) else ""
    return Proof(told(one["label"]), _number(one["count"]), url)


def _words(row: Recommendation) -> dict[str, str]:
    words = row.facts["words"]
    shown = {name: _shown(name, value) for name, value in words.items()}
    unit = UNITS.get(words.get("sort", ""), "")
    return {**shown, **{name: shown[name] + unit for name in MEASURED if name in shown}}


def _shown(name: str, value: Any) -> str:
    if name in NAMES:
        return NAMES[name](value)
    if isinstance(value, dict):
        return str(value["de" if _language() == "de" else "en"])
    return _number(value) if isinstance(value, int | float) else str(value)


def _kpi(code: str) -> str:
    return str(KPIS[code].label) if code in KPIS else code


def _kind(code: str) -> str:
    labels: Mapping[str, object] = {str(kind): label for kind, label in KIND_LABELS.items()}
    return str(labels.get(code, code)) or gettext("nothing known")


UNITS = {"share": "\u00a0%", "hours": "\u00a0h"}
MEASURED = ("value", "target")
NAMES: dict[str, Callable[[Any], str]] = {"kpi": _kpi, "kind": _kind}
"""Words that are codes of ours."""


def _impact(row: Recommendation) -> str:
    if row.rule == "slow_payer":
        return amounts.money(Decimal(str(row.impact)), currency(), _language())
    return _number(row.impact)


def _number(value: float) -> str:
    return amounts.number(Decimal(str(round(value, 1))).normalize() + 0, _language())


def _language() -> str:
    return (get_language() or "en")[:2]
