"""The steps that people take with an order, by name: for the board and for programs.

Each calls the service that the button on the order's own page calls.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AbstractUser, AnonymousUser
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order
from orders.models.order import BEFORE_SHIPPING, State
from orders.pace import ENDED
from orders.services import confirming, fulfilling, holding, invoicing, moving

Act = Callable[[Order, AbstractBaseUser, str], None]


@dataclass(frozen=True, kw_only=True)
class Step:
    name: str
    label: Promise
    act: Act
    permission: str
    sources: Collection[str]
    target: str = ""
    """The state it leads to; empty where the order stays where it is."""
    asks_reason: bool = False
    of_held: bool | None = False
    """Whether the order has to be on hold; None where that does not matter."""
    when_certain: bool = False
    """Not for an order of which something is doubtful."""

    def fits(self, order: Order) -> bool:
        held = self.of_held is None or self.of_held == order.on_hold
        doubted = self.when_certain and bool(order.doubts)
        return held and not doubted and order.state in self.sources

    def is_allowed(self, user: AbstractUser | AnonymousUser) -> bool:
        return user.has_perm(f"orders.{self.permission}_order")


def _plain(service: Callable[..., None]) -> Act:
    def act(order: Order, by: AbstractBaseUser, _reason: str) -> None:
        service(order, by=by)

    return act


def _with_reason(service: Callable[..., None]) -> Act:
    def act(order: Order, by: AbstractBaseUser, reason: str) -> None:
        service(order, reason=reason, by=by)

    return act


def _confirm(order: Order, by: AbstractBaseUser, _reason: str) -> None:
    if order.doubts:
        raise DomainError(
            "order.doubtful", N_("Something is doubtful: look at the order, and confirm it there.")
        )
    confirming.confirm_as_asked(order, by=by)


def _bill(order: Order, by: AbstractBaseUser, _reason: str) -> None:
    """Where everything is billed already the state merely follows."""
    if invoicing.billable(order):
        invoicing.issue(order, by=by)
    else:
        fulfilling.invoice(order, by=by)


def _step(name: str, label: Promise, act: Act, permission: str, source: str, target: str) -> Step:
    return Step(
        name=name, label=label, act=act, permission=permission, sources=(source,), target=target
    )


_ALL = (
    Step(
        name="confirm", label=_("Confirm"), act=_confirm, permission="confirm",
        sources=(State.CREATED,), target=State.CONFIRMED, when_certain=True,
    ),
    _step("plan", _("Plan"), _plain(fulfilling.plan), "plan", State.CONFIRMED, State.PLANNED),
    _step(
        "start-production", _("Start production"), _plain(fulfilling.start_production), "produce",
        State.PLANNED, State.IN_PRODUCTION,
    ),
    _step(
        "finish-production", _("Production finished"), _plain(fulfilling.finish_production),
        "produce", State.IN_PRODUCTION, State.PRODUCED,
    ),
    _step("pack", _("Packed"), _plain(fulfilling.pack), "pack", State.PRODUCED, State.PACKED),
    _step("ship", _("Ship"), _plain(fulfilling.ship), "ship", State.PACKED, State.SHIPPED),
    _step(
        "deliver", _("Delivered"), _plain(fulfilling.deliver), "deliver", State.SHIPPED,
        State.DELIVERED,
    ),
    _step(
        "invoice", _("Write the invoice"), _bill, "invoice", State.DELIVERED, State.INVOICED
    ),
    _step(
        "close", pgettext_lazy("order", "Close"), _plain(fulfilling.close), "close",
        State.INVOICED, State.CLOSED,
    ),
    Step(
        name="release", label=pgettext_lazy("order", "Release"), act=_plain(holding.release),
        permission="hold", sources=State.values, of_held=True,
    ),
    Step(
        name="hold", label=_("Put on hold"), act=_with_reason(holding.hold), permission="hold",
        sources=[one for one in State.values if one not in ENDED], asks_reason=True,
    ),
    Step(
        name="cancel", label=pgettext_lazy("order", "Cancel"),
        act=_with_reason(fulfilling.cancel), permission="cancel", sources=BEFORE_SHIPPING,
        target=State.CANCELLED, asks_reason=True, of_held=None,
    ),
)  # fmt: skip
STEPS: Mapping[str, Step] = {one.name: one for one in _ALL}


def possible(order: Order, allowed: Collection[Step]) -> Iterator[Step]:
    """Yield those of the steps that fit the order, the next one of its life first."""
    return (step for step in allowed if step.fits(order))


def allowed_to(user: AbstractUser | AnonymousUser) -> list[Step]:
    return [step for step in STEPS.values() if step.is_allowed(user)]


def take(
    order: Order, step: Step, *, by: AbstractBaseUser, reason: str = "", seen: int | None = None
) -> None:
    """Take the step. Raises DomainError where it does not fit, or for who saw an older version."""
    if seen is not None:
        # Not around the step: what a refusal leaves behind, such as a doubt, has to stay.
        with transaction.atomic():
            moving.lock(order, seen=seen)
    order.refresh_from_db()
    step.act(order, by, reason)
