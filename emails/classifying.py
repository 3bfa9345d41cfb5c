"""What a mail is about: evidence is collected, weighed, and kept with the verdict.

Nothing here is learned or hidden, and only the sender's own words count, never what they quote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from emails import evidence, language
from emails.data import Kind, ParsedMail, Priority, Sender, Verdict
from emails.evidence import Evidence, Zone
from hbu.lib.reasons import N_, Reason

NOTHING_SPECIAL = 1.0
KNOWN_CUSTOMER = {Kind.SPAM: 0.25, Kind.SUPPLIER: 0.6}
NEXT_BEST, BY_A_MACHINE = N_("Next best"), N_("Written by a machine")
OURS = {NEXT_BEST, BY_A_MACHINE}
"""Reasons whose evidence is a value of ours and no words of the mail."""
NO_TEXTS: Mapping[str, str] = MappingProxyType({})


def classify(
    mail: ParsedMail, sender: Sender, attachment_texts: Mapping[str, str] = NO_TEXTS
) -> Verdict:
    """Return what the mail is about, how pressing it is, and why."""
    zones = evidence.zones(mail)
    found = _with_quantity(zones, evidence.collect(mail, zones, attachment_texts), sender)
    scores = _scores(found, sender)
    kind, runner_up = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    priority, why_pressing = _priority(kind, zones, mail, sender)
    return Verdict(
        kind=kind,
        priority=priority,
        language=language.detect(
            f"{mail.subject}\n{mail.reply_text or mail.text}", sender.language
        ),
        customer=sender.customer,
        oem=sender.oem,
        automatic=mail.automatic,
        confidence=_confidence(scores[kind], scores[runner_up]),
        reasons=(*_reasons(kind, found, sender), *_next_best(runner_up, scores), *why_pressing),
    )


def _with_quantity(zones: Sequence[Zone], found: list[Evidence], sender: Sender) -> list[Evidence]:
    """Let quantities count, but only where an order is likeliest anyhow."""
    scores = _scores(found, sender)
    if scores[Kind.ORDER] < max(scores.values()):
        return found
    quantity = evidence.quantity(zones)
    return [*found, quantity] if quantity else found


def _factor(kind: Kind, sender: Sender) -> float:
    return KNOWN_CUSTOMER.get(kind, 1.0) if sender.customer_id is not None else 1.0


def _scores(found: Iterable[Evidence], sender: Sender) -> dict[Kind, float]:
    scores = dict.fromkeys(Kind, 0.0) | {Kind.GENERAL: NOTHING_SPECIAL}
    for one in found:
        scores[one.kind] += one.weight * _factor(one.kind, sender)
    return scores


def _confidence(best: float, next_best: float) -> float:
    return round((best - next_best) / (best + 1), 2)


def _reasons(kind: Kind, found: Iterable[Evidence], sender: Sender) -> Iterator[Reason]:
    speaking = [one for one in found if one.kind is kind]
    for what in dict.fromkeys(one.what for one in speaking):
        words = ", ".join(one.found for one in speaking if one.what == what)
        weight = sum(one.weight for one in speaking if one.what == what)
        yield Reason(what, words[:300], round(weight * _factor(kind, sender), 2))
    if kind is Kind.GENERAL:
        yield Reason(N_("Nothing speaks for anything special"), weight=NOTHING_SPECIAL)


def _next_best(kind: Kind, scores: Mapping[Kind, float]) -> Iterator[Reason]:
    if scores[kind] > 0:
        yield Reason(NEXT_BEST, kind.value, round(-scores[kind], 2))


def _priority(
    kind: Kind, zones: Sequence[Zone], mail: ParsedMail, sender: Sender
) -> tuple[Priority, list[Reason]]:
    if kind is Kind.SPAM:
        return Priority.LOW, [Reason(N_("Spam can wait"))]
    if mail.automatic is not None:
        return Priority.LOW, [Reason(BY_A_MACHINE, mail.automatic.value)]
    tones = evidence.tones(zones)
    if words := tones[Priority.URGENT]:
        return Priority.URGENT, [Reason(N_("Urgent words"), words)]
    if sender.oem:
        return Priority.HIGH, [Reason(N_("OEM customer"), sender.customer)]
    if kind is Kind.COMPLAINT:
        return Priority.HIGH, [Reason(N_("Complaints come first"))]
    if words := tones[Priority.HIGH]:
        return Priority.HIGH, [Reason(N_("Pressing words"), words)]
    if (words := tones[Priority.LOW]) and kind is Kind.GENERAL:
        return Priority.LOW, [Reason(N_("Words of a newsletter"), words)]
    return Priority.NORMAL, []
