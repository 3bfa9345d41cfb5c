"""Amounts, dates and lines as the reader of a letter writes them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import gettext, override

from orders.models.position import Position, Sums

LOCALES = {"de": "de_DE", "en": "en_GB"}


def locale_of(language: str) -> str:
    return LOCALES.get(language, "en_GB")


def day(when: date | None, language: str) -> str:
    return str(format_date(when, "long", locale_of(language))) if when else ""


def money(amount: Decimal, language: str) -> str:
    return str(format_decimal(amount, "#,##0.00", locale_of(language)))


def count(quantity: Decimal | int, language: str) -> str:
    return str(format_decimal(quantity, "#,##0.##", locale_of(language)))


def sums(document: Sums, language: str) -> dict[str, str]:
    return {
        "net": money(document.net, language),
        "tax": money(document.tax, language),
        "gross": money(document.gross, language),
        "currency": document.currency,
    }


def lines(positions: Iterable[Position], language: str) -> list[dict[str, Any]]:
    with override(language):
        unit = gettext("pcs")
    return [
        {
            "position": line.position,
            "sku": line.sku,
            "name": line.name,
            "quantity": count(line.quantity, language),
            "unit": unit,
            "unit_price": format_decimal(line.unit_price, "#,##0.00##", locale_of(language)),
            "total": money(line.total, language),
        }
        for line in positions
    ]
