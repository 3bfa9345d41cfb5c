"""Amounts as people read them, each with its currency."""

from decimal import Decimal

from django.utils.formats import number_format

from orders.models.position import Sums


def money(sum_of: Decimal, of: Sums) -> str:
    return amount(sum_of, of.currency)


def amount(sum_of: Decimal | None, currency: str) -> str:
    if sum_of is None:
        return ""
    return f"{number_format(sum_of, 2, use_l10n=True, force_grouping=True)} {currency}".strip()
