"""What a mail is about: evidence is collected, weighed, and kept with the verdict.

Only the sender's own words count, never what they quote. A model learned from staff's corrections
may add its voice; it is one piece of evidence among others and names its words like them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from emails import amounts, deadlines, evidence, language, learning, sentiment
from emails.data import Deadline, Kind, ParsedMail, Priority, Sender, Verdict
from emails.evidence import Evidence, Zone
from hbu.lib.reasons import N_, Reason

NOTHING_SPECIAL = 1.0
KNOWN_CUSTOMER = {Kind.SPAM: 0.25, Kind.SUPPLIER: 0.6}
NEXT_BEST, BY_A_MACHINE = N_("Next best"), N_("Written by a machine")
LEARNED, LEARNED_OTHERWISE = (
    N_("The learned model, by its words"),
    N_("The learned model would say"),
)
NEAR_DEADLINE = N_("A deadline is near")
URGENT_WORDS, PRESSING_WORDS = N_("Urgent words"), N_("Pressing words")
NEWSLETTER_WORDS = N_("Words of a newsletter")
OURS = {NEXT_BEST, BY_A_MACHINE, LEARNED_OTHERWISE}
"""Reasons whose evidence is a value of ours and no words of the mail."""
LEARNED_WEIGHT = 6.0
"""The most that the learned model may add: about as much as two strong phrases."""
OUR_ZONE = ZoneInfo("Europe/Berlin")
JOINED = ", "
"""Parts the words of one reason; none of our phrases holds a comma."""
NO_TEXTS: Mapping[str, str] = MappingProxyType({})


def classify(
    mail: ParsedMail,
    sender: Sender,
    attachment_texts: Mapping[str, str] = NO_TEXTS,
    *,
    model: learning.Model | None = None,
    zone: ZoneInfo = OUR_ZONE,
) -> Verdict:
    """Return what the mail is about, how pressing it is, and why; `zone` is where we read it."""
    zones, own = evidence.zones(mail), mail.reply_text or mail.text
    vote = learning.vote(model, mail.subject, own) if model else None
    found = [*evidence.collect(mail, zones, attachment_texts), *_learned(vote)]
    found = _with_quantity(zones, found, sender)
    scores = _scores(found, sender)
    kind, runner_up = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    due = deadlines.find(f"{mail.subject}\n{own}", mail.date, zone)
    near = _near(due, mail.date, zone)
    priority, why_pressing = _priority(kind, zones, mail, sender, near)
    feeling, why_felt = sentiment.read(zones)
    return Verdict(
        kind=kind,
        priority=priority,
        language=language.detect(f"{mail.subject}\n{own}", sender.language),
        customer=sender.customer,
        oem=sender.oem,
        desk=sender.desk,
        automatic=mail.automatic,
        confidence=_confidence(scores[kind], scores[runner_up]),
        reasons=(
            *_reasons(kind, found, sender),
            *_overruled(kind, vote),
            *_next_best(runner_up, scores),
            *why_pressing,
            *why_felt,
        ),
        sentiment=feeling,
        deadlines=due,
        amounts=amounts.find(own),
    )


def _learned(vote: learning.Vote | None) -> Iterator[Evidence]:
    if vote:
        yield Evidence(vote.kind, LEARNED, JOINED.join(vote.words), LEARNED_WEIGHT * vote.share)


def _overruled(kind: Kind, vote: learning.Vote | None) -> Iterator[Reason]:
    if vote and vote.kind is not kind:
        yield Reason(LEARNED_OTHERWISE, vote.kind.value)


def _near(due: Sequence[Deadline], written: datetime | None, zone: ZoneInfo) -> Deadline | None:
    """Return the first deadline, if few working days are left until then."""
    if not due or written is None:
        return None
    first = min(due, key=lambda one: one.due)
    left = deadlines.working_days(written.astimezone(zone).date(), first.due)
    return first if left <= deadlines.NEAR else None


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
        words = JOINED.join(one.found for one in speaking if one.what == what)
        weight = sum(one.weight for one in speaking if one.what == what)
        yield Reason(what, words[:300], round(weight * _factor(kind, sender), 2))
    if kind is Kind.GENERAL:
        yield Reason(N_("Nothing speaks for anything special"), weight=NOTHING_SPECIAL)


def _next_best(kind: Kind, scores: Mapping[Kind, float]) -> Iterator[Reason]:
    if scores[kind] > 0:
        yield Reason(NEXT_BEST, kind.value, round(-scores[kind], 2))


def _priority(
    kind: Kind, zones: Sequence[Zone], mail: ParsedMail, sender: Sender, near: Deadline | None
) -> tuple[Priority, list[Reason]]:
    if kind is Kind.SPAM:
        return Priority.LOW, [Reason(N_("Spam can wait"))]
    if mail.automatic is not None:
        return Priority.LOW, [Reason(BY_A_MACHINE, mail.automatic.value)]
    for priority, reason in _pressing(kind, evidence.tones(zones), sender, near):
        return priority, [reason]
    return Priority.NORMAL, []


def _pressing(
    kind: Kind, tones: Mapping[Priority, str], sender: Sender, near: Deadline | None
) -> Iterator[tuple[Priority, Reason]]:
    """Yield what speaks for a priority, the weightiest first."""
    if words := tones[Priority.URGENT]:
        yield Priority.URGENT, Reason(URGENT_WORDS, words)
    if sender.oem:
        yield Priority.HIGH, Reason(N_("OEM customer"), sender.customer)
    if kind is Kind.COMPLAINT:
        yield Priority.HIGH, Reason(N_("Complaints come first"))
    if words := tones[Priority.HIGH]:
        yield Priority.HIGH, Reason(PRESSING_WORDS, words)
    if (words := tones[Priority.LOW]) and kind is Kind.GENERAL:
        yield Priority.LOW, Reason(NEWSLETTER_WORDS, words)
    if near:
        yield Priority.HIGH, Reason(NEAR_DEADLINE, near.found)
