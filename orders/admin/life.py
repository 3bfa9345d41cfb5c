"""The life of one order on its page: the picture, what is in the way, and when it was where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hbu.company.calendar import calendar
from hbu.lib.admin import Notice, Section, Table, badge, moment
from hbu.lib.hours import Calendar
from orders import drawing, schedule
from orders.models import Milestone, Order
from orders.models.order import State
from orders.pace import BILL, Wait
from orders.services import advancing, waiting

STEP_LABELS = {
    "plan": _("it is planned"),
    "start_production": _("its production begins"),
    "finish_production": _("its production ends"),
    "pack": _("it is packed"),
    "ship": _("it is shipped"),
    "deliver": _("it counts as delivered"),
    "follow": _("it follows its invoices and payments"),
    BILL: _("its invoice is written"),
}


@dataclass(frozen=True, kw_only=True)
class Picture(Section):
    """The states as a drawing; one for a wide screen and one for a telephone."""

    order: Order
    drawings: Sequence[tuple[str, Any]]
    told: str
    template = "orders/order/life.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as it is drawn."""

    node: drawing.Node
    label: str
    note: str
    kind: str
    """done, here, late or todo."""


def sections(order: Order) -> list[Section]:
    today = timezone.localdate()
    return [*_notices(order, today), _picture(order, today)]


def milestones_table(order: Order) -> Table:
    today, house = timezone.localdate(), calendar()
    rows = {one.state: one for one in order.milestones.all()}
    found = [(State(state), rows[state]) for state in drawing.SPINE if state in rows]
    return Table(
        title=_("When it was where"),
        headers=(_("state"), _("due"), _("reached"), _("late")),
        rows=[
            (state.label, one.due_on, moment(one.reached_at), late(one, house, today, order))
            for state, one in found
        ],
        empty=_("Dates are planned when the order is confirmed."),
    )


def late(milestone: Milestone, house: Calendar, today: date, order: Order) -> str:
    if order.state == State.CANCELLED and milestone.reached_at is None:
        return ""
    days = schedule.days_late(house, milestone.due_on, _day(milestone), today)
    return badge(days_words(days), "danger") if days else ""


def days_words(days: int) -> str:
    words = ngettext("%(count)d working day", "%(count)d working days", days)
    return words % {"count": days}


def _day(milestone: Milestone) -> date | None:
    return timezone.localdate(milestone.reached_at) if milestone.reached_at else None


def _notices(order: Order, today: date) -> Iterator[Section]:
    if order.on_hold:
        yield Notice(
            title=gettext("This order is on hold."), text=order.hold_reason, colour="danger"
        )
    failed = advancing.stuck(order)
    if failed is not None:
        yield Notice(
            title=gettext("It could not move on by itself (%s).") % moment(failed.at),
            text=gettext(failed.data.get("why", "")),
            colour="danger",
        )
    decision = advancing.decision_of(order, today)
    if decision.step:
        said = gettext("By itself, within a minute: %s") % STEP_LABELS[decision.step]
        yield Notice(title=gettext("What happens next"), text=said, colour="info")
    elif others := [wait for wait in decision.waits if not _is_said(wait, order)]:
        text = "; ".join(map(waiting.words, others))
        yield Notice(title=gettext("What is in the way"), text=text, colour="info")


def _is_said(wait: Wait, order: Order) -> bool:
    """The hold and the doubts have notices of their own."""
    return bool(order.on_hold and wait.evidence == order.hold_reason) or (
        bool(order.doubts) and order.state == State.CREATED
    )


def _picture(order: Order, today: date) -> Picture:
    rows = {one.state: one for one in order.milestones.all()}
    here = State(order.state).label
    told = gettext("The life of an order; this one is: %s") % here
    return Picture(
        title=_("Where it stands"),
        order=order,
        drawings=[
            (name, _shown(drawn, order, rows, today))
            for name, drawn in (("wide", drawing.wide()), ("narrow", drawing.narrow()))
        ],
        told=told,
    )


def _shown(
    drawn: drawing.Drawing, order: Order, rows: dict[str, Milestone], today: date
) -> dict[str, Any]:
    return {
        "width": drawn.width,
        "height": drawn.height,
        "edges": [(edge.path, _edge_kind(edge, order.state)) for edge in drawn.edges],
        "nodes": [_node(node, order, rows.get(node.state), today) for node in drawn.nodes],
    }


def _edge_kind(edge: drawing.Edge, state: str) -> str:
    if edge.after == State.CANCELLED:
        return "away"
    done = state in drawing.SPINE and drawing.SPINE.index(state) >= drawing.SPINE.index(edge.after)
    return "done" if done else ""


def _node(node: drawing.Node, order: Order, row: Milestone | None, today: date) -> Shown:
    label = str(State(node.state).label)
    if node.state == State.CREATED:
        reached: date | None = timezone.localdate(order.created_at)
    else:
        reached = _day(row) if row else None
    due = row.due_on if row else None
    return Shown(
        node, label, _note(reached, due, order), _kind(node.state, reached, due, order, today)
    )


def _note(reached: date | None, due: date | None, order: Order) -> str:
    if reached:
        return date_format(reached, "SHORT_DATE_FORMAT")
    if due and order.state != State.CANCELLED:
        return gettext("due %s") % date_format(due, "SHORT_DATE_FORMAT")
    return ""


def _kind(state: str, reached: date | None, due: date | None, order: Order, today: date) -> str:
    if state == order.state:
        return "here" if state != State.CANCELLED else "ended"
    if reached:
        return "done"
    missing = due is not None and due < today and order.state != State.CANCELLED
    return "late" if missing else "todo"
