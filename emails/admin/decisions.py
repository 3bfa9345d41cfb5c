"""Why a mail is of its kind and why it came here, as tables that people read."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emails import classifying, routing
from emails.labels import VALUE_LABELS
from emails.models import Email, RoutingRule
from hbu.lib import conditions
from hbu.lib.admin import Table, anchor, badge
from hbu.lib.admin.showing import Words, address
from hbu.lib.conditions.language import WITHOUT_VALUE
from hbu.lib.telling import named, told

SAID: Mapping[str, Words] = {
    "department": _("department"),
    "sla": _("SLA"),
    "priority": _("priority"),
}


def why_this_kind(email: Email) -> Table:
    return Table(
        title=_("Why it is of this kind"),
        headers=(_("what spoke for it"), _("found"), _("weight")),
        rows=[
            (gettext(one["what"]), _evidence(one), f"{one.get('weight', 0):+g}")
            for one in email.reasons
        ],
        empty=_("The mail has not been read yet."),
    )


def _evidence(reason: Mapping[str, Any]) -> str:
    """Words of the mail as they stand there, values of ours by their names."""
    found = str(reason.get("evidence", ""))
    return named(found) if reason["what"] in classifying.OURS else found


def why_here(email: Email) -> Table:
    rules = {entry.get("rule_id") for entry in email.trace}
    known = {rule.pk: rule for rule in RoutingRule.objects.filter(pk__in=rules)}
    return Table(
        title=_("Why it is here"),
        headers=(_("rule"), _("outcome"), _("what was looked at")),
        rows=[
            (
                _rule(entry, known),
                format_html("{} {}", _outcome(entry), _effects(entry)),
                _checks(entry),
            )
            for entry in email.trace
        ],
        empty=_("No rule was asked about this mail."),
    )


def _rule(entry: Mapping[str, Any], known: Mapping[int, RoutingRule]) -> str:
    rule, version = known.get(entry.get("rule_id", 0)), entry.get("version", "")
    name = anchor(address(rule), entry["rule"]) if rule else entry["rule"]
    return format_html("{} <span class='whitespace-nowrap'>v{}</span>", name, version)


def _outcome(entry: Mapping[str, Any]) -> str:
    if not entry.get("reached", True):
        return badge(_("not reached"))
    if not entry["hit"]:
        return badge(_("missed"))
    if entry.get("overruled") and not entry.get("applied"):
        return badge(_("overruled"), "warning")
    return badge(_("hit"), "success")


def _effects(entry: Mapping[str, Any]) -> str:
    said = _said(entry.get("applied", {}), "{}: {}")
    overruled = _said(
        entry.get("overruled", {}), gettext("{}: {}, but an earlier rule had decided")
    )
    problems = ((told(one),) for one in entry.get("problems", ()))
    return format_html("{}{}{}", said, overruled, format_html_join("", "<div>{}</div>", problems))


def _said(fields: Mapping[str, str], pattern: str) -> str:
    lines = (
        pattern.format(SAID.get(name, name), VALUE_LABELS.get(name, {}).get(value, value))
        for name, value in fields.items()
    )
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines))


def _checks(entry: Mapping[str, Any]) -> str:
    return format_html_join(
        "", "<div>{} {}</div>", (_check(one) for one in entry.get("checks", ()))
    )


def _check(check: Mapping[str, Any]) -> tuple[str, str]:
    mark = "✓" if check["hit"] else "✗"
    if check.get("error"):
        field = routing.FIELDS.get(check["field"], check["field"])
        return mark, f"{gettext(field)}: {gettext(check['error'])}"
    leaf = {name: check[name] for name in ("field", "op", "value")}
    wanted = conditions.in_words(leaf, routing.FIELDS, VALUE_LABELS, translate=gettext)
    if check["op"] in WITHOUT_VALUE:
        return mark, wanted
    labels = VALUE_LABELS.get(check["field"], {})
    details = {"wanted": wanted, "actual": labels.get(check["actual"], check["actual"])}
    return mark, gettext("%(wanted)s (it is “%(actual)s”)") % details
