"""How the page of a case says what it knows."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from cases import mentions
from cases.models import Case
from hbu.journal.labels import facts_of, label_of
from hbu.journal.models import Event

register = template.Library()
# What an event is about is said by where it stands; these say what it did.
TOLD = ("from", "to", "department", "reason", "until", "why", "stars", "clock", "percent", "rule")


@register.filter
def happened(kind: str) -> str:
    return label_of(kind)


@register.filter
def briefly(event: Event) -> str:
    """Return what an event changed, in a line."""
    data = {name: event.data[name] for name in TOLD if event.data.get(name) not in (None, "", [])}
    words = dict(Case.Status.choices)
    told = {name: str(words.get(value, value)) for name, value in data.items()}
    way = f"{told.pop('from')} → {told.pop('to')}" if {"from", "to"} <= told.keys() else ""
    return ", ".join(filter(None, [way, *(f"{name} {value}" for name, value in facts_of(told))]))


@register.filter
def shortly(at: datetime | None) -> str:
    """Return the time of something that happened or is due today, else its day as well."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return date_format(local, "TIME_FORMAT")
    return date_format(local, "SHORT_DATETIME_FORMAT")


@register.filter
def mentioned(text: str) -> SafeString:
    """A note's text with its mentions marked; `mentions.marked` escapes all the rest."""
    return mark_safe(mentions.marked(text))  # noqa: S308


@register.filter
def initials(name: object) -> str:
    words = str(name or gettext("nobody")).split()
    return "".join(word[0] for word in words[:2]).upper()
