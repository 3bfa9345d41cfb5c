"""From documents to proposals: what the order would be, with every doubt named. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from orders.data import Article, Doubt, Proposal, ReadDocument
from orders.matching import Catalogue
from orders.models import Order
from orders.models.order import State
from orders.proposing import propose
from shop.models import Alias, Customer, Product


@dataclass(frozen=True, slots=True)
class Request:
    """A document that was read, and the customer who sent it, if we know him."""

    document: ReadDocument
    customer: Customer | None
    doubts: tuple[Doubt, ...] = ()
    """What was doubtful before the document was read, for example who sent it."""


def draft(requests: Sequence[Request]) -> list[Proposal]:
    """Match, price and check documents against today's catalogue, stock and books."""
    if not requests:
        return []
    articles = _articles()
    plain = Catalogue(articles)
    aliases = _aliases(request.customer for request in requests)
    known = _known_references(requests)
    today = timezone.localdate()
    proposals = []
    for request in requests:
        customer = request.customer
        own = aliases.get(customer.pk) if customer else None
        proposal = propose(
            request.document,
            Catalogue(_with_aliases(articles, own)) if own else plain,
            customer_id=customer.pk if customer else None,
            discount_percent=customer.discount_percent if customer else Decimal(0),
            today=today,
            known_reference=_key(request) in known,
            auto_limit=customer.auto_confirm_limit if customer else None,
        )
        proposals.append(replace(proposal, doubts=(*request.doubts, *proposal.doubts)))
    return proposals


def _articles() -> list[Article]:
    products = Product.objects.on_sale().select_related("stock")
    return [
        Article(
            id=product.pk,
            sku=product.sku,
            names=(product.name_de, product.name_en),
            price=product.price,
            tax_rate=product.tax_rate,
            pack_size=product.pack_size,
            min_quantity=product.min_quantity,
            available=product.stock.available if hasattr(product, "stock") else 0,
        )
        for product in products
    ]


def _aliases(customers: Iterable[Customer | None]) -> dict[int, dict[int, tuple[str, ...]]]:
    """Return customer -> product -> the numbers under which he orders it."""
    rows = Alias.objects.filter(customer__in={one for one in customers if one is not None})
    found: dict[int, dict[int, tuple[str, ...]]] = {}
    for row in rows:
        own = found.setdefault(row.customer_id, {})
        own[row.product_id] = (*own.get(row.product_id, ()), row.sku)
    return found


def _with_aliases(
    articles: Iterable[Article], aliases: dict[int, tuple[str, ...]]
) -> list[Article]:
    return [replace(one, aliases=aliases.get(one.id, ())) for one in articles]


def _key(request: Request) -> tuple[int | None, str]:
    return (request.customer.pk if request.customer else None, request.document.number)


def _known_references(requests: Sequence[Request]) -> set[tuple[int | None, str]]:
    """Which (customer, reference) stand in our books already."""
    references = {request.document.number for request in requests if request.document.number}
    rows = Order.objects.filter(reference__in=references).exclude(state=State.CANCELLED)
    return set(rows.values_list("customer_id", "reference"))
