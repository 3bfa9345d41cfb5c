"""Where a mail goes: rules in order decide, and each tells why.

The first rule to set the department, the SLA or the priority wins that field. A later rule that
says otherwise is noted as overruled; so content beats sender where both speak, by order alone.
Before all of them comes a desk that a customer was promised for whatever it writes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from emails.data import Address, Kind, Priority, Route, Rule, Verdict
from hbu.lib.conditions import Check, Condition, Patience, Result, evaluate
from hbu.lib.reasons import N_

STANDARD_SLA = "standard"
FALLBACK_RULE = N_("No rule chose a department")
DESK_RULE = N_("The customer has a desk of its own")
LOOKED_AT = 100_000
# As much as the row of a mail keeps, so that asking the row again finds the same.
SUBJECT_KEPT, ADDRESS_KEPT, NAME_KEPT = 500, 254, 150
NO_TEXTS: Mapping[str, str] = MappingProxyType({})

Facts = Mapping[str, object]
Ask = Callable[[Condition, Facts, Patience], Result]

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
    "desk": N_("Customer's own desk"),
    "automatic": N_("Written by a machine"),
    "attachment_names": N_("Names of attachments"),
    "has_pdf": N_("Has a PDF"),
    "document": N_("Text of the documents"),
    "size": N_("Size in bytes (text and attachments)"),
}


class File(Protocol):
    """An attachment, as it came or as its row keeps it."""

    @property
    def filename(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def inline(self) -> bool: ...


class Mail(Protocol):
    """What rules see of a mail, whether it was parsed just now or is read from its row."""

    @property
    def subject(self) -> str: ...
    @property
    def sender(self) -> Address: ...
    @property
    def to(self) -> Sequence[Address]: ...
    @property
    def cc(self) -> Sequence[Address]: ...
    @property
    def text(self) -> str: ...
    @property
    def reply_text(self) -> str: ...
    @property
    def attachments(self) -> Sequence[File]: ...


def facts(
    mail: Mail,
    verdict: Verdict,
    *,
    mailbox: str,
    attachment_texts: Mapping[str, str] = NO_TEXTS,
) -> dict[str, object]:
    """Return what rules may ask about; one entry for each of FIELDS."""
    names = tuple(part.filename[:NAME_KEPT] for part in mail.attachments if not part.inline)
    sender = mail.sender.address[:ADDRESS_KEPT]
    return {
        "subject": mail.subject[:SUBJECT_KEPT],
        "text": (mail.reply_text or mail.text)[:LOOKED_AT],
        "sender": sender,
        "sender_domain": sender.rpartition("@")[2].lower(),
        "recipients": tuple(one.address for one in (*mail.to, *mail.cc)),
        "mailbox": mailbox,
        "kind": verdict.kind.value,
        "priority": verdict.priority.value,
        "language": verdict.language,
        "customer": verdict.customer,
        "known_customer": bool(verdict.customer),
        "oem": verdict.oem,
        "desk": verdict.desk.lower(),
        "automatic": verdict.automatic.value if verdict.automatic else "",
        "attachment_names": names,
        "has_pdf": _has_pdf(mail),
        "document": "\n".join(filter(None, attachment_texts.values()))[:LOOKED_AT],
        "size": len(mail.text) + sum(part.size for part in mail.attachments),
    }


def _has_pdf(mail: Mail) -> bool:
    return any(
        part.content_type == "application/pdf" or part.filename.lower().endswith(".pdf")
        for part in mail.attachments
    )


def route(
    rules: Sequence[Rule],
    facts: Facts,
    *,
    fallback: str,
    addresses: Mapping[str, str],
    ask: Ask = evaluate,
) -> Route:
    """Return the decision of the rules; `addresses` are those of the departments by code.

    All rules share the time that patterns may take, so that many slow ones hold up no mail.
    """
    patience = Patience()
    decided: dict[str, str] = {}
    decisive = FALLBACK_RULE
    trace: list[dict[str, Any]] = []
    if desk := own_desk(facts, addresses):
        decided["department"], decisive = desk, DESK_RULE
        trace.append(_desk_entry(desk, facts))
    stopped = False
    for rule in rules:
        if stopped:
            trace.append(_unreached(rule))
            continue
        entry = _apply(rule, ask(rule.condition, facts, patience), decided, addresses)
        trace.append(entry)
        stopped = entry["hit"] and rule.stop
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


def own_desk(facts: Facts, addresses: Mapping[str, str]) -> str:
    """Return the department that has all mail of this customer; "" where there is none, or spam."""
    wanted = facts.get("desk")
    if not wanted or facts["kind"] == Kind.SPAM.value:
        return ""
    return next((code for code, address in addresses.items() if address.lower() == wanted), "")


def _desk_entry(desk: str, facts: Facts) -> dict[str, Any]:
    """As a rule's entry, though nobody wrote it as a rule."""
    rule = Rule(id=0, name=DESK_RULE, version=0, condition={})
    check = Check("desk", "is", facts["desk"], str(facts["desk"]), hit=True)
    return _entry(rule) | {
        "rule_id": None,
        "hit": True,
        "checks": (check.as_json(),),
        "applied": {"department": desk},
    }


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
    rule: Rule, result: Result, decided: dict[str, str], addresses: Mapping[str, str]
) -> dict[str, Any]:
    """Return the trace of one rule; what it is the first to say is added to `decided`."""
    problems = (*result.errors, *_problems(rule, addresses))
    entry = _entry(rule) | {
        "hit": result.hit,
        "checks": tuple(check.as_json() for check in result.checks),
        "problems": problems,
    }
    if result.hit:
        said = says(rule, addresses)
        entry["overruled"] = {name: said[name] for name in said if name in decided}
        entry["applied"] = {name: said[name] for name in said if name not in decided}
        decided |= entry["applied"]
    return entry


def says(rule: Rule, addresses: Mapping[str, str]) -> dict[str, str]:
    """Return what the rule sets, by field; a department that is gone must not swallow the mail."""
    said = {}
    if rule.department in addresses:
        said["department"] = rule.department
    if rule.sla:
        said["sla"] = rule.sla
    if rule.priority in set(Priority):
        said["priority"] = rule.priority
    return said


def _problems(rule: Rule, addresses: Mapping[str, str]) -> Iterator[str]:
    if rule.department and rule.department not in addresses:
        yield N_("Unknown department")
    if rule.priority and rule.priority not in set(Priority):
        yield N_("Unknown priority")
