"""The customers of a company file go into the books, with whoever works there and what they agreed."""

from collections.abc import Mapping

from hbu.company import partners
from hbu.company.entries import CompanyFile
from shop.models import (
    Address,
    Alias,
    Contact,
    Customer,
    DiscountTier,
    PriceList,
    Product,
)
from shop.services import people

OF_A_CUSTOMER = {
    "number", "oem", "price_list", "contacts", "addresses", "tiers", "aliases"
}  # fmt: skip
TITLES = {"Herr": Contact.Title.MR, "Frau": Contact.Title.MS}


def load(file: CompanyFile) -> None:
    """Write the customers of the file; call inside a transaction."""
    products = {product.sku: product for product in Product.objects.all()}
    lists = {one.code: one for one in PriceList.objects.all()}
    for one in file.customers:
        # What the file does not say stays as it was typed.
        values = one.model_dump(exclude=OF_A_CUSTOMER, exclude_unset=True)
        if "oem" in one.model_fields_set:
            values["is_oem"] = one.oem
        if one.price_list:
            values["price_list"] = lists[one.price_list]
        row, _ = Customer.objects.update_or_create(number=one.number, defaults=values)
        customer = people.kept(row)
        _contacts(one, customer)
        _addresses(one, customer)
        _aliases(one, customer, products)
        for from_net, percent in one.tiers.items():
            DiscountTier.objects.update_or_create(
                customer=customer, from_net=from_net, defaults={"percent": percent}
            )


def _contacts(one: partners.Customer, customer: Customer) -> None:
    for contact in one.contacts:
        values = {
            "customer": customer,
            "title": TITLES.get(contact.salutation, Contact.Title.NONE),
            "first_name": contact.first_name,
            "last_name": contact.last_name,
        }
        if contact.phone:
            values["phone"] = contact.phone
        Contact.objects.update_or_create(
            email__iexact=contact.email,
            defaults=values,
            create_defaults={**values, "email": contact.email},
        )


def _addresses(one: partners.Customer, customer: Customer) -> None:
    """Which one is the usual one is said once; afterwards it is as people have it."""
    for address in one.addresses:
        taken = Address.objects.filter(customer=customer, kind=address.kind, is_default=True)
        values = address.model_dump(include={"addition", "city", "country"})
        Address.objects.update_or_create(
            customer=customer,
            kind=address.kind,
            name=address.name,
            street=address.street,
            postcode=address.postcode,
            defaults=values,
            create_defaults={**values, "is_default": address.usual and not taken.exists()},
        )


def _aliases(one: partners.Customer, customer: Customer, products: Mapping[str, Product]) -> None:
    for theirs, ours in one.aliases.items():
        alias, new = Alias.objects.get_or_create(
            customer=customer, sku=theirs, defaults={"product": products[ours]}
        )
        # What a person has put right since is the better knowledge.
        if not new and alias.learned_at is None:
            Alias.objects.filter(pk=alias.pk).update(product=products[ours])
