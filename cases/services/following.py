"""What follows once nobody owes anything: an order was decided on, its check and its case are done."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from agents.data import CHECK_THE_ORDER
from cases.models import Case, Task
from cases.services import tasks
from hbu.journal.models import Event
from hbu.journal.recording import record_many
from hbu.lib.errors import DomainError
from orders.models import Order
from orders.services.placing import MOVES


def resolve(cases: Iterable[Case], *, by: AbstractBaseUser | None = None) -> None:
    """Resolve those of the cases in which no task is open. Call inside a transaction."""
    owing = Exists(Task.objects.open().filter(case=OuterRef("pk")))
    done = list(Case.objects.open().exclude(owing).filter(pk__in={case.pk for case in cases}))
    Case.objects.filter(pk__in={case.pk for case in done}).update(
        status=Case.Status.RESOLVED, resolved_at=timezone.now()
    )
    record_many("case.resolved", ((case, {"number": case.number}) for case in done), actor=by)


def settle(orders: Sequence[Order]) -> None:
    """Resolve the checks of orders that were decided on, in the name of whoever did; repeatable."""
    pks = [order.pk for order in orders]
    for order in Order.objects.filter(pk__in=pks, cases__tasks__in=_checks()).distinct():
        move = Event.objects.about(order).filter(kind__in=MOVES).select_related("actor").first()
        _settle(_checks().filter(case__orders=order), move.actor if move else None)


def unsettled() -> list[int]:
    """Return orders whose check is done and still on somebody's list: the sweep's list."""
    orders = Order.objects.filter(cases__tasks__in=_checks())
    return list(orders.values_list("pk", flat=True).distinct())


def _checks() -> QuerySet[Task]:
    """Checks of orders, open in cases where no order waits for a person any more."""
    waiting = Order.objects.to_check().filter(cases=OuterRef("case"))
    there = Order.objects.filter(cases=OuterRef("case"))
    checks = Task.objects.open().filter(title=CHECK_THE_ORDER)
    return checks.filter(Exists(there)).exclude(Exists(waiting))


def _settle(checks: Iterable[Task], by: AbstractBaseUser | None) -> None:
    with transaction.atomic():
        cases = []
        for task in checks:
            with suppress(DomainError):
                # Somebody may have ticked it off meanwhile.
                tasks.resolve(task, by=by)
                cases.append(task.case)
        resolve(cases, by=by)
