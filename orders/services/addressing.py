"""Where goods and invoices of an order go."""

from shop.models import Address, Customer

PARTS = ("name", "addition", "street", "postcode", "city", "country")


def delivery(customer: Customer | None) -> dict[str, str]:
    return _usual(customer, Address.Kind.DELIVERY)


def billing(customer: Customer | None) -> dict[str, str]:
    return _usual(customer, Address.Kind.BILLING)


def _usual(customer: Customer | None, kind: str) -> dict[str, str]:
    """Return a copy of the customer's usual address of a kind, else of his seat.

    Asks no row where the addresses were fetched beforehand.
    """
    if customer is None:
        return {}
    known = (one for one in customer.addresses.all() if one.kind == kind and one.is_default)
    row = next(known, None) or customer
    return {part: str(getattr(row, part, "")) for part in PARTS}
