"""The checks of a document as people read them: what is wrong first, what is right folded away."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Section
from hbu.lib.admin.showing import Words
from hbu.lib.telling import told
from orders.data import CheckState

ICONS = {
    CheckState.OK: ("check_circle", "ok"),
    CheckState.FAILED: ("cancel", "failed"),
    CheckState.NOT_CHECKED: ("help", "open"),
}
PARTS: dict[str, Promise] = {
    "format": pgettext_lazy("part of a report", "Format"),
    "rules": pgettext_lazy("part of a report", "Rules"),
    "content": pgettext_lazy("part of a report", "Content"),
    "": pgettext_lazy("part of a report", "Figures"),
}
OK_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Report(Section):
    """The checks, in the three steps for e-invoices or in one."""

    parts: Sequence["Part"]
    template = "orders/document/report.html"


@dataclass(frozen=True, kw_only=True)
class Part:
    name: Words
    wrong: Sequence[dict[str, str]]
    right: Sequence[dict[str, str]]
    state: CheckState

    @property
    def icon(self) -> str:
        return ICONS[self.state][0]

    @property
    def level(self) -> str:
        return ICONS[self.state][1]

    @property
    def folded(self) -> bool:
        return len(self.right) > OK_SHOWN


def report(checks: Sequence[dict[str, str]]) -> Report:
    parts = [
        _part(name, [one for one in checks if one.get("part", "") == part])
        for part, name in PARTS.items()
        if part or any(not one.get("part") for one in checks)
    ]
    is_invoice = any(one.get("part") for one in checks)
    return Report(
        title=_("What was checked"),
        parts=parts if is_invoice else [part for part in parts if part.wrong or part.right],
    )


def _part(name: Words, checks: Sequence[dict[str, str]]) -> Part:
    states = {one["state"] for one in checks}
    state = next(
        (one for one in (CheckState.FAILED, CheckState.OK) if one in states),
        CheckState.NOT_CHECKED,
    )
    shown = [_check(one) for one in checks]
    return Part(
        name=name,
        state=state,
        wrong=[one for one in shown if one["level"] == "failed"],
        right=[one for one in shown if one["level"] != "failed"],
    )


def _check(one: dict[str, str]) -> dict[str, str]:
    icon, colour = ICONS[CheckState(one["state"])]
    return {
        "icon": icon,
        "level": colour,
        "name": gettext(one["name"]),
        "rule": one.get("rule", ""),
        "detail": told(one.get("detail", "")),
    }


def in_short(checks: Sequence[dict[str, str]]) -> str:
    """How many checks came out how, on one line."""
    counted = Counter(one["state"] for one in checks)
    words: dict[CheckState, str] = {
        CheckState.FAILED: gettext("%(count)d wrong"),
        CheckState.OK: gettext("%(count)d right"),
        CheckState.NOT_CHECKED: gettext("%(count)d not checked"),
    }
    return ", ".join(
        said % {"count": counted[state]} for state, said in words.items() if counted[state]
    )
