"""What pages of the shop know of the house and the visitor; read only where a template asks for it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from hbu.company.models import Company
from shop.models import Category, Contact
from shop.services import catalogue, house
from shop.views.visitor import Visitor, visitor


class Frame:
    """Known to templates as `shop`."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    @property
    def language(self) -> str:
        return (get_language() or settings.LANGUAGE_CODE)[:2]

    @property
    def language_address(self) -> str:
        return _language_address()

    @property
    def company(self) -> Company | None:
        return house.company()

    @property
    def categories(self) -> Sequence[Category]:
        return catalogue.categories()

    @property
    def contact(self) -> Contact | None:
        return self._visitor.contact

    @property
    def cart_lines(self) -> int:
        return self._visitor.cart_lines


@cache
def _language_address() -> str:
    return reverse("set_language")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shop": Frame(visitor(request))}
