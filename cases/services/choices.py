"""What conditions about cases and actions may say: each code with what it is called."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Department
from cases import actions, facts
from cases.models import Case, Tag
from emails.labels import AUTOMATIC_LABELS, KIND_LABELS, PRIORITY_LABELS, SENTIMENT_LABELS
from emails.models import RoyalTemplate
from hbu.lib import conditions
from orders.models.order import State

Named = dict[str, dict[str, Any]]
LANGUAGES = {"de": _("German"), "en": _("English")}
LEAST_BUSY: Promise = pgettext_lazy("assign to", "whoever is least busy")


def of_conditions() -> Named:
    """Return the known values of the fields in `cases.facts.FIELDS`; other fields take any."""
    departments = {one.code: one.name for one in Department.objects.all()}
    return {
        "kind": _worded(KIND_LABELS),
        "channel": _chosen(Case.Channel.choices),
        "status": _chosen(Case.Status.choices),
        "priority": _worded(PRIORITY_LABELS),
        "sentiment": _worded(SENTIMENT_LABELS),
        "department": departments,
        "assignee": {name: name for name in Agent.objects.values_list("name", flat=True)},
        "tags": {name: name for name in Tag.objects.values_list("name", flat=True)[:200]},
        "standing": _chosen(Case.Standing.choices),
        "language": _worded(LANGUAGES),
        "automatic": _worded(AUTOMATIC_LABELS),
        "order_state": _chosen(State.choices),
    }


def of_actions() -> Named:
    """Return what the fields of actions may say, by what they are of."""
    people = Agent.objects.filter(kind=Agent.Kind.HUMAN, is_active=True)
    templates = RoyalTemplate.objects.order_by("code").values_list("code", flat=True)
    return {
        "departments": {one.code: one.name for one in Department.objects.all()},
        "people": {actions.LEAST_BUSY: str(LEAST_BUSY), **_agents(people)},
        "agents": _agents(Agent.objects.software()),
        "priorities": _worded(PRIORITY_LABELS),
        "statuses": _chosen(one for one in Case.Status.choices if one[0] != Case.Status.NEW),
        "whom": {code: gettext(words) for code, words in actions.WHOM.items()},
        "templates": {code: code for code in dict.fromkeys(templates)},
    }


def _agents(rows: QuerySet[Agent]) -> dict[str, str]:
    return dict(rows.order_by("name").values_list("user__username", "name"))


def _worded(labels: Mapping[Any, object]) -> dict[str, str]:
    return {str(code): str(words) for code, words in labels.items()}


def _chosen(choices: Iterable[tuple[Any, object]]) -> dict[str, str]:
    return {str(code): str(words) for code, words in choices}


def condition_in_words(condition: Any, values: Named | None = None) -> str:
    if not condition:
        return gettext("always")
    values = of_conditions() if values is None else values
    return conditions.in_words(condition, facts.FIELDS, values, translate=gettext)


def field_in_words(name: str) -> str:
    return gettext(facts.FIELDS.get(name, name))


def actions_in_words(given: Any, values: Named | None = None) -> list[str]:
    values = of_actions() if values is None else values
    return actions.sentences(given or (), values, translate=gettext)
