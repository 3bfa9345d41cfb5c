"""Somebody asks what the articles in the cart would cost."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.lib.errors import DomainError
from orders.data import ReadDocument
from orders.models import Order, Quotation
from orders.services import buying, checkout, placing, quoting
from shop.models import Cart, Customer
from shop.services import carts, guests


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    cart: Cart
    buyer: Customer | guests.Newcomer
    name: str
    email: str
    phone: str
    language: str
    reference: str = ""
    note: str = ""


def ask(asked: Asked, *, by: AbstractBaseUser | None = None) -> Quotation:
    """Enter the request and empty the cart; raises DomainError where nothing is in it."""
    with transaction.atomic():
        Cart.objects.select_for_update().get(pk=asked.cart.pk)
        lines = list(asked.cart.lines.select_related("product"))
        if not lines:
            raise DomainError("cart.empty", buying.EMPTY)
        customer = asked.buyer
        if isinstance(customer, guests.Newcomer):
            customer = guests.welcome(customer).customer
        items = [checkout.Item(sku=one.product.sku, quantity=one.quantity) for one in lines]
        document = ReadDocument(
            kind="order",
            format=Order.Source.SHOP,
            number=asked.reference,
            lines=checkout.read_lines(items),
            note=asked.note,
        )
        said = placing.Particulars(
            contact_name=asked.name,
            contact_email=asked.email,
            contact_phone=asked.phone,
            note=asked.note,
        )
        quotation = quoting.request(
            document,
            customer,
            source=Order.Source.SHOP,
            language=asked.language,
            particulars=said,
            by=by,
        )
        carts.clear(asked.cart)
    return quotation
