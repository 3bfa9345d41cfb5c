"""The inbox: lists of cases that stay true while one works through them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from agents.models import Agent, Department
from cases.models import Case, Tag
from cases.services import assigning, attending, browsing, life, regrouping
from cases.views.guard import StaffRequest, staff
from emails.labels import KIND_LABELS, PRIORITY_LABELS
from hbu.lib.admin.shell import in_the_shell
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.words import whole_number

AT_ONCE = 200


@staff()
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    """Cases of the view that was asked for."""
    return in_the_shell(request, "cases/inbox.html", _context(request) | _choices())


@staff()
@require_safe
def parts(request: StaffRequest) -> HttpResponse:
    """The living parts of the page: the list and the numbers beside the views."""
    return render(request, "cases/inbox_parts.html", _context(request))


def _context(request: StaffRequest) -> dict[str, Any]:
    user, now = request.user, timezone.now()
    wanted = browsing.Wanted.read(request.GET)
    here = reverse("cases:inbox")
    counts = browsing.counts(user, now)
    shown = browsing.page(user, wanted, now)
    return {
        "title": browsing.BY_CODE[wanted.view].label,
        "now": now,
        "wanted": wanted,
        "shown": shown,
        "views": [(view, counts.get(view.code)) for view in browsing.VIEWS],
        "saved": browsing.saved(user),
        "address": here,
        "previous": f"{here}?{wanted.at(wanted.page - 1)}" if wanted.page > 1 else "",
        "next": f"{here}?{wanted.at(wanted.page + 1)}" if shown.has_next else "",
        "may_change": user.has_perm("cases.change_case"),
        "may_merge": user.has_perm("cases.merge_case"),
    }


def _choices() -> dict[str, Any]:
    """What the filters and the bar for many cases offer."""
    departments = list(Department.objects.all())
    return {
        "departments": departments,
        "agents": colleagues(),
        "filters": [
            ("department", _("Department"), [(one.code, one.name) for one in departments]),
            ("status", _("Status"), Case.Status.choices),
            ("priority", _("Priority"), PRIORITY_LABELS.items()),
            ("kind", _("Kind"), KIND_LABELS.items()),
            ("standing", _("SLA"), Case.Standing.choices),
            ("tag", _("Tag"), [(one, one) for one in Tag.objects.values_list("name", flat=True)]),
        ],
        "sorts": browsing.SORT_LABELS.items(),
        "statuses": [choice for choice in Case.Status.choices if choice[0] != Case.Status.NEW],
        "priorities": PRIORITY_LABELS.items(),
    }


def colleagues() -> list[Agent]:
    """People who can be given work."""
    rows = Agent.objects.filter(kind=Agent.Kind.HUMAN, is_active=True, user__is_active=True)
    return list(rows.select_related("user"))


@staff("cases.change_case")
@require_POST
def many(request: StaffRequest) -> HttpResponse:
    """Do one thing with each of the chosen cases; what is refused is told, the rest is done."""
    verb, value = request.POST.get("do", ""), request.POST.get("value", "")
    chosen = [pk for one in request.POST.getlist("case") if (pk := whole_number(one))][:AT_ONCE]
    cases = list(Case.objects.visible_to(request.user).filter(pk__in=chosen).order_by("pk"))
    if not cases:
        messages.info(request, gettext("Choose some cases first."))
        return _back(request)
    try:
        act = _act(verb, value, request)
    except (DomainError, ValueError) as error:
        messages.error(request, gettext(getattr(error, "message", "") or "That is not possible."))
        return _back(request)
    done, refused = 0, []
    for case in cases:
        try:
            act(case)
        except DomainError as error:
            refused.append(f"{case.number}: {gettext(error.message)}")
        else:
            done += 1
    if done:
        words = ngettext("Done for one case.", "Done for %(count)d cases.", done)
        messages.success(request, words % {"count": done})
    for refusal in refused[:10]:
        messages.error(request, refusal)
    return _back(request)


def _act(verb: str, value: str, request: StaffRequest) -> Callable[[Case], None]:
    make = MANY.get(verb)
    if make is None:
        raise DomainError("case.unclear", N_("It is not clear what shall be done."), status=400)
    return make(value, request)


def _assign(value: str, request: StaffRequest) -> Callable[[Case], None]:
    agent = assignee(value, request)
    return lambda case: assigning.assign(case, assignee=agent, by=request.user)


def assignee(value: str, request: StaffRequest) -> Agent | None:
    """Return whom a form names: a colleague, oneself, or nobody. Raises DomainError."""
    if value == "":
        return None
    rows = Agent.objects.filter(is_active=True)
    asked = {"user": request.user.pk} if value == "me" else {"pk": whole_number(value)}
    agent = rows.filter(**asked).first()
    if agent is None:
        raise DomainError("agent.unknown", N_("There is no such colleague."), status=400)
    return agent


def _department(value: str, request: StaffRequest) -> Callable[[Case], None]:
    department = desk(value)
    return lambda case: assigning.assign(case, department=department, by=request.user)


def desk(code: str) -> Department:
    """Return the department that a form names. Raises DomainError."""
    found = Department.objects.filter(code=code).first()
    if found is None:
        raise DomainError("department.unknown", N_("There is no such department."), status=400)
    return found


def _status(value: str, request: StaffRequest) -> Callable[[Case], None]:
    return lambda case: life.move(case, value, by=request.user)


def _priority(value: str, request: StaffRequest) -> Callable[[Case], None]:
    return lambda case: assigning.assign(case, priority=priority(value), by=request.user)


def priority(value: str) -> str:
    """Return the priority that a form names. Raises DomainError."""
    if value not in PRIORITY_LABELS:
        raise DomainError("case.unknown_priority", N_("There is no such priority."), status=400)
    return value


def _tag(value: str, request: StaffRequest) -> Callable[[Case], None]:
    words = value.split(",")
    return lambda case: assigning.tag(case, add=words, by=request.user)


def _snooze(value: str, request: StaffRequest) -> Callable[[Case], None]:
    until = moment(value)
    return lambda case: attending.snooze(case, until, by=request.user)


def moment(value: str) -> Any:
    """Return the moment that a form names, in the house's time zone. Raises DomainError."""
    try:
        found = parse_datetime(value)
    except ValueError:
        found = None
    if found is None:
        raise DomainError("case.snooze_when", N_("Name a moment within the next year."), status=400)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _merge(value: str, request: StaffRequest) -> Callable[[Case], None]:
    """All the others go into the one that is named."""
    if not request.user.has_perm("cases.merge_case"):
        raise DomainError("case.not_yours", N_("You may not put cases together."), status=403)
    into = Case.objects.visible_to(request.user).filter(number=value.strip().upper()).first()
    if into is None:
        raise DomainError("case.unknown", N_("There is no such case."), status=400)

    def act(case: Case) -> None:
        if case.pk != into.pk:
            regrouping.merge_cases(case, into, by=request.user)

    return act


MANY: Mapping[str, Callable[[str, StaffRequest], Callable[[Case], None]]] = {
    "assign": _assign,
    "department": _department,
    "status": _status,
    "priority": _priority,
    "tag": _tag,
    "snooze": _snooze,
    "merge": _merge,
}


def _back(request: StaffRequest) -> HttpResponse:
    """To the list as it was, whatever an address of a stranger may say."""
    wanted = browsing.Wanted.read(request.GET)
    return HttpResponseRedirect(f"{reverse('cases:inbox')}?{wanted.at(wanted.page)}")


@staff()
@require_POST
def views(request: StaffRequest) -> HttpResponse:
    """Keep what is shown as a view of one's own, or forget one."""
    drop = request.POST.get("drop", "")
    if drop:
        browsing.drop(request.user, whole_number(drop) or 0)
        return _back(request)
    wanted = browsing.Wanted.read(request.GET)
    try:
        browsing.save(request.user, request.POST.get("name", ""), wanted)
    except DomainError as error:
        messages.error(request, gettext(error.message))
    return _back(request)
