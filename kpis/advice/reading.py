"""The rows that rules judge by. Each function asks a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Model, OuterRef, Q

from cases.models import Case
from emails.models import Email, Mailbox, OutgoingEmail, RoutingRule, RoyalTemplate, RuleVersion
from hbu.journal.models import Event
from hbu.lib.reasons import N_
from kpis import links
from kpis.advice.data import (
    Evidence,
    Outages,
    Release,
    RuleUse,
    TemplateUse,
    Waiting,
    Wandering,
)
from kpis.advice.judging import LATE, LOOKED_AT, MONTH, desks_changed

State = OutgoingEmail.State
WRITES_AGAIN = timedelta(days=3)
TWICE = 2
MOST_NAMED = 300
"""More keys than these make an address that servers refuse; the number then stands alone."""


def evidence(label: str, count: int, model: type[Model], **lookups: Any) -> Evidence:
    opts = model._meta
    may = f"{opts.app_label}.view_{opts.model_name}"
    return Evidence(label, count, links.rows(model, **lookups), may)


def named(label: str, model: type[Model], keys: Iterable[int]) -> Evidence:
    """Return the very rows with these keys as evidence."""
    found = sorted(set(keys))
    one = evidence(label, len(found), model, id__in=",".join(map(str, found)))
    return one if len(found) <= MOST_NAMED else Evidence(label, len(found), "", one.may)


def rule_uses(now: datetime) -> Iterator[RuleUse]:
    start = now - timedelta(days=LOOKED_AT)
    mails = {"received_at__gte": start.isoformat(), "rule__isnull": False}
    asked = Email.objects.filter(received_at__gte=start, rule__isnull=False).count()
    rules = list(RoutingRule.objects.in_force())
    versions = RuleVersion.objects.filter(rule__in=rules).order_by()
    since = dict(versions.values_list("rule").annotate(Max("at")))
    decided = dict(
        Email.objects.filter(rule__in=rules).order_by().values_list("rule").annotate(Count("pk"))
    )
    for one in rules:
        yield RuleUse(
            id=one.pk,
            name=one.name,
            department=one.department_id,
            since=since.get(one.pk, start),
            last_hit=one.last_hit_at,
            asked=asked,
            act=links.row(one),
            evidence=(
                evidence(N_("mails that other rules routed"), asked, Email, **mails),
                evidence(N_("mails it ever decided"), decided.get(one.pk, 0), Email,
                         rule__id__exact=one.pk),
            ),
        )  # fmt: skip


def template_uses(now: datetime) -> Iterator[TemplateUse]:
    start = now - timedelta(days=LOOKED_AT)
    again = Email.objects.filter(
        thread=OuterRef("thread"),
        automatic="",
        received_at__gt=OuterRef("sent_at"),
        received_at__lte=OuterRef("sent_at") + WRITES_AGAIN,
    )
    letters = OutgoingEmail.objects.exclude(template="").filter(
        state=State.SENT, sent_at__gte=start, thread__isnull=False
    )
    found = letters.order_by().annotate(back=Exists(again)).values_list("template", "back", "pk")
    keys: dict[str, dict[bool, list[int]]] = defaultdict(lambda: {True: [], False: []})
    for template, back, pk in found:
        keys[template][bool(back)].append(pk)
    for template, by_answer in sorted(keys.items()):
        count = sum(map(len, by_answer.values()))
        lookups = {"template__exact": template, "state__exact": State.SENT.value}
        yield TemplateUse(
            code=template,
            letters=count,
            back=len(by_answer[True]),
            act=links.rows(RoyalTemplate, code__exact=template),
            evidence=(
                evidence(N_("letters in sixty days"), count, OutgoingEmail, **lookups,
                         sent_at__gte=start.isoformat(), thread__isnull=False),
                named(N_("followed by another mail"), OutgoingEmail, by_answer[True]),
            ),
        )  # fmt: skip


def releases(now: datetime) -> Iterator[Release]:
    start = now - timedelta(days=LOOKED_AT)
    asked = {
        "created_by__isnull": True,
        "approved_by__isnull": False,
        "created_at__gte": start.isoformat(),
    }
    rows = OutgoingEmail.objects.exclude(template="").filter(
        created_by=None,
        approved_by__isnull=False,
        created_at__gte=start,
        answers__department__isnull=False,
    )
    found = (
        rows.order_by()
        .values("template", "answers__department", "answers__department__code")
        .annotate(
            released=Count("pk", filter=Q(state=State.SENT)),
            stopped=Count("pk", filter=Q(state=State.ABORTED)),
        )
    )
    for one in found:
        desk = one["answers__department"]
        theirs = {
            **asked,
            "template__exact": one["template"],
            "answers__department__id__exact": desk,
        }
        yield Release(
            template=one["template"],
            code=one["answers__department__code"],
            department=desk,
            released=one["released"],
            stopped=one["stopped"],
            act=links.rows(RoyalTemplate, code__exact=one["template"]),
            evidence=(
                evidence(N_("let go by a person"), one["released"], OutgoingEmail,
                         state__exact=State.SENT.value, **theirs),
                evidence(N_("stopped by a person"), one["stopped"], OutgoingEmail,
                         state__exact=State.ABORTED.value, **theirs),
            ),
        )  # fmt: skip


def waiting(now: datetime) -> Iterator[Waiting]:
    rows = OutgoingEmail.objects.for_a_person().filter(created_at__lt=now - LATE)
    desks: dict[tuple[int | None, str], dict[int, datetime]] = defaultdict(dict)
    columns = ("answers__department", "answers__department__code", "pk", "created_at")
    for desk, code, pk, at in rows.order_by().values_list(*columns):
        desks[desk, code or ""][pk] = at
    for (desk, code), letters in desks.items():
        yield Waiting(
            code=code,
            department=desk,
            letters=len(letters),
            oldest=min(letters.values()),
            act=links.rows(OutgoingEmail, waits="person"),
            evidence=(named(N_("letters that wait"), OutgoingEmail, letters),),
        )


def outages(now: datetime) -> Iterator[Outages]:
    start = now - timedelta(days=MONTH)
    told = Event.objects.filter(
        kind__in=["mailbox.failing", "mailbox.healthy"],
        subject_type=Mailbox._meta.label_lower,
        at__gte=start,
    )
    events: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for mailbox, kind, at in told.order_by("pk").values_list("subject_id", "kind", "at"):
        events[mailbox].append((kind, at))
    for one in Mailbox.objects.filter(pk__in=events).watched():
        failed = sum(kind == "mailbox.failing" for kind, _at in events[one.pk])
        lookups = {
            "kind": "mailbox.failing",
            "about": Mailbox._meta.label_lower,
            "subject_id__exact": one.pk,
            "at__gte": start.isoformat(),
        }
        yield Outages(
            address=one.address,
            department=one.department_id,
            spans=list(_spans(events[one.pk], now)),
            act=links.row(one),
            evidence=(evidence(N_("times it could not be read"), failed, Event, **lookups),),
        )


def _spans(
    events: Iterable[tuple[str, datetime]], now: datetime
) -> Iterator[tuple[datetime, datetime]]:
    since: datetime | None = None
    for kind, at in events:
        if kind == "mailbox.failing":
            since = since or at
        elif since:
            yield since, at
            since = None
    if since:
        yield since, now


def wandering(now: datetime) -> Iterator[Wandering]:
    start = now - timedelta(days=MONTH)
    told = Event.objects.filter(
        kind__in=["case.handed_over", "case.assigned"],
        subject_type=Case._meta.label_lower,
        at__gte=start,
    )
    desks: dict[int, list[str]] = defaultdict(list)
    for case, kind, data in told.order_by("pk").values_list("subject_id", "kind", "data"):
        handed = kind == "case.handed_over"
        if handed and not desks[case]:
            # It came from a desk, whichever that was.
            desks[case].append("")
        desks[case].append(data["to"] if handed else data["department"])
    often = [case for case, ways in desks.items() if desks_changed(ways) >= TWICE]
    yield from map(_wandered, _by_kind(often).items())


def _by_kind(cases: Iterable[int]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for pk, kind in Case.objects.filter(pk__in=list(cases)).values_list("pk", "kind"):
        found[kind].append(pk)
    return found


def _wandered(found: tuple[str, list[int]]) -> Wandering:
    kind, cases = found
    return Wandering(
        kind=kind,
        cases=len(cases),
        act=links.rows(RoutingRule, is_active__exact=1),
        evidence=(named(N_("cases handed over twice or more"), Case, cases),),
    )
