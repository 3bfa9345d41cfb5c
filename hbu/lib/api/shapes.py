"""Shapes that requests and answers are made of."""

from decimal import Decimal
from typing import Any, TypeVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

T = TypeVar("T")


class Strict(serializers.Serializer[T]):
    """Refuses what it does not know: a price or a customer that somebody slipped in is an error
    the caller hears of, not a field that is silently dropped (promises F2, O6)."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name) for name in data if name not in known)
            if unknown:
                said = serializers.ErrorDetail("This field is not known here.", code="unknown")
                raise serializers.ValidationError({name: [said] for name in unknown})
        return super().to_internal_value(data)


_MONEY = {
    "type": "object",
    "properties": {
        "amount": {"type": "string", "example": "12.50"},
        "currency": {"type": "string", "example": "EUR"},
    },
    "required": ["amount", "currency"],
}


@extend_schema_field(_MONEY)
class Money(serializers.Field[Decimal, Any, dict[str, str], Any]):
    """An amount with its currency, as text: no program shall round it."""

    def __init__(self, *, currency: str = "EUR", **options: Any) -> None:
        self.currency = currency
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Decimal) -> dict[str, str]:
        return money(value, self.currency)


def money(amount: Decimal, currency: str = "EUR") -> dict[str, str]:
    return {"amount": f"{amount:f}", "currency": currency}
