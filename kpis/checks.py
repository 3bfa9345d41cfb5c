"""A threshold that names no measure, or is no number, is told at the start."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from kpis.measures import MEASURES


@register()
def thresholds(**_: Any) -> list[Error]:
    return [
        Error(
            f"HBU_THRESHOLDS: {code}={value} is no threshold.",
            hint=f"Give a number to one of: {', '.join(MEASURES)}.",
            id="kpis.E001",
        )
        for code, value in settings.HBU_THRESHOLDS.items()
        if code not in MEASURES or not _is_number(value)
    ]


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
