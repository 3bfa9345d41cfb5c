"""Who ordered, where it goes and how far we trust them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Facts, Section, link, words_of
from orders.admin.money import amount
from orders.models import Order
from orders.services import addressing, credit
from shop.models import Customer


def sections(order: Order) -> list[Section]:
    customer = order.customer
    people = Facts(
        title=_("Who and where"),
        beside=True,
        items=(
            (_("ordered by"), order.contact_name),
            (_("mail address"), order.contact_email),
            (_("phone"), order.contact_phone),
            (_("delivery address"), told(order.delivery_address or addressing.delivery(customer))),
            (_("billing address"), told(order.billing_address or addressing.billing(customer))),
        ),
    )
    return [people, _customer(customer)] if customer else [people]


def told(address: Mapping[str, str]) -> str:
    place = f"{address.get('postcode', '')} {address.get('city', '')}".strip()
    parts = (*(address.get(name) for name in ("name", "addition", "street")), place)
    return ", ".join(part for part in (*parts, address.get("country")) if part)


def _customer(customer: Customer) -> Facts:
    limit = customer.credit_limit
    owed = credit.exposure_of([customer.pk])[customer.pk] if limit is not None else None
    return Facts(
        title=_("About the customer"),
        beside=True,
        items=(
            (_("customer"), link(customer)),
            (_("number"), customer.number),
            (_("VAT id"), customer.vat_id),
            (_("pays"), words_of(customer, "payment")),
            (_("days to pay"), customer.payment_days),
            (_("credit limit"), amount(limit, "EUR") if limit is not None else _("none")),
            (_("open and ordered"), amount(owed, "EUR") if owed is not None else ""),
            (_("orders move on"), words_of(customer, "progression")),
            (_("guest"), _("yes") if customer.is_guest else _("no")),
        ),
    )
