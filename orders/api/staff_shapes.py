"""Shapes of orders for staff: what the customer is not told stands here, too."""

from datetime import date
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hbu.lib.api.shapes import Strict
from orders.api.serializers import (
    DoubtSerializer,
    OrderLineSerializer,
    ShipmentSerializer,
    SumsSerializer,
)
from orders.models import Milestone, Order
from orders.services import lateness, stepping
from shop.models import Customer


class BuyerShape(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        fields = ["number", "name"]
        read_only_fields = fields


class StaffSummary(serializers.ModelSerializer[Order]):
    customer = BuyerShape(read_only=True, allow_null=True)
    totals = SumsSerializer(source="*", read_only=True)
    doubts = serializers.SerializerMethodField(help_text="How many; they stand on the order.")
    late_since = serializers.SerializerMethodField(
        help_text="The day on which the first state that is missing was due."
    )
    steps = serializers.SerializerMethodField(
        help_text="What you may do with it now: POST to /api/orders/{number}/{step}."
    )
    version = serializers.IntegerField(read_only=True, help_text="For `seen` of a step.")

    class Meta:
        model = Order
        fields = [
            "number", "state", "on_hold", "hold_reason", "customer", "reference", "source",
            "requested_date", "promised_date", "late_since", "created_at", "confirmed_at", "totals",
            "doubts", "steps", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_doubts(self, order: Order) -> int:
        return len(order.doubts)

    def get_late_since(self, order: Order) -> date | None:
        return lateness.late_since(order)

    def get_steps(self, order: Order) -> list[str]:
        return [step.name for step in stepping.possible(order, self.context["steps"])]


class MilestoneShape(serializers.ModelSerializer[Milestone]):
    class Meta:
        model = Milestone
        fields = ["state", "due_on", "reached_at"]
        read_only_fields = fields


class StaffOrder(StaffSummary):
    lines = OrderLineSerializer(many=True, read_only=True)
    shipments = ShipmentSerializer(many=True, read_only=True)
    milestones = MilestoneShape(many=True, read_only=True)
    doubts = serializers.SerializerMethodField(help_text="Why a person should look at it.")

    class Meta(StaffSummary.Meta):
        fields = [
            *StaffSummary.Meta.fields, "payment", "tax_category", "language", "contact_name",
            "contact_email", "contact_phone", "billing_address", "delivery_address", "note",
            "lines", "shipments", "milestones",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(DoubtSerializer(many=True))
    def get_doubts(self, order: Order) -> list[dict[str, Any]]:  # type: ignore[override] # more than a number here
        return [
            {
                "code": one["code"],
                "detail": gettext(one["what"]),
                "evidence": one.get("evidence", ""),
            }
            for one in order.doubts
        ]


class OrderStepRequest(Strict[Any]):
    reason = serializers.CharField(
        max_length=300, required=False, default="", allow_blank=True,
        help_text="Required to put an order on hold and to cancel it.",
    )  # fmt: skip
    seen = serializers.IntegerField(
        min_value=0, max_value=2_000_000_000, required=False, default=None, allow_null=True,
        help_text="The `version` that you read; where somebody changed it since, 409.",
    )  # fmt: skip
