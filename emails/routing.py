"""Where a mail goes: rules in order decide, and each tells why.

The first rule to set the department, the SLA or the priority wins that field. A later rule that
says otherwise is noted as overruled; so content beats sender where both speak, by order alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from emails.data import ParsedMail, Priority, Route, Rule, Verdict
from hbu.lib.conditions import evaluate
from hbu.lib.reasons import N_

STANDARD_SLA = "standard"
FALLBACK_RULE = N_("No rule chose a department")
LOOKED_AT = 100_000
NO_TEXTS: Mapping[str, str] = MappingProxyType({})

FIELDS: Mapping[str, str] = {
    "subject": N_("Subject"),
    "text": N_("Text (the sender's own words)"),
    "sender": N_("Sender's address"),
    "sender_domain": N_("Sender's domain"),
    "recipients": N_("Recipients (To and Cc)"),
    "mailbox": N_("Mailbox it came in by"),
    "kind": N_("Kind"),
    "priority": N_("Priority"),
    "language": N_("Language"),
    "customer": N_("Customer"),
    "known_customer": N_("Sender is a known customer"),
    "oem": N_("Customer is an OEM"),
    "automatic": N_("Written by a machine"),
    "attachment_names": N_("Names of attachments"),
    "has_pdf": N_("Has a PDF"),
    "document": N_("Text of the documents"),
    "size": N_("Size in bytes (text and attachments)"),
}


def facts(
    mail: ParsedMail,
    verdict: Verdict,
    *,
    mailbox: str,
    attachment_texts: Mapping[str, str] = NO_TEXTS,
) -> dict[str, object]:
    """Return what rules may ask about; one entry for each of FIELDS."""
    names = tuple(part.filename for part in mail.attachments if not part.inline)
    return {
        "subject": mail.subject,
        "text": (mail.reply_text or mail.text)[:LOOKED_AT],
        "sender": mail.sender.address,
        "sender_domain": mail.sender.domain.lower(),
        "recipients": tuple(one.address for one in (*mail.to, *mail.cc)),
        "mailbox": mailbox,
        "kind": verdict.kind.value,
        "priority": verdict.priority.value,
        "language": verdict.language,
        "customer": verdict.customer,
        "known_customer": bool(verdict.customer),
        "oem": verdict.oem,
        "automatic": verdict.automatic.value if verdict.automatic else "",
        "attachment_names": names,
        "has_pdf": _has_pdf(mail),
        "document": "\n".join(attachment_texts.values())[:LOOKED_AT],
        "size": len(mail.text) + sum(part.size for part in mail.attachments),
    }


def _has_pdf(mail: ParsedMail) -> bool:
    return any(
        part.content_type == "application/pdf" or part.filename.lower().endswith(".pdf")
        for part in mail.attachments
    )


def route(
    rules: Sequence[Rule],
    facts: Mapping[str, object],
    *,
    fallback: str,
    addresses: Mapping[str, str],
) -> Route:
    """Return the decision of the rules; `addresses` are those of the departments by code."""
    decided: dict[str, str] = {}
    decisive = FALLBACK_RULE
    trace: list[dict[str, Any]] = []
    stopped = False
    for rule in rules:
        entry = _unreached(rule) if stopped else _apply(rule, facts, decided, addresses)
        trace.append(entry)
        stopped = stopped or (entry["hit"] and rule.stop)
        if "department" in entry["applied"]:
            decisive = rule.name
    department = decided.get("department", fallback)
    return Route(
        department=department,
        address=addresses.get(department, ""),
        rule=decisive,
        sla=decided.get("sla", STANDARD_SLA),
        priority=Priority(decided.get("priority") or str(facts["priority"])),
        trace=tuple(trace),
    )


def _unreached(rule: Rule) -> dict[str, Any]:
    return _entry(rule) | {"reached": False}


def _entry(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "rule_id": rule.id,
        "version": rule.version,
        "hit": False,
        "checks": (),
        "applied": {},
        "overruled": {},
        "reached": True,
        "problems": (),
    }


def _apply(
    rule: Rule,
    facts: Mapping[str, object],
    decided: dict[str, str],
    addresses: Mapping[str, str],
) -> dict[str, Any]:
    """Return the trace of one rule; what it is the first to say is added to `decided`."""
    result = evaluate(rule.condition, facts)
    problems = (*result.errors, *_problems(rule, addresses))
    entry = _entry(rule) | {
        "hit": result.hit,
        "checks": tuple(check.as_json() for check in result.checks),
        "problems": problems,
    }
    if result.hit:
        said = dict(_said(rule, addresses))
        entry["overruled"] = {name: said[name] for name in said if name in decided}
        entry["applied"] = {name: said[name] for name in said if name not in decided}
        decided |= entry["applied"]
    return entry


def _said(rule: Rule, addresses: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what the rule sets; a department that is gone must not swallow the mail."""
    if rule.department in addresses:
        yield "department", rule.department
    if rule.sla:
        yield "sla", rule.sla
    if rule.priority in set(Priority):
        yield "priority", rule.priority


def _problems(rule: Rule, addresses: Mapping[str, str]) -> Iterator[str]:
    if rule.department and rule.department not in addresses:
        yield N_("Unknown department")
    if rule.priority and rule.priority not in set(Priority):
        yield N_("Unknown priority")
