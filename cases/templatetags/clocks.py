"""The clocks of a case in words."""

from datetime import datetime

from django import template
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext

from cases.models import SLAMark
from cases.services.sla_reports import Share
from cases.sla import WARNINGS, Clock, State, Stretch

register = template.Library()
SECONDS_OF_A_MINUTE = 60
MINUTES_OF_AN_HOUR = 60


@register.filter
def duration(minutes: float | None) -> str:
    """Minutes of open time as people say them: 45 min, 4 h, 24 h 30 min."""
    if minutes is None:
        return "–"
    hours, rest = divmod(int(minutes), MINUTES_OF_AN_HOUR)
    parts = [f"{number_format(hours)} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest or not hours else parts)


@register.filter
def clock_name(clock: Clock) -> str:
    return str(SLAMark.Clock(clock.name).label)


@register.filter
def state_name(clock: Clock) -> str:
    if clock.state == State.BREACHED:
        return pgettext("clock", "late")
    if clock.ended:
        return pgettext("clock", "in time")
    return pgettext("clock", "rests") if clock.rests else pgettext("clock", "runs")


@register.filter
def is_risky(clock: Clock) -> bool:
    return not clock.ended and clock.state == State.RUNNING and clock.percent >= min(WARNINGS)


@register.filter
def share_used(clock: Clock) -> int:
    return min(100, int(clock.percent))


def _seconds(stretch: Stretch) -> int:
    """Between the full seconds of its ends, so that what is shown adds up to what is shown."""
    return int(stretch.ends.timestamp()) - int(stretch.starts.timestamp())


@register.filter
def rest_of(share: Share) -> float:
    """How much of a bar of a hundred is not in time."""
    return 100 - share.percent


@register.filter
def length_of(stretch: Stretch) -> str:
    return _exactly(_seconds(stretch))


@register.filter
def counted_of(clock: Clock) -> str:
    return _exactly(sum(_seconds(one) for one in clock.stretches if one.counted))


def _exactly(seconds: int) -> str:
    minutes, rest = divmod(seconds, SECONDS_OF_A_MINUTE)
    if not rest:
        return duration(minutes)
    return f"{duration(minutes)} {rest} s" if minutes else f"{rest} s"


@register.filter
def why(stretch: Stretch) -> str:
    words = gettext(stretch.why)
    return f"{words}: {stretch.detail}" if stretch.detail else words


@register.filter
def span(stretch: Stretch) -> str:
    """From when to when, the day said once where it is one."""
    starts, ends = localtime(stretch.starts), localtime(stretch.ends)
    same = starts.date() == ends.date()
    return f"{_day(starts)} {_hour(starts)} – {'' if same else _day(ends) + ' '}{_hour(ends)}"


def _day(at: datetime) -> str:
    return date_format(at, "D d.m.")


def _hour(at: datetime) -> str:
    return date_format(at, "H:i")
