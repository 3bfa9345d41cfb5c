"""Shapes of requests and answers. Rules stand in orders.services.checkout."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hbu.lib.api.shapes import Money, Strict, money
from orders.models import Order, OrderLine, Shipment
from orders.models.position import Sums
from orders.services import links
from shop.models import Customer

MAX_LINES = 500
MAX_PIECES = 1_000_000
_LANGUAGES = ["de", "en"]


class Pieces(serializers.IntegerField):
    """A whole number; DRF's own also takes 5.0 and the digits of other scripts."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and data.isascii() and data.isdigit():
            return super().to_internal_value(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class WantedLine(Strict[Any]):
    sku = serializers.CharField(max_length=60, help_text="Our article number, or your own for it.")
    quantity = Pieces(min_value=1, max_value=MAX_PIECES)
    price = serializers.DecimalField(
        max_digits=10,
        decimal_places=4,
        min_value=0,
        required=False,
        help_text="The net price of a piece that you expect; another one of ours refuses the order.",
    )


class AddressSerializer(Strict[Any]):
    name = serializers.CharField(max_length=120)
    addition = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    street = serializers.CharField(max_length=120)
    postcode = serializers.CharField(max_length=12)
    city = serializers.CharField(max_length=80)
    country = serializers.RegexField(r"^[A-Z]{2}$", default="DE", help_text="ISO 3166-1 alpha-2")


class ContactSerializer(Strict[Any]):
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254)
    phone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    company = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    vat_id = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class QuoteRequest(Strict[Any]):
    lines = serializers.ListField(child=WantedLine(), allow_empty=False, max_length=MAX_LINES)
    country = serializers.RegexField(
        r"^[A-Z]{2}$", required=False, help_text="Where the goods go, if not to your seat."
    )


class OrderRequest(Strict[Any]):
    lines = serializers.ListField(child=WantedLine(), allow_empty=False, max_length=MAX_LINES)
    reference = serializers.CharField(
        max_length=80, required=False, default="", allow_blank=True, help_text="Your order number."
    )
    requested_date = serializers.DateField(required=False, allow_null=True, default=None)
    payment = serializers.ChoiceField(
        Customer.Payment.choices, required=False, help_text="Without: as agreed with you."
    )
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(_LANGUAGES, required=False)
    contact = ContactSerializer(required=False, help_text="Required without an account.")
    billing_address = AddressSerializer(required=False, help_text="Required without an account.")
    delivery_address = AddressSerializer(required=False)


class SumsSerializer(serializers.Serializer[Sums]):
    net = serializers.SerializerMethodField()
    tax = serializers.SerializerMethodField()
    gross = serializers.SerializerMethodField()

    @extend_schema_field(Money)
    def get_net(self, sums: Any) -> dict[str, str]:
        return money(sums.net, _currency(sums))

    @extend_schema_field(Money)
    def get_tax(self, sums: Any) -> dict[str, str]:
        return money(sums.tax, _currency(sums))

    @extend_schema_field(Money)
    def get_gross(self, sums: Any) -> dict[str, str]:
        return money(sums.gross, _currency(sums))


def _currency(sums: Any) -> str:
    return getattr(sums, "currency", "EUR")


class OrderLineSerializer(serializers.ModelSerializer[OrderLine]):
    quantity = serializers.IntegerField(read_only=True)
    unit_price = Money()
    total = Money()

    class Meta:
        model = OrderLine
        fields = [
            "position", "sku", "name", "quantity", "unit_price", "tax_rate", "total", "shipped",
            "delivered", "cancelled", "returned",
        ]  # fmt: skip
        read_only_fields = fields


class ShipmentSerializer(serializers.ModelSerializer[Shipment]):
    class Meta:
        model = Shipment
        fields = ["number", "carrier", "tracking", "shipped_at", "expected_on", "delivered_at"]
        read_only_fields = fields


class OrderSerializer(serializers.ModelSerializer[Order]):
    """What its customer may see. Why we look at it ourselves is not told."""

    in_review = serializers.SerializerMethodField(
        help_text="A person looks at it before it is confirmed."
    )
    status_url = serializers.SerializerMethodField()
    totals = SumsSerializer(source="*")
    lines = OrderLineSerializer(many=True)
    shipments = ShipmentSerializer(many=True)

    class Meta:
        model = Order
        fields = [
            "number", "state", "in_review", "on_hold", "reference", "requested_date",
            "promised_date", "payment", "tax_category", "created_at", "confirmed_at", "totals",
            "lines", "shipments", "status_url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_in_review(self, order: Order) -> bool:
        return str(order.state) == Order.State.CREATED

    def get_status_url(self, order: Order) -> str:
        return links.status_url(order)


class OrderSummary(serializers.ModelSerializer[Order]):
    gross = Money()

    class Meta:
        model = Order
        fields = ["number", "state", "reference", "created_at", "promised_date", "gross"]
        read_only_fields = fields


class DoubtSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    evidence = serializers.CharField()


class CandidateSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    score = serializers.FloatField()


class QuotedLine(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    wanted = serializers.CharField(help_text="As you wrote it.")
    sku = serializers.CharField(help_text="Ours; empty where no article fits.")
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = Money()
    tax_rate = serializers.DecimalField(max_digits=4, decimal_places=1)
    total = Money()
    available = serializers.IntegerField()
    score = serializers.FloatField(help_text="0 to 1: how certain it is which article is meant.")
    candidates = CandidateSerializer(many=True)
    doubts = DoubtSerializer(many=True)


class QuoteSerializer(serializers.Serializer[Any]):
    orderable = serializers.BooleanField(help_text="An order of these lines is taken as it is.")
    tax_category = serializers.CharField()
    totals = SumsSerializer()
    lines = QuotedLine(many=True)
    doubts = DoubtSerializer(many=True)
