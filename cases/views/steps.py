"""What can be done on the page of a case, each with its right; the services decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from cases.models import Case, Task
from cases.services import assigning, attending, life, macros, noting, regrouping, tasks
from cases.views import inbox
from cases.views.guard import StaffRequest
from emails.labels import KIND_LABELS
from emails.models import OutgoingEmail
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Customer

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Written:
    """Words about a step that wrote a letter, which can be taken back for some seconds."""

    words: Words
    letter: OutgoingEmail


Said = Words | Written
Step = Callable[[StaffRequest, Case], Said]


def do(request: StaffRequest, case: Case) -> Said:
    """Do what the form asks for and return what to tell. Raises DomainError, PermissionDenied."""
    verb = request.POST.get("do", "")
    if verb not in STEPS:
        raise DomainError("case.unclear", N_("It is not clear what shall be done."), status=400)
    permission, step = STEPS[verb]
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return step(request, case)


def _value(request: StaffRequest) -> str:
    return request.POST.get("value", "").strip()


def _take(request: StaffRequest, case: Case) -> Said:
    agent = inbox.assignee("me", request)
    # A colleague who was faster keeps it.
    was = case.assignee_id if case.assignee == agent else 0
    assigning.assign(case, assignee=agent, was=was or 0, by=request.user)
    return _("It is yours.")


def _assign(request: StaffRequest, case: Case) -> Said:
    agent = inbox.assignee(_value(request), request)
    assigning.assign(case, assignee=agent, by=request.user)
    return gettext("Assigned to %(name)s.") % {"name": agent.name} if agent else _("Nobody's now.")


def _department(request: StaffRequest, case: Case) -> Said:
    department = inbox.desk(_value(request))
    assigning.assign(case, department=department, assignee=None, by=request.user)
    return gettext("Handed to %(name)s.") % {"name": department.name}


def _priority(request: StaffRequest, case: Case) -> Said:
    assigning.assign(case, priority=inbox.priority(_value(request)), by=request.user)
    return _("Priority changed.")


def _status(request: StaffRequest, case: Case) -> Said:
    life.move(
        case,
        _value(request),
        by=request.user,
        reason=request.POST.get("reason", "")[:300],
        close_tasks="close_tasks" in request.POST,
    )
    return case.get_status_display()


def _title(request: StaffRequest, case: Case) -> Said:
    assigning.describe(case, title=_value(request), by=request.user)
    return _("Title changed.")


def _kind(request: StaffRequest, case: Case) -> Said:
    if _value(request) not in KIND_LABELS:
        raise DomainError("case.unknown_kind", N_("There is no such kind."), status=400)
    assigning.describe(case, kind=_value(request), by=request.user)
    return _("Kind changed.")


def _customer(request: StaffRequest, case: Case) -> Said:
    said = _value(request)
    customer = Customer.objects.in_use().filter(number__iexact=said).first() if said else None
    if said and customer is None:
        raise DomainError("customer.unknown", N_("No customer has this number."), status=400)
    assigning.describe(case, customer=customer, by=request.user)
    return _("Customer changed.")


def _tag(request: StaffRequest, case: Case) -> Said:
    assigning.tag(case, add=_value(request).split(","), by=request.user)
    return ""


def _untag(request: StaffRequest, case: Case) -> Said:
    assigning.tag(case, remove=[_value(request)], by=request.user)
    return ""


def _note(request: StaffRequest, case: Case) -> Said:
    # Words that were typed while a colleague put the case into another one belong there.
    noting.write(case.merged_into or case, request.POST.get("text", ""), by=request.user)
    return _("Noted.")


def _follow(request: StaffRequest, case: Case) -> Said:
    attending.follow(case, by=request.user)
    return _("You follow this case.")


def _unfollow(request: StaffRequest, case: Case) -> Said:
    attending.unfollow(case, by=request.user)
    return _("You follow it no more.")


def _snooze(request: StaffRequest, case: Case) -> Said:
    attending.snooze(case, inbox.moment(_value(request)), by=request.user)
    return _("Put off.")


def _wake(request: StaffRequest, case: Case) -> Said:
    attending.wake([case.pk], by=request.user)
    return _("It is back.")


def _other(request: StaffRequest) -> Case:
    found = Case.objects.visible_to(request.user).filter(number=_value(request).upper()).first()
    if found is None:
        raise DomainError("case.unknown", N_("There is no such case."), status=400)
    return found


def _merge(request: StaffRequest, case: Case) -> Said:
    into = _other(request)
    regrouping.merge_cases(case, into, by=request.user)
    return gettext("Put into %(number)s.") % {"number": into.number}


def _relate(request: StaffRequest, case: Case) -> Said:
    regrouping.relate(case, _other(request), by=request.user)
    return _("Linked.")


def _unrelate(request: StaffRequest, case: Case) -> Said:
    regrouping.unrelate(case, _other(request), by=request.user)
    return _("The link is off.")


def _split(request: StaffRequest, case: Case) -> Said:
    email = case.emails.filter(pk=_key(request)).first()
    if email is None:
        raise DomainError("email.moved", N_("Somebody moved this mail meanwhile."))
    new = regrouping.split(email, by=request.user)
    return gettext("The mail has a case of its own: %(number)s.") % {"number": new.number}


def _key(request: StaffRequest) -> int:
    value = _value(request)
    return int(value) if value.isdecimal() and len(value) < 18 else 0


def _task_of(request: StaffRequest, case: Case) -> Task:
    found = case.tasks.filter(pk=_key(request)).first()
    if found is None:
        raise DomainError("task.unknown", N_("There is no such task."), status=400)
    return found


def _task(request: StaffRequest, case: Case) -> Said:
    day = request.POST.get("due", "")
    due = inbox.moment(f"{day}T17:00") if day else None
    assignee: Agent | None = inbox.assignee(request.POST.get("assignee", ""), request)
    task = Task(case=case, title=_value(request)[:200], assignee=assignee, due_at=due)
    tasks.add(task, by=request.user)
    return _("Task added.")


def _task_done(request: StaffRequest, case: Case) -> Said:
    tasks.resolve(_task_of(request, case), by=request.user)
    return _("Done.")


def _task_assign(request: StaffRequest, case: Case) -> Said:
    agent = inbox.assignee(request.POST.get("assignee", ""), request)
    tasks.assign(_task_of(request, case), assignee=agent, by=request.user)
    return ""


def _macro(request: StaffRequest, case: Case) -> Said:
    macro = next(
        (one for one in macros.offered(request.user, case) if one.pk == _key(request)), None
    )
    if macro is None:
        raise DomainError("macro.unknown", N_("There is no such macro."), status=400)
    ran = macros.run(case, macro, by=request.user)
    if ran.errors:
        raise DomainError("macro.failed", "; ".join(ran.errors))
    words = gettext("Done: %(name)s.") % {"name": macro.name}
    return Written(words, ran.letter) if ran.letter else words


CHANGE = "cases.change_case"
STEPS: Mapping[str, tuple[str, Step]] = {
    "take": (CHANGE, _take),
    "assign": (CHANGE, _assign),
    "department": (CHANGE, _department),
    "priority": (CHANGE, _priority),
    "status": (CHANGE, _status),
    "title": (CHANGE, _title),
    "kind": (CHANGE, _kind),
    "customer": (CHANGE, _customer),
    "tag": (CHANGE, _tag),
    "untag": (CHANGE, _untag),
    "note": (CHANGE, _note),
    "follow": ("cases.view_case", _follow),
    "unfollow": ("cases.view_case", _unfollow),
    "snooze": (CHANGE, _snooze),
    "wake": (CHANGE, _wake),
    "merge": ("cases.merge_case", _merge),
    "relate": (CHANGE, _relate),
    "unrelate": (CHANGE, _unrelate),
    "split": ("cases.merge_case", _split),
    "task": (CHANGE, _task),
    "task_done": (CHANGE, _task_done),
    "task_assign": (CHANGE, _task_assign),
    "macro": (CHANGE, _macro),
}
