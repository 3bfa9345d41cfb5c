"""The numbers on top of the start page. Each opens its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, Task
from emails.admin.figures import WorkFilter
from emails.models import Email, OutgoingEmail
from kpis import links
from kpis.today import midnight
from orders.models import Order

Person = AbstractUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    value: int
    url: str
    tone: str = ""
    """Empty, "waits" (a person should look) or "alarm"."""
    note: str = ""


def tiles(user: Person, now: datetime) -> list[Tile]:
    """Return the tiles of what the person may see; at most eight queries."""
    return [make(user, now) for permission, make in TILES if user.has_perm(permission)]


def _mails(user: Person, now: datetime) -> Tile:
    start = midnight(now)
    return Tile(
        label=_("Mails today"),
        value=Email.objects.visible_to(user).filter(received_at__gte=start).count(),
        url=links.rows(Email, received_at__gte=start.isoformat()),
    )


def _answered(user: Person, now: datetime) -> Tile:
    """Count today's mails that kept nobody busy, as the automation rate does."""
    start = midnight(now)
    mails = Email.objects.visible_to(user).filter(received_at__gte=start)
    alone = WorkFilter.narrowed(mails, "alone").values("pk")
    # Counted over today's mails and not filtered: the index of states would lead the database
    # through all that was ever sent.
    found = mails.aggregate(answered=Count("pk", filter=Q(pk__in=alone)))
    return Tile(
        label=_("Answered by itself"),
        value=found["answered"],
        url=links.rows(
            Email, received_at__gte=start.isoformat(), **{WorkFilter.parameter_name: "alone"}
        ),
    )


def _orders(_user: Person, _now: datetime) -> Tile:
    return _waiting(
        _("Orders to check"),
        Order.objects.to_check().count(),
        links.rows(Order, state__exact=Order.State.CREATED),
    )


def _tasks(user: Person, _now: datetime) -> Tile:
    return _waiting(
        _("Tasks open"),
        Task.objects.visible_to(user).open().count(),
        links.rows(Task, status__in=f"{Task.Status.NEW},{Task.Status.IN_PROGRESS}"),
    )


def _letters(user: Person, _now: datetime) -> Tile:
    return _waiting(
        _("Letters waiting"),
        OutgoingEmail.objects.visible_to(user).for_a_person().count(),
        links.rows(OutgoingEmail, state__in=",".join(OutgoingEmail.FOR_A_PERSON)),
    )


def _quarantine(user: Person, _now: datetime) -> Tile:
    value = Email.objects.visible_to(user).quarantined().count()
    return Tile(
        label=_("In quarantine"),
        value=value,
        url=links.rows(Email, state__exact=Email.State.QUARANTINED),
        tone="alarm" if value else "",
    )


def _waiting(label: str, value: int, url: str) -> Tile:
    return Tile(label=label, value=value, url=url, tone="waits" if value else "")


def _sla(user: Person, _now: datetime) -> Tile:
    """Cases that the clocks call at risk or breached: the same that the inbox shows."""
    late = Count("pk", filter=Q(standing=Case.Standing.BREACHED))
    pressing = Case.objects.visible_to(user).pressing()
    found = pressing.aggregate(all=Count("pk"), late=late)
    return Tile(
        label=_("SLA at risk"),
        value=found["all"],
        url=f"{reverse('cases:inbox')}?view=risk",
        tone="alarm" if found["late"] else "waits" if found["all"] else "",
        note=ngettext("%d already late", "%d already late", found["late"]) % found["late"]
        if found["late"]
        else "",
    )


TILES: list[tuple[str, Callable[[Person, datetime], Tile]]] = [
    ("emails.view_email", _mails),
    ("emails.view_email", _answered),
    ("orders.view_order", _orders),
    ("cases.view_task", _tasks),
    ("emails.view_outgoingemail", _letters),
    ("emails.view_email", _quarantine),
    ("cases.view_case", _sla),
]
