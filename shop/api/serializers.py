from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hbu.lib.api.shapes import Money, money
from shop.data import Offer
from shop.models import Category, Product


class CategorySerializer(serializers.ModelSerializer[Category]):
    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Category
        fields = ["code", "name"]
        read_only_fields = fields


class TierSerializer(serializers.Serializer[Any]):
    from_quantity = serializers.IntegerField()
    price = Money()


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product with what it costs whoever asks; `offers` in the context tells the prices."""

    name = serializers.CharField(read_only=True)
    description = serializers.SerializerMethodField()
    category = serializers.CharField(source="category.code", read_only=True)
    family = serializers.CharField(source="family.code", read_only=True, default=None)
    list_price = Money(source="price")
    price = serializers.SerializerMethodField()
    tiers = serializers.SerializerMethodField()
    available = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = [
            "sku", "name", "description", "category", "family", "material", "colour", "size_mm",
            "list_price", "price", "tiers", "tax_rate", "pack_size", "min_quantity",
            "lead_time_days", "available",
        ]  # fmt: skip
        read_only_fields = fields

    def get_description(self, product: Product) -> str:
        german = self.context["language"] == "de"
        return product.description_de if german else product.description_en

    @extend_schema_field(Money)
    def get_price(self, product: Product) -> dict[str, str]:
        return money(self._offer(product).price)

    @extend_schema_field(TierSerializer(many=True))
    def get_tiers(self, product: Product) -> list[dict[str, Any]]:
        return [_tier(*step) for step in self._offer(product).tiers]

    def get_available(self, product: Product) -> int:
        return max(self._offer(product).available, 0)

    def _offer(self, product: Product) -> Offer:
        offer: Offer = self.context["offers"][product.pk]
        return offer


def _tier(since: int, price: Decimal) -> dict[str, Any]:
    return {"from_quantity": since, "price": money(price)}
