"""Suppliers that people add or recognise while they look at an invoice."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from hbu.company.numbers import draw
from hbu.journal.recording import record
from shop.models import Supplier, SupplierName


def add(supplier: Supplier, *, by: AbstractBaseUser | None = None) -> Supplier:
    """Keep a new supplier under the next number."""
    with transaction.atomic():
        supplier.number = draw("L")[0]
        supplier.save()
        record("supplier.added", supplier, actor=by, name=supplier.name)
    return supplier


def learn_name(supplier: Supplier, name: str, *, by: AbstractBaseUser | None = None) -> None:
    """Remember that a name as written on an invoice means this supplier."""
    name = " ".join(name.split())[:200]
    if not name or name == supplier.name:
        return
    with transaction.atomic():
        SupplierName.objects.update_or_create(
            name=name,
            defaults={
                "supplier": supplier,
                "learned_at": timezone.now(),
                "learned_by_id": by.pk if by else None,
            },
        )
        record("supplier.learned", supplier, actor=by, name=name)
