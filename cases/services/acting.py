"""What rules and macros do to a case, through the services that people use.

Each action stands for itself: one that fails is told and undoes none of the others.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from agents.models import Agent, Department
from cases import actions as vocabulary
from cases.models import Case, Notice, Task
from cases.services import assigning, attending, calling, life, notifying, noting, replying, tasks
from cases.services.assigning import UNSET
from cases.services.escalating import LEADS
from cases.services.holding import must_be_there
from emails.models import Email, OutgoingEmail
from emails.services import writing
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

logger = logging.getLogger(__name__)
ACKNOWLEDGEMENT = OutgoingEmail.Weight.ACKNOWLEDGEMENT.value
STAYS = (OutgoingEmail.State.WITHHELD, OutgoingEmail.State.DRAFT)
NO_MAIL = N_("There is no mail of a person to answer.")
NOBODY = N_("There is nobody to be told.")
WENT_WRONG = N_("The house made a mistake; its log says more.")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one action; without an error it was done."""

    kind: str
    what: str
    """The action in English, with its codes."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How actions are done: in whose name, and which of them."""

    name: str = ""
    """Of the rule or macro, for those who are told."""
    weight: str = ACKNOWLEDGEMENT
    """Of letters, where budgets are counted."""
    only: Collection[int] | None = None
    """The places of the actions that are done; else all."""


PLAIN = Manner()


@dataclass(frozen=True, slots=True)
class Setting:
    """Who acts, and what set it off."""

    by: AbstractBaseUser | None
    via: str
    """Unique for this doing and place of the action: letters and notifications are caused by it."""
    name: str
    weight: str


def perform(
    case: Case,
    actions: Sequence[Mapping[str, Any]],
    *,
    by: AbstractBaseUser | None,
    via: str,
    manner: Manner = PLAIN,
) -> list[Done]:
    """Do the actions in order, and return what became of each; a failing one is told, not raised.

    `via` names what set them off, such as `rule:<run>`: with the same one, nothing is written or
    sent twice.
    """
    return [
        _perform(case, action, Setting(by, f"{via}:{place}", manner.name, manner.weight))
        for place, action in enumerate(actions)
        if manner.only is None or place in manner.only
    ]


def _perform(case: Case, action: Mapping[str, Any], setting: Setting) -> Done:
    kind = str(action.get("kind", ""))
    what = vocabulary.in_words(action)
    if kind not in DEEDS:
        return Done(kind, what, N_("Unknown action"))
    try:
        with transaction.atomic():
            case.refresh_from_db()
            must_be_there(case)
            problem = DEEDS[kind](case, action, setting)
    except DomainError as refused:
        return Done(kind, what, refused.message)
    except ObjectDoesNotExist as missing:
        return Done(kind, what, f"{N_('There is none')}: {missing}"[:200])
    except Exception:
        # A rule that somebody wrote must not keep others from their work.
        logger.exception("The action %s failed for %s.", kind, case.number)
        return Done(kind, what, WENT_WRONG)
    return Done(kind, what, problem or "")


def _assign(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    code, person = action.get("department"), action.get("person")
    department = Department.objects.get(code=code) if code else case.department
    assignee: Any = UNSET
    if person == vocabulary.LEAST_BUSY:
        assignee = least_busy(department)
    elif person:
        assignee = Agent.objects.get(user__username=person, is_active=True)
    assigning.assign(
        case, department=department if code else UNSET, assignee=assignee, by=setting.by
    )


def least_busy(department: Department) -> Agent:
    """Return the person at work in a department who has the fewest open cases, and of those the one
    who was given none for longest. Raises DomainError where nobody is."""
    theirs = Q(departments=department) | Q(user__departments=department)
    people = Agent.objects.filter(theirs, kind=Agent.Kind.HUMAN, is_active=True)
    at_work = people.filter(user__is_active=True).distinct()
    counted = Case.objects.open().filter(assignee__in=at_work).order_by().values("assignee")
    busy = dict(counted.annotate(number=Count("pk")).values_list("assignee", "number"))
    last = dict(
        Case.objects.filter(assignee__in=at_work)
        .order_by("updated_at")
        .values_list("assignee", "updated_at")
    )
    found = min(
        at_work.order_by("pk"),
        key=lambda one: (busy.get(one.pk, 0), str(last.get(one.pk, "")), one.pk),
        default=None,
    )
    if found is None:
        raise DomainError("case.nobody", N_("Nobody of this department is at work."))
    return found


def _priority(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    assigning.assign(case, priority=action["to"], by=setting.by)


def _status(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    if case.status != action["to"]:
        life.move(case, action["to"], by=setting.by)


def _tag(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    assigning.tag(case, add=action["words"], by=setting.by)


def _untag(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    assigning.tag(case, remove=action["words"], by=setting.by)


def _task(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    code, hours = action.get("department"), action.get("hours")
    task = Task(
        case=case,
        title=action["title"],
        reason=action.get("reason") or setting.name,
        department=Department.objects.get(code=code) if code else case.department,
        due_at=timezone.now() + timedelta(hours=hours) if hours else None,
    )
    tasks.open_all([task], by=setting.by)


def _note(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    noting.write(case, action["text"], by=setting.by)


def _notify(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    people = readers(case, action["whom"], action.get("person", ""))
    if not people:
        raise DomainError("rule.nobody", NOBODY)
    notifying.tell(
        people,
        Notice.RULE,
        cause=setting.via,
        case=case,
        text=action["text"],
        rule=setting.name,
        number=case.number,
    )


def readers(case: Case, whom: str, person: str = "") -> list[User]:
    """Return the people whom a rule means, who are at work."""
    users = User.objects.filter(is_active=True)
    members = users.filter(departments=case.department)
    if whom == "person":
        return list(users.filter(username=person))
    if whom == "assignee":
        agent = case.assignee
        own = (
            users.filter(pk=agent.user_id, agent__kind=Agent.Kind.HUMAN) if agent else users.none()
        )
        return list(own) or list(members)
    # Where nobody leads, it is everybody's matter.
    leads = list(members.filter(groups__name=LEADS)) if whom == "leads" else []
    return leads or list(members)


def _answer(case: Case, action: Mapping[str, Any], setting: Setting) -> str:
    """Write what a template says to whoever wrote last; a machine is never answered.

    Return why the letter was written and stays here; "" where it leaves.
    """
    mail = case.emails.filter(automatic="", impostor=False).order_by("-pk").first()
    if mail is None:
        raise DomainError("rule.no_mail", NO_MAIL)
    answer = replying.Answer(action["template"], cause=setting.via, weight=setting.weight)
    letter = replying.letter(mail, case, answer, replying.stationery([mail]))
    # A rule's letter is a courtesy: rather not at all than twice.
    writing.queue([replace(letter, policy="at_most_once")], by=setting.by)
    written = OutgoingEmail.objects.filter(cause=setting.via).first()
    if written is None:
        raise DomainError("rule.unwritten", replying.UNWRITTEN)
    return written.reason if written.state in STAYS else ""


def _agent(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    """Give the case to a software agent, and let it look at the last mail if nobody answered it."""
    agent = Agent.objects.software().get(user__username=action["agent"])
    assigning.assign(case, assignee=agent, by=setting.by)
    mail = case.emails.order_by("-pk").first()
    if (
        mail is None
        or mail.state != Email.State.HANDLED
        or mail.automatic
        or _worked_on(case, mail)
    ):
        return
    desk = agent.departments.first()
    Email.objects.filter(pk=mail.pk, state=Email.State.HANDLED).update(
        state=Email.State.TAKEN_IN,
        department=desk or mail.department,
        attempts=0,
        claim=None,
        claimed_until=None,
    )
    record("email.taken_in", mail, actor=setting.by)


def _worked_on(case: Case, mail: Email) -> bool:
    answered = OutgoingEmail.objects.filter(answers=mail, state__in=OutgoingEmail.TRUE_SENDS)
    return case.orders.exists() or case.quotations.exists() or answered.exists()


def _snooze(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    attending.snooze(case, timezone.now() + timedelta(hours=action["hours"]), by=setting.by)


def _webhook(case: Case, action: Mapping[str, Any], setting: Setting) -> None:
    calling.enter(case, action["url"], cause=setting.via, by=setting.name)


DEEDS: Mapping[str, Callable[[Case, Mapping[str, Any], Setting], str | None]] = {
    "assign": _assign,
    "priority": _priority,
    "status": _status,
    "tag": _tag,
    "untag": _untag,
    "task": _task,
    "note": _note,
    "notify": _notify,
    "answer": _answer,
    "agent": _agent,
    "snooze": _snooze,
    "webhook": _webhook,
}
