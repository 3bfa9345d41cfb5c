"""The buttons of an order, one for each step its life can take next."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.enums import ActionVariant

from hbu.lib.admin import Transition
from orders.models import Order
from orders.models.order import BEFORE_SHIPPING, State
from orders.services import fulfilling, placing, reproposing

CONFIRM = Transition(
    name="confirm",
    label=_("Confirm"),
    act=lambda order, by, _reason: placing.confirm([order], by=by),
    possible=lambda order: order.state == State.CREATED and not order.doubts,
    question=_(
        "The pieces are reserved, a date is promised and the customer gets the confirmation."
    ),
    icon="check_circle",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
CONFIRM_AS_SHOWN = Transition(
    name="confirm-as-shown",
    label=_("Confirm as shown"),
    act=lambda order, by, _reason: placing.accept_doubts(order, by=by),
    possible=lambda order: order.state == State.CREATED and bool(order.doubts),
    question=_(
        "You have looked at what is doubtful: the order stands as it is shown. The pieces are "
        "reserved, a date is promised and the customer gets the confirmation."
    ),
    icon="check_circle",
    variant=ActionVariant.PRIMARY,
)
PROPOSE_AGAIN = Transition(
    name="propose-again",
    label=_("Propose again"),
    act=lambda order, by, _reason: reproposing.propose_again(order, by=by),
    possible=lambda order: order.state == State.CREATED and order.document_id is not None,
    question=_(
        "Lines, sums and doubts are made anew from the document as it is read now, with what was "
        "learned since. What was typed on the order is replaced; the customer stays."
    ),
    icon="autorenew",
)
CANCEL = Transition(
    name="cancel",
    label=pgettext_lazy("order", "Cancel"),
    act=lambda order, by, reason: fulfilling.cancel(order, reason=reason, by=by),
    possible=lambda order: order.state in BEFORE_SHIPPING,
    question=_("What was reserved for the order is free again. A cancelled order stays cancelled."),
    asks_reason=True,
    icon="cancel",
    variant=ActionVariant.DANGER,
)


def _step(
    name: str,
    label: Promise,
    service: Callable[..., None],
    source: State,
    question: Promise,
    icon: str,
) -> Transition:
    def act(order: Order, by: Any, _reason: str) -> None:
        service(order, by=by)

    return Transition(
        name=name,
        label=label,
        act=act,
        possible=lambda order: order.state == source,
        question=question,
        icon=icon,
        variant=ActionVariant.PRIMARY,
        bulk=True,
    )


STEPS = (
    CONFIRM,
    CONFIRM_AS_SHOWN,
    PROPOSE_AGAIN,
    _step(
        "plan", _("Plan"), fulfilling.plan, State.CONFIRMED,
        _("The order goes into the production plan."), "event",
    ),
    _step(
        "start-production", _("Start production"), fulfilling.start_production, State.PLANNED,
        _("Production has begun."), "precision_manufacturing",
    ),
    _step(
        "finish-production", _("Production finished"), fulfilling.finish_production,
        State.IN_PRODUCTION, _("All pieces are made."), "done_all",
    ),
    _step(
        "pack", _("Packed"), fulfilling.pack, State.PRODUCED,
        _("The parcel is packed."), "package_2",
    ),
    _step(
        "ship", _("Shipped"), fulfilling.ship, State.PACKED,
        _("The pieces leave our stock together with the parcel."), "local_shipping",
    ),
    _step(
        "deliver", _("Delivered"), fulfilling.deliver, State.SHIPPED,
        _("The parcel has arrived."), "where_to_vote",
    ),
    _step(
        "invoice", _("Invoiced"), fulfilling.invoice, State.DELIVERED,
        _("The invoice has been written."), "request_quote",
    ),
    _step(
        "close", pgettext_lazy("order", "Close"), fulfilling.close, State.INVOICED,
        _("Nothing is left to do for this order."), "lock",
    ),
    CANCEL,
)  # fmt: skip
