"""Why a mail is here: the winner in a sentence, every rule below it, and what people did since."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from emails import routing
from emails.admin.wording import SAID, Names, condition_in_words
from emails.models import Email, RoutingRule, RuleVersion
from emails.services import deciding
from emails.services.replay import comparing
from hbu.journal.labels import facts_of, label_of
from hbu.journal.models import Event
from hbu.lib.admin import Table, anchor, badge, link, moment
from hbu.lib.admin.showing import address
from hbu.lib.conditions.language import WITHOUT_VALUE
from hbu.lib.telling import told

Entry = Mapping[str, Any]
# What people, or a replay that people asked for, did about a mail or its case afterwards.
LATER_OF_THE_MAIL = ("email.corrected", "email.replayed")
LATER_OF_THE_CASE = ("case.assigned", "case.handed_over")


def why_here(email: Email) -> Table:
    versions, names = _Versions(email), Names()
    trace = email.trace
    return Table(
        title=_("Why it is here"),
        lead=_lead(email, names) if trace else "",
        folded=ngettext("Show the %(count)d rule", "Show all %(count)d rules", len(trace))
        % {"count": len(trace)},
        headers=(_("rule"), _("outcome"), _("what was looked at")),
        rows=[
            (
                versions.of(entry),
                format_html("{} {}", _outcome(entry), _effects(entry, names)),
                format_html_join(
                    "",
                    "<div>{} {}</div>",
                    (_check(one, names) for one in entry.get("checks", ())),
                ),
            )
            for entry in trace
        ],
        empty=_("No rule was asked about this mail."),
    )


class _Versions:
    """The rules of a trace with links to the very versions that decided."""

    def __init__(self, email: Email) -> None:
        self.rules = RoutingRule.objects.in_bulk({one.get("rule_id") for one in email.trace})
        numbers = {one.get("version") for one in email.trace}
        versions = RuleVersion.objects.filter(rule__in=self.rules, version__in=numbers)
        self.versions = {
            (one.rule_id, one.version): one for one in versions.only("rule_id", "version")
        }

    def of(self, entry: Entry) -> str:
        if entry["rule"] == routing.DESK_RULE:
            return told(entry["rule"])
        rule, number = entry.get("rule_id", 0), entry.get("version", "")
        version = self.versions.get((rule, number))
        name = link(self.rules[rule], entry["rule"]) if rule in self.rules else entry["rule"]
        shown = anchor(address(version), f"v{number}") if version else f"v{number}"
        return format_html("{} <span class='whitespace-nowrap'>{}</span>", name, shown)


# The sentence.


def _lead(email: Email, names: Names) -> str:
    lines = [
        _winner(email, names),
        *_beside(email.trace, names),
        *_since(email),
        *_today(email),
    ]
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines if line))


def _winner(email: Email, names: Names) -> str:
    entry = _who_set(email.trace, "department")
    code = entry["applied"]["department"] if entry else deciding.FALLBACK
    department = Department.objects.filter(code=code).first()
    where = {"address": department.address if department else code}
    if entry is None:
        return gettext("To %(address)s because no rule chose a department.") % where
    if entry["rule"] == routing.DESK_RULE:
        words = gettext("To %(address)s because the customer has this desk for all its mail.")
        return words % where
    details = {
        "rule": entry["rule"],
        "version": entry.get("version", ""),
        "why": _because(entry, names),
    }
    words = gettext("To %(address)s because of rule “%(rule)s” (version %(version)s): %(why)s")
    return words % (where | details)


def _who_set(trace: list[Entry], field: str) -> Entry | None:
    return next((entry for entry in trace if field in (entry.get("applied") or {})), None)


def _beside(trace: list[Entry], names: Names) -> Iterator[str]:
    """What rules decided apart from the department."""
    for field in ("sla", "priority"):
        if entry := _who_set(trace, field):
            details = {
                "what": SAID[field],
                "value": names.value(field, entry["applied"][field]),
                "rule": entry["rule"],
                "why": _because(entry, names),
            }
            words = gettext("%(what)s “%(value)s” because of rule “%(rule)s”: %(why)s")
            line = words % details
            yield line[:1].upper() + line[1:]


def _because(entry: Entry, names: Names) -> str:
    """Return what spoke for a rule: each leaf that held, or that was to miss and missed."""
    speaking = [_speaking(one, names) for one in entry.get("checks", ()) if _speaks(one)]
    return "; ".join(speaking) or gettext("it takes every mail")


def _speaks(check: Entry) -> bool:
    return not check.get("error") and check["hit"] != check.get("denied", False)


def _speaking(check: Entry, names: Names) -> str:
    field = gettext(routing.FIELDS.get(check["field"], check["field"]))
    if check.get("denied"):
        return _wanted(check)
    if check.get("found"):
        return gettext("%(field)s says “%(found)s”") % {"field": field, "found": check["found"]}
    if check["op"] == "true":
        return field
    if check["op"] in {"is", "in"}:
        return f"{field}: {names.value(check['field'], check['actual'])}"
    return _wanted(check)


def _wanted(check: Entry) -> str:
    leaf = {name: check[name] for name in ("field", "op", "value")}
    return condition_in_words({"not": leaf} if check.get("denied") else leaf)


def _since(email: Email) -> Iterator[str]:
    case = getattr(getattr(email, "link", None), "case", None)
    events = Event.objects.about(email).filter(kind__in=LATER_OF_THE_MAIL)
    if case is not None:
        events |= Event.objects.about(case).filter(kind__in=LATER_OF_THE_CASE)
    for event in events.select_related("actor").order_by("pk"):
        details = ", ".join(f"{name}: {value}" for name, value in facts_of(event.data))
        who = event.actor or gettext("the house")
        yield f"{moment(event.at)}: {label_of(event.kind)} ({who}) - {details}"


def _today(email: Email) -> Iterator[str]:
    """Say so when today's rules would decide otherwise."""
    if email.state not in Email.DECIDED:
        return
    [compared] = comparing.compare([email], comparing.STAGES["route"])
    if "department" in compared.changes:
        yield gettext("With today's rules it would go to %(department)s.") % {
            "department": compared.again.now.department
        }


# The rules one by one.


def _outcome(entry: Entry) -> str:
    if not entry.get("reached", True):
        return badge(_("not reached"))
    if not entry["hit"]:
        return badge(_("missed"))
    if entry.get("overruled") and not entry.get("applied"):
        return badge(_("overruled"), "warning")
    return badge(_("hit"), "success")


def _effects(entry: Entry, names: Names) -> str:
    said = _said(entry.get("applied", {}), "{}: {}", names)
    overruled = _said(
        entry.get("overruled", {}), gettext("{}: {}, but an earlier rule had decided"), names
    )
    problems = ((told(one),) for one in entry.get("problems", ()))
    return format_html("{}{}{}", said, overruled, format_html_join("", "<div>{}</div>", problems))


def _said(fields: Mapping[str, str], pattern: str, names: Names) -> str:
    lines = (
        pattern.format(SAID.get(name, name), names.value(name, value))
        for name, value in fields.items()
    )
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines))


def _check(check: Entry, names: Names) -> tuple[str, str]:
    mark = "✓" if check["hit"] != check.get("denied", False) else "✗"
    if check.get("error"):
        field = routing.FIELDS.get(check["field"], check["field"])
        return "!", f"{gettext(field)}: {gettext(check['error'])}"
    wanted = _wanted(check)
    if check["op"] in WITHOUT_VALUE:
        return mark, wanted
    actual = check.get("found") or names.value(check["field"], check["actual"])
    details = {"wanted": wanted, "actual": actual}
    return mark, gettext("%(wanted)s (it is “%(actual)s”)") % details
