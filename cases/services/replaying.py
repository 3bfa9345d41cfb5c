"""What a replay means to cases: the agents are asked again on paper, a case may change its desk."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from django.db.models import F

from agents.data import Brief, OrderBrief, Remembered
from agents.models import AgentRun, Department
from agents.services import consulting
from cases.models import Case, CaseEmail, Task
from cases.services import clocks
from cases.services.briefing import TEXT_SHOWN
from cases.services.queueing import FALLBACK
from emails.models import Email
from emails.services.deciding import Books
from emails.services.replay.again import Again, singly
from emails.services.replay.comparing import FOLLOWERS, STAGES, Compared, Stage
from hbu.journal.models import Event
from hbu.journal.recording import record_many
from hbu.lib.reasons import N_

REPLAYED = N_("Today's rules send the mail there")
PROPOSAL = "proposal"
BRIEF_FIELDS = {one.name for one in fields(Brief)}


def consult_again(agains: Sequence[Again], _books: Books) -> None:
    """Ask the agents about what they were shown then, under the verdict as it stands today.

    Nobody acts on it and nothing is stored. What the books said then is not asked again: the order
    of the mail is entered by now and its letter written, so the same question would be another.
    """
    runs, roster = _runs([one.email for one in agains]), consulting.roster()

    def one(again: Again) -> None:
        run = runs.get(again.email.pk)
        if run is None:
            return
        brief = _brief(run.brief, again.email)
        agent = roster.get(brief.department) or roster.get(FALLBACK) or consulting.UNSERVED
        [(_unsaved, outcome)] = consulting.consult([(agent, brief)])
        before, after = _proposed(run.outcome), _proposed(outcome.as_json())
        if before != after:
            again.shown[PROPOSAL] = (before, after)

    singly(agains, one)


def _runs(emails: Sequence[Email]) -> dict[int, AgentRun]:
    """Return the consultation about each mail: of its case, with its subject and its words."""
    links = CaseEmail.objects.filter(email__in=emails).select_related("case")
    numbers = {link.email_id: link.case.number for link in links}
    runs = AgentRun.objects.filter(case_number__in=numbers.values()).order_by("pk")
    found = {
        (run.case_number, run.brief.get("subject"), run.brief.get("text")): run for run in runs
    }
    keys = {email.pk: (numbers.get(email.pk, ""), email.subject, _words(email)) for email in emails}
    return {pk: found[key] for pk, key in keys.items() if key in found}


def _words(email: Email) -> str:
    return (email.reply_text or email.text)[:TEXT_SHOWN]


def _brief(shown: Mapping[str, Any], email: Email) -> Brief:
    known = {name: value for name, value in shown.items() if name in BRIEF_FIELDS}
    stored = Brief(
        **known
        | {
            "order": _order(known.get("order")),
            "quotation": _order(known.get("quotation")),
            "open_orders": tuple(tuple(one) for one in known.get("open_orders", ())),
            "unread": tuple(known.get("unread", ())),
            "remembered": Remembered(**known["remembered"]) if known.get("remembered") else None,
        }
    )
    return replace(
        stored,
        kind=email.kind,
        priority=email.priority,
        language=email.language,
        customer=email.customer.name if email.customer else "",
        oem=email.is_oem,
        automatic=email.automatic,
        confidence=email.confidence,
        department=email.department.code if email.department else stored.department,
    )


def _order(shown: Mapping[str, Any] | None) -> OrderBrief | None:
    return OrderBrief(**{**shown, "doubts": tuple(shown["doubts"])}) if shown else None


def _proposed(outcome: Mapping[str, Any]) -> list[str]:
    return [_line(action) for action in outcome.get("actions", ())]


def _line(action: Mapping[str, Any]) -> str:
    details = [str(value) for name, value in action.items() if name != "do" and value]
    return f"{action.get('do')}: {', '.join(details)}" if details else str(action.get("do"))


def follow(compared: Sequence[Compared]) -> None:
    """Hand over the cases of mails that belong elsewhere now, unless people were at them."""
    moved = {one.email.pk: one for one in compared if "department" in one.changes}
    cases = _opened_by(moved)
    theirs = _touched_by_people(cases.values())
    going: dict[Department, list[Case]] = defaultdict(list)
    for pk, case in cases.items():
        before, now = moved[pk].email.department_id, moved[pk].again.now.department
        if now is not None and case.pk not in theirs and case.department_id == before:
            going[now].append(case)
    for department, moving in going.items():
        desks = Task.objects.open().filter(case__in=moving, department=F("case__department"))
        desks.update(department=department)
        Case.objects.filter(pk__in=[case.pk for case in moving]).update(department=department)
        clocks.refresh(case.pk for case in moving)
        # In the name of the house: whoever wanted the replay was not at the case itself.
        told = {"to": department.code, "why": REPLAYED}
        record_many("case.handed_over", ((case, told) for case in moving))


def _opened_by(emails: Collection[int]) -> dict[int, Case]:
    """Return the open cases that one of the mails opened: a case is about its first mail."""
    cases = list(
        Case.objects.open().filter(links__email__in=list(emails)).select_for_update(of=("self",))
    )
    links = CaseEmail.objects.filter(case__in=cases).order_by("-pk")
    openers = {link.case_id: link.email_id for link in links}
    return {openers[case.pk]: case for case in cases if openers[case.pk] in emails}


def _touched_by_people(cases: Iterable[Case]) -> set[int]:
    cases = list(cases)
    assigned = {case.pk for case in cases if case.assignee_id is not None}
    events = Event.objects.filter(
        subject_type=Case._meta.label_lower,
        subject_id__in=[case.pk for case in cases],
        actor__isnull=False,
    )
    return assigned | set(events.values_list("subject_id", flat=True))


STAGES["agent"] = Stage("agent", N_("Ask the agent"), (consult_again,), can_be_applied=False)
FOLLOWERS.append(follow)
