"""What a notification says, in the reader's language, from what is kept of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cases.models import Notice, Notification
from hbu.journal.labels import facts_of, label_of
from hbu.lib.telling import told

# Rows that are shown together on a page of their own, by the name of its address.
PAGES = {"kpis.alert": "kpis:monitor"}


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str
    url: str
    """Where it leads."""


def words(row: Notification, *, sees_case: bool = True) -> Words:
    """Return the words of a notification. Whoever does not see its case, and owes a step of it
    all the same, reads nothing of the case and is led elsewhere."""
    title, body = _WORDS[row.kind](row, row.data)
    if row.case is not None and not sees_case:
        body = ""
    return Words(title[:200], body[:400], _url(row, sees_case=sees_case))


def _url(row: Notification, *, sees_case: bool) -> str:
    data = row.data
    if row.case is not None and sees_case:
        return row.case.get_absolute_url()
    if "task" in data:
        return _page("cases.task", data["task"])
    if "letter" in data:
        return _page("emails.outgoingemail", data["letter"])
    if about := data.get("about"):
        return _page(*about)
    return reverse("notifications:list")


def _page(label: str, pk: int) -> str:
    if label in PAGES:
        return reverse(PAGES[label])
    try:
        return reverse(f"admin:{label.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return reverse("notifications:list")


def _case(row: Notification) -> str:
    return row.case.number if row.case else ""


def _about(row: Notification) -> str:
    return row.case.title if row.case else ""


def _by(data: Mapping[str, Any]) -> str:
    return str(data.get("by") or _("the house"))


Said = tuple[str, str]
Data = Mapping[str, Any]


def _assigned(row: Notification, data: Data) -> Said:
    title = _("%(case)s is yours now, from %(by)s") % {"case": _case(row), "by": _by(data)}
    return title, _about(row)


def _assigned_team(row: Notification, data: Data) -> Said:
    name = row.case.department.name if row.case else ""
    return _("%(case)s came to %(department)s") % {
        "case": _case(row),
        "department": name,
    }, _about(row)


def _mentioned(row: Notification, data: Data) -> Said:
    title = _("%(by)s mentions you in %(case)s") % {"by": _by(data), "case": _case(row)}
    return title, str(data.get("text", ""))


def _customer_wrote(row: Notification, data: Data) -> Said:
    title = _("%(by)s wrote in %(case)s") % {"by": _by(data), "case": _case(row)}
    return title, str(data.get("text") or _about(row))


def _followed(row: Notification, data: Data) -> Said:
    title = f"{_case(row)}: {label_of(str(data.get('event', '')))}"
    by = f"{data['by']}: " if data.get("by") and data.get("text") else ""
    return title, f"{by}{data.get('text') or _about(row)}"


def _task(row: Notification, data: Data) -> Said:
    title = _("Task %(number)s is yours: %(title)s") % {
        "number": data.get("number", ""),
        "title": told(str(data.get("title", ""))),
    }
    return title, f"{_case(row)} {_about(row)}".strip()


def _sla(title: str) -> Callable[[Notification, Data], Said]:
    def say(row: Notification, data: Data) -> Said:
        due = parse_datetime(str(data.get("due_at", "")))
        when = date_format(localtime(due), "SHORT_DATETIME_FORMAT") if due else ""
        parts = (_about(row), _("due %(when)s") % {"when": when} if when else "")
        return f"{_case(row)}: {_(title)}", " · ".join(part for part in parts if part)

    return say


def _snooze_over(row: Notification, data: Data) -> Said:
    return _("%(case)s is back on your list") % {"case": _case(row)}, _about(row)


def _rated(row: Notification, data: Data) -> Said:
    stars = _("%(case)s was rated with %(stars)s of 5 stars") % {
        "case": _case(row),
        "stars": data.get("stars", "?"),
    }
    return stars, str(data.get("comment") or _about(row))


def _bounced(row: Notification, data: Data) -> Said:
    titles = {
        "outgoing.bounced": _("Your letter to %(to)s came back"),
        "outgoing.incomplete": _("Your letter did not reach %(to)s"),
    }
    title = titles.get(str(data.get("event")), _("Your letter to %(to)s could not be sent"))
    reason = told(str(data.get("reason", "")))
    parts = (str(data.get("text", "")), reason)
    return title % {"to": data.get("to", "")}, " · ".join(part for part in parts if part)


def _rule(row: Notification, data: Data) -> Said:
    text = str(data.get("text") or data.get("message") or "")
    title = _("A rule says of %(case)s") % {"case": _case(row)}
    if rule := data.get("rule"):
        title = f"{title} ({rule})"
    return title, text or _about(row)


def _system(row: Notification, data: Data) -> Said:
    left_out = ("event", "by", "about")
    facts = facts_of({name: one for name, one in data.items() if name not in left_out})
    return label_of(str(data.get("event", ""))), " · ".join(f"{what}: {how}" for what, how in facts)


_WORDS: Mapping[str, Callable[[Notification, Data], Said]] = {
    Notice.ASSIGNED: _assigned,
    Notice.ASSIGNED_TEAM: _assigned_team,
    Notice.MENTIONED: _mentioned,
    Notice.CUSTOMER_WROTE: _customer_wrote,
    Notice.FOLLOWED: _followed,
    Notice.TASK: _task,
    Notice.SLA_WARNING: _sla("SLA at risk"),
    Notice.SLA_BREACH: _sla("SLA breached"),
    Notice.SNOOZE_OVER: _snooze_over,
    Notice.RATED: _rated,
    Notice.BOUNCED: _bounced,
    Notice.RULE: _rule,
    Notice.SYSTEM: _system,
}
