"""The page of one order, piece by piece."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.journal.history import history
from hbu.lib.admin import Facts, Notice, Section, Table, badge, link, links, moment, seen, words_of
from orders.admin import life, order_parties, order_rows
from orders.admin.money import amount, money
from orders.data import CheckState
from orders.models import Order
from orders.models.order import State

__all__ = ["CHECKS", "COLOURS", "above", "amount", "below", "checks_table", "money"]

COLOURS: dict[str, str] = {
    State.CREATED: "warning",
    State.CONFIRMED: "info",
    State.PLANNED: "info",
    State.IN_PRODUCTION: "info",
    State.PRODUCED: "info",
    State.PACKED: "info",
    State.SHIPPED: "primary",
    State.DELIVERED: "success",
    State.INVOICED: "success",
    State.CLOSED: "",
    State.CANCELLED: "danger",
}


def above(order: Order, user: Any) -> list[Section]:
    return [
        *_doubts(order),
        *life.sections(order),
        _facts(order, user),
        _sums(order),
        *order_parties.sections(order),
    ]


def below(order: Order) -> list[Section]:
    checks = [checks_table(order.document.checks)] if order.document else []
    return [*order_rows.sections(order), *checks, _history(order)]


def _history(order: Order) -> Table:
    """With what happened to its parcels, and to what came back."""
    return history(order, *order.shipments.all(), *order.returns.all(), *order.invoices.all())


def _doubts(order: Order) -> list[Section]:
    if not order.doubts:
        return []
    rows = [
        (
            gettext("line %(number)d") % {"number": one["position"]}
            if one["position"]
            else gettext("whole order"),
            gettext(one["what"]),
            one["evidence"],
        )
        for one in order.doubts
    ]
    waits = order.state == State.CREATED
    text = gettext("Put it right below, or confirm the order as it is shown.") if waits else ""
    return [
        Notice(title=gettext("A person has to look at this order first."), text=text),
        Table(
            title=_("What is doubtful"), headers=(_("where"), _("what"), _("details")), rows=rows
        ),
    ]


def _facts(order: Order, user: Any) -> Facts:
    first = order.cases.all().first()
    return Facts(
        title=order.number,
        items=(
            (_("state"), badge(words_of(order, "state"), COLOURS.get(State(order.state), ""))),
            (_("customer"), link(order.customer)),
            (_("customer's order number"), order.reference),
            (_("came by"), words_of(order, "source")),
            (_("customer's note"), order.note),
            (_("case"), link(first, first.number) if first else ""),
            (_("mails"), links(seen(first.emails.all(), user)) if first else ""),
            (_("read from"), link(order.document)),
            (_("created"), moment(order.created_at)),
            (_("entered by"), order.created_by or _("the house")),
            (_("confirmed"), moment(order.confirmed_at)),
        ),
    )


def _sums(order: Order) -> Facts:
    return Facts(
        title=_("Sums and dates"),
        beside=True,
        items=(
            (_("net"), money(order.net, order)),
            (_("VAT"), money(order.tax, order)),
            (_("gross"), money(order.gross, order)),
            (_("wanted by"), order.requested_date),
            (_("promised for"), order.promised_date),
            (_("pays"), words_of(order, "payment")),
        ),
    )


CHECKS = {
    CheckState.OK: (_("it is right"), "success"),
    CheckState.FAILED: (_("it is wrong"), "danger"),
    CheckState.NOT_CHECKED: (_("not checked"), ""),
}


def checks_table(checks: Sequence[dict[str, str]]) -> Table:
    return Table(
        title=_("What was checked in the document"),
        headers=(_("check"), _("outcome"), _("details")),
        rows=[
            (
                gettext(one["name"]),
                badge(*CHECKS[CheckState(one["state"])]),
                one["detail"],
            )
            for one in checks
        ],
        empty=_("Nothing was checked."),
    )
