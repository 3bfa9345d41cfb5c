"""Money and numbers in templates, in the reader's language and the house's currency."""

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from hbu.lib import amounts
from shop.services.house import currency

register = template.Library()


def _language() -> str:
    return (get_language() or "en")[:2]


@register.filter
def money(amount: Decimal) -> str:
    return amounts.money(amount, currency(), _language())


@register.filter
def unit_price(amount: Decimal) -> str:
    return amounts.unit_price(amount, currency(), _language())


@register.filter
def number(value: Decimal | int) -> str:
    return amounts.number(value, _language())


@register.filter
def typed(value: Decimal) -> str:
    return amounts.typed(value, _language())
