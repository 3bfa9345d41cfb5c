"""A customer's own delivery addresses."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Address, Customer

MOST = 200


def save(address: Address, *, customer: Customer, by: AbstractBaseUser | None) -> None:
    """Keep a new address or a changed one; at most one is the usual one. Raises DomainError."""
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=customer.pk)
        if address.pk is None:
            _guard_room(customer)
            address.customer, address.kind = customer, Address.Kind.DELIVERY
        elif address.customer_id != customer.pk:
            raise DomainError("address.unknown", N_("There is no such address."), status=404)
        if address.is_default:
            others = Address.objects.filter(customer=customer, kind=address.kind, is_default=True)
            others.exclude(pk=address.pk).update(is_default=False)
        address.save()
        record("customer.address_saved", customer, actor=by, address=str(address))


def remove(address: Address, *, customer: Customer, by: AbstractBaseUser | None) -> None:
    """Orders keep their own copy of where they went."""
    with transaction.atomic():
        gone, _each = Address.objects.filter(
            pk=address.pk, customer=customer, kind=Address.Kind.DELIVERY
        ).delete()
        if gone:
            record("customer.address_removed", customer, actor=by, address=str(address))


def _guard_room(customer: Customer) -> None:
    if customer.addresses.count() >= MOST:
        raise DomainError("address.too_many", N_("So many addresses cannot be kept."))
