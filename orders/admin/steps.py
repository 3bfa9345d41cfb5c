"""The buttons of an order, one for each step its life can take next, the next one first."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.enums import ActionVariant

from hbu.lib.admin import Transition
from orders.admin import billing_dialog, dialogs
from orders.models import Order
from orders.models.order import BEFORE_SHIPPING, State
from orders.services import (
    fulfilling,
    holding,
    invoicing,
    placing,
    progressing,
    reducing,
    reproposing,
    returning,
    shipping,
)


def _waits(order: Order) -> bool:
    return order.state == State.CREATED and not order.on_hold


def _ship(order: Order, by: Any, said: Any) -> None:
    """From the list all that is left is sent; on the page the dialog says what."""
    if not said:
        fulfilling.ship(order, by=by)
        return
    shipping.send(
        order,
        dialogs.quantities(said),
        carrier=said["carrier"],
        tracking=said["tracking"],
        by=by,
        seen=said["seen"],
    )


def _is_billable(order: Order) -> bool:
    begun = order.state not in (State.CREATED, State.CANCELLED) and not order.on_hold
    return begun and (order.state == State.DELIVERED or bool(invoicing.billable(order)))


def _bill(order: Order, by: Any, said: Any) -> None:
    """Where everything is billed already the state merely follows."""
    if invoicing.billable(order):
        invoicing.issue(order, dialogs.quantities(said) if said else None, by=by)
    else:
        fulfilling.invoice(order, by=by)


def _has_returnable(order: Order) -> bool:
    return any(progressing.pieces_of(line).returnable for line in order.lines.all())


CONFIRM = Transition(
    name="confirm",
    label=_("Confirm"),
    act=lambda order, by, _reason: placing.confirm_as_asked(order, by=by),
    possible=lambda order: _waits(order) and not order.doubts,
    question=_(
        "The pieces are reserved, a date is promised and the customer gets the confirmation."
    ),
    permission="confirm",
    icon="check_circle",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
CONFIRM_AS_SHOWN = Transition(
    name="confirm-as-shown",
    label=_("Confirm as shown"),
    act=lambda order, by, _reason: placing.accept_doubts(order, by=by),
    possible=lambda order: _waits(order) and bool(order.doubts),
    question=_(
        "You have looked at what is doubtful: the order stands as it is shown. The pieces are "
        "reserved, a date is promised and the customer gets the confirmation."
    ),
    permission="confirm",
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
RELEASE = Transition(
    name="release",
    label=pgettext_lazy("order", "Release"),
    act=lambda order, by, _reason: holding.release(order, by=by),
    possible=lambda order: order.on_hold,
    question=_("The order moves on again from where it stands."),
    permission="hold",
    icon="play_circle",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
SHIP = Transition(
    name="ship",
    label=_("Ship"),
    act=_ship,
    possible=lambda order: order.state == State.PACKED and not order.on_hold,
    question=_(
        "The pieces leave our stock, and the delivery note is printed. What is left stays packed "
        "for the next parcel."
    ),
    permission="ship",
    form_of=dialogs.shipping,
    icon="local_shipping",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
INVOICE = Transition(
    name="invoice",
    label=_("Write the invoice"),
    act=_bill,
    possible=_is_billable,
    question=_("What is to be billed by now is put on one invoice, and the customer gets it."),
    permission="invoice",
    form_of=billing_dialog.billing,
    icon="request_quote",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
TAKE_BACK = Transition(
    name="take-back",
    label=_("Goods came back"),
    act=lambda order, by, said: returning.take_back(
        order, dialogs.coming_back(said), reason=said["reason"], by=by, seen=said["seen"]
    ),
    possible=lambda order: not order.on_hold and _has_returnable(order),
    question=_("Say what came back and whether it can be sold again. The credit note is separate."),
    permission="return",
    form_of=dialogs.taking_back,
    icon="undo",
)
HOLD = Transition(
    name="hold",
    label=_("Put on hold"),
    act=lambda order, by, reason: holding.hold(order, reason=reason, by=by),
    possible=lambda order: not order.on_hold and order.state not in holding.ENDED,
    question=_("Nothing of the order moves until somebody releases it."),
    permission="hold",
    asks_reason=True,
    icon="pause_circle",
    bulk=True,
)
CANCEL_REST = Transition(
    name="cancel-rest",
    label=_("Cancel pieces"),
    act=lambda order, by, said: reducing.cancel_rest(
        order, dialogs.quantities(said), reason=said["reason"], by=by, seen=said["seen"]
    ),
    possible=lambda order: order.state in reducing.CONFIRMED_TO_PACKED and not order.on_hold,
    question=_(
        "These pieces will not be shipped, and what was reserved for them is free again. An order "
        "of which nothing else is left to ship counts as shipped."
    ),
    permission="cancel",
    form_of=dialogs.cancelling_the_rest,
    icon="content_cut",
)
CANCEL = Transition(
    name="cancel",
    label=pgettext_lazy("order", "Cancel"),
    act=lambda order, by, reason: fulfilling.cancel(order, reason=reason, by=by),
    possible=lambda order: order.state in BEFORE_SHIPPING and not _has_returnable(order),
    question=_("What was reserved for the order is free again. A cancelled order stays cancelled."),
    permission="cancel",
    asks_reason=True,
    icon="cancel",
    variant=ActionVariant.DANGER,
)


def _step(  # noqa: PLR0913 - a button, spelled out
    name: str,
    label: Promise,
    service: Callable[..., None],
    source: State,
    question: Promise,
    icon: str,
    *,
    permission: str,
) -> Transition:
    def act(order: Order, by: Any, _reason: str) -> None:
        service(order, by=by)

    return Transition(
        name=name,
        label=label,
        act=act,
        possible=lambda order: order.state == source and not order.on_hold,
        question=question,
        permission=permission,
        icon=icon,
        variant=ActionVariant.PRIMARY,
        bulk=True,
    )


STEPS = (
    CONFIRM,
    CONFIRM_AS_SHOWN,
    RELEASE,
    _step(
        "plan", _("Plan"), fulfilling.plan, State.CONFIRMED,
        _("The order goes into the production plan."), "event", permission="plan",
    ),
    _step(
        "start-production", _("Start production"), fulfilling.start_production, State.PLANNED,
        _("Production has begun."), "precision_manufacturing", permission="produce",
    ),
    _step(
        "finish-production", _("Production finished"), fulfilling.finish_production,
        State.IN_PRODUCTION, _("All pieces are made."), "done_all", permission="produce",
    ),
    _step(
        "pack", _("Packed"), fulfilling.pack, State.PRODUCED,
        _("The parcel is packed."), "package_2", permission="pack",
    ),
    SHIP,
    _step(
        "deliver", _("Delivered"), fulfilling.deliver, State.SHIPPED,
        _("Every parcel of the order has arrived."), "where_to_vote", permission="deliver",
    ),
    INVOICE,
    _step(
        "close", pgettext_lazy("order", "Close"), fulfilling.close, State.INVOICED,
        _("Nothing is left to do for this order."), "lock", permission="close",
    ),
    PROPOSE_AGAIN,
    TAKE_BACK,
    HOLD,
    CANCEL_REST,
    CANCEL,
)  # fmt: skip
