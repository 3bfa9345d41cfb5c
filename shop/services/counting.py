"""Somebody stood at the shelf and counted."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Movement, Stock


def count(stock: Stock, *, on_hand: int, by: AbstractBaseUser) -> None:
    """Correct what lies on the shelf. Raises DomainError when more than that is promised."""
    with transaction.atomic():
        before = (
            Stock.objects.select_for_update().values_list("on_hand", flat=True).get(pk=stock.pk)
        )
        if not Stock.objects.filter(pk=stock.pk, on_hand=before, reserved__lte=on_hand).update(
            on_hand=on_hand
        ):
            raise DomainError("stock.promised", N_("More pieces than that are promised to orders."))
        Movement.objects.create(
            product=stock.product,
            kind=Movement.Kind.COUNTED,
            quantity=on_hand - before,
            by_id=by.pk,
        )
        record("stock.counted", stock, actor=by, sku=stock.product.sku, before=before, now=on_hand)
