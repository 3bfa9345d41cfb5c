"""Parcels that left the house, and goods that came back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.enums import ActionVariant

from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    PageAdmin,
    Section,
    Table,
    Transition,
    column,
    link,
    moment,
)
from orders.admin import files
from orders.models import Return, Shipment
from orders.services import crediting, invoicing, shipping

DELIVERED = Transition(
    name="deliver",
    label=_("Delivered"),
    act=lambda shipment, by, _reason: shipping.deliver(shipment, by=by),
    possible=lambda shipment: shipment.delivered_at is None and not shipment.order.on_hold,
    question=_("The parcel has arrived."),
    permission="deliver",
    icon="where_to_vote",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)


CREDIT = Transition(
    name="credit",
    label=_("Write the credit note"),
    act=lambda goods, by, _reason: invoicing.credit_return(goods, by=by),
    possible=lambda goods: bool(crediting.billed_pieces(goods)),
    question=_("What came back is credited to the customer, as far as it is billed."),
    permission="invoice",
    icon="assignment_return",
    variant=ActionVariant.PRIMARY,
)


class _OfAnOrder(PageAdmin):
    list_select_related = ("order__customer",)

    @column(_("order"), ordering="order__number")
    def of_order(self, row: Any) -> str:
        return link(row.order)

    @column(_("customer"), ordering="order__customer__name")
    def customer(self, row: Any) -> str:
        return str(row.order.customer or "")

    def _may(self, request: HttpRequest, transition: Transition) -> bool:
        """The right belongs to the order, of which this is a part."""
        return bool(request.user.has_perm(f"orders.{transition.permission}_order"))


@admin.register(Shipment)
class ShipmentAdmin(_OfAnOrder):
    empty_words = _("No parcel has left the house yet.")
    list_display = (
        "number", "of_order", "customer", "carrier", "tracking", "shipped_at", "expected_on",
        "delivered_at",
    )  # fmt: skip
    list_filter = (
        ("delivered_at", admin.EmptyFieldListFilter),
        ("shipped_at", RangeDateTimeFilter),
    )
    search_fields = ("number", "tracking", "order__number", "order__customer__name")
    date_hierarchy = "shipped_at"
    export_fields = (
        "number", "order__number", "carrier", "tracking", "shipped_at", "expected_on",
        "delivered_at",
    )  # fmt: skip
    transitions = (DELIVERED,)

    def sections(self, request: HttpRequest, shipment: Shipment) -> Sequence[Section]:
        return [_shipment_facts(shipment), _pieces(shipment), address_facts(shipment.address)]

    def sections_below(self, request: HttpRequest, shipment: Shipment) -> Sequence[Section]:
        return [files.table(shipment.printouts.all()), history(shipment)]


@admin.register(Return)
class ReturnAdmin(_OfAnOrder):
    empty_words = _("Nothing has come back yet.")
    list_display = ("number", "of_order", "customer", "reason", "received_at")
    list_filter = (("received_at", RangeDateTimeFilter),)
    search_fields = ("number", "reason", "order__number", "order__customer__name")
    date_hierarchy = "received_at"
    export_fields = ("number", "order__number", "reason", "received_at")
    transitions = (CREDIT,)

    def sections(self, request: HttpRequest, goods: Return) -> Sequence[Section]:
        facts = Facts(
            title=goods.number,
            items=(
                (_("order"), link(goods.order)),
                (_("came back"), moment(goods.received_at)),
                (_("reason"), goods.reason),
                (_("by"), goods.by or _("the house")),
            ),
        )
        return [facts, _back(goods)]

    def sections_below(self, request: HttpRequest, goods: Return) -> Sequence[Section]:
        return [history(goods)]


def address_facts(address: dict[str, str]) -> Facts:
    known = [address.get("name"), address.get("addition"), address.get("street")]
    place = f"{address.get('postcode', '')} {address.get('city', '')}".strip()
    said = ", ".join(part for part in (*known, place, address.get("country")) if part)
    return Facts(title=_("Goes to"), beside=True, items=((_("address"), said),))


def _shipment_facts(shipment: Shipment) -> Facts:
    return Facts(
        title=shipment.number,
        items=(
            (_("order"), link(shipment.order)),
            (_("shipped"), moment(shipment.shipped_at)),
            (_("carrier"), shipment.carrier),
            (_("tracking number"), shipment.tracking),
            (_("expected"), shipment.expected_on),
            (_("delivered"), moment(shipment.delivered_at)),
            (_("by"), shipment.by or _("the house")),
        ),
    )


def _pieces(shipment: Shipment) -> Table:
    rows = shipment.lines.select_related("line")
    return Table(
        title=_("What is in it"),
        headers=(_("line"), _("article number"), _("name"), _("pieces")),
        rows=[(one.line.position, one.line.sku, one.line.name, one.quantity) for one in rows],
    )


def _back(goods: Return) -> Table:
    rows = goods.lines.select_related("line")
    return Table(
        title=_("What came back"),
        headers=(_("line"), _("article number"), _("name"), _("pieces"), _("back on the shelf")),
        rows=[
            (
                one.line.position,
                one.line.sku,
                one.line.name,
                one.quantity,
                _("yes") if one.restocked else _("no"),
            )
            for one in rows
        ],
    )
