"""From documents to proposals: what the order would be, with every doubt named. Writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils import timezone

from hbu.lib.reasons import N_, Reason
from orders.data import Article, Doubt, Proposal, ProposedLine, ReadDocument
from orders.matching import Catalogue
from orders.models import Order
from orders.models.order import State
from orders.proposing import Terms, propose
from orders.services.learning import Written
from shop.data import Discounts
from shop.models import Alias, Customer, Product
from shop.services import selling


@dataclass(frozen=True, slots=True)
class Request:
    """A document that was read, and the customer who sent it, if we know him."""

    document: ReadDocument
    customer: Customer | None
    doubts: tuple[Doubt, ...] = ()
    """What was doubtful before the document was read, for example who sent it."""
    order: int | None = None
    """The order that is proposed anew, which is no duplicate of itself."""
    ship_to: str = ""
    """The country that the goods go to, where it is not the customer's own."""


def draft(requests: Sequence[Request]) -> list[Proposal]:
    """Match, price and check documents against today's catalogue, stock and books."""
    if not requests:
        return []
    lists = {one.customer.price_list_id for one in requests if one.customer}
    aliases = _aliases(request.customer for request in requests)
    products = _named(requests, aliases)
    tiers = selling.tiers(lists, products)
    articles = _articles(tiers, products)
    plain = Catalogue(articles)
    known = _known_references(requests)
    discounts = selling.discounts(request.customer for request in requests)
    seller = selling.home()
    proposals = []
    for request in requests:
        customer = request.customer
        own = aliases.get(customer.pk) if customer else None
        catalogue = Catalogue(_with_aliases(articles, own)) if own else plain
        terms = _terms(request, discounts, tiers, seller)
        terms = replace(terms, known_reference=_key(request) in known)
        proposal = propose(request.document, catalogue, terms)
        lines = tuple(_credited(line, own or {}) for line in proposal.lines)
        doubts = (*request.doubts, *proposal.doubts)
        proposals.append(replace(proposal, lines=lines, doubts=doubts))
    return proposals


def _terms(
    request: Request, discounts: Mapping[int, Discounts], tiers: selling.Tiers, seller: str
) -> Terms:
    customer = request.customer
    taxed = selling.taxed(customer, ship_to=request.ship_to, seller=seller)
    if customer is None:
        return Terms(None, timezone.localdate(), taxed=taxed)
    return Terms(
        customer.pk,
        timezone.localdate(),
        discounts=discounts[customer.pk],
        agreed=tiers.get(customer.price_list_id, {}) if customer.price_list_id else {},
        taxed=taxed,
        auto_limit=customer.auto_confirm_limit,
    )


def _named(
    requests: Iterable[Request], aliases: Mapping[int, Mapping[int, Sequence[Alias]]]
) -> list[Product] | None:
    """The products that can be meant where each line states our number and no name; None: any.

    So an order of a shop or a program costs the same with ten products and with ten thousand.
    """
    lines = [line for request in requests for line in request.document.lines]
    numbers = {line.sku for line in lines}
    if not lines or "" in numbers or any(line.name for line in lines):
        return None
    called = {product for of_customer in aliases.values() for product in of_customer}
    rows = Product.objects.on_sale().select_related("stock")
    products = list(rows.filter(Q(sku__in=numbers) | Q(pk__in=called)))
    return products if numbers <= {product.sku for product in products} else None


def _articles(tiers: selling.Tiers, products: Iterable[Product] | None) -> list[Article]:
    for_everybody = tiers.get(None, {})
    if products is None:
        products = Product.objects.on_sale().select_related("stock")
    return [
        Article(
            id=product.pk,
            sku=product.sku,
            names=(product.name_de, product.name_en),
            price=product.price,
            tax_rate=product.tax_rate,
            tiers=for_everybody.get(product.pk, ()),
            pack_size=product.pack_size,
            min_quantity=product.min_quantity,
            available=product.stock.available if hasattr(product, "stock") else 0,
            traits=_traits(product),
        )
        for product in products
    ]


def _traits(product: Product) -> tuple[str, ...]:
    size = f"{product.size_mm:f} mm" if product.size_mm else ""
    return tuple(filter(None, (product.material, product.colour, size)))


def _aliases(customers: Iterable[Customer | None]) -> dict[int, dict[int, list[Alias]]]:
    """Return customer -> product -> what he calls it."""
    known = {one for one in customers if one is not None}
    found: dict[int, dict[int, list[Alias]]] = {}
    for row in Alias.objects.filter(customer__in=known).select_related("learned_by"):
        found.setdefault(row.customer_id, {}).setdefault(row.product_id, []).append(row)
    return found


def _with_aliases(articles: Iterable[Article], own: Mapping[int, list[Alias]]) -> list[Article]:
    return [
        replace(
            one,
            aliases=tuple(row.sku for row in own.get(one.id, ()) if row.sku),
            known_as=tuple(row.name for row in own.get(one.id, ()) if row.name),
        )
        for one in articles
    ]


def _credited(line: ProposedLine, own: Mapping[int, list[Alias]]) -> ProposedLine:
    """Say when and by whom we were told, where a person told us that this article is meant."""
    article, read = line.match.article, line.read
    written = Written(read.sku, "" if read.sku else read.name)
    for row in own.get(article.id, ()) if article else ():
        if row.learned_at and written.is_same(row):
            when = f"{timezone.localtime(row.learned_at):%Y-%m-%d}"
            who = f", {row.learned_by}" if row.learned_by else ""
            reason = Reason(N_("As corrected by a person"), when + who)
            found = replace(line.match, reasons=(*line.match.reasons, reason))
            return replace(line, match=found)
    return line


def _key(request: Request) -> tuple[int | None, str]:
    return (request.customer.pk if request.customer else None, request.document.number)


def _known_references(requests: Sequence[Request]) -> set[tuple[int | None, str]]:
    """Which (customer, reference) stand in our books already."""
    references = {request.document.number for request in requests if request.document.number}
    rows = Order.objects.filter(reference__in=references).exclude(state=State.CANCELLED)
    rows = rows.exclude(pk__in=[request.order for request in requests if request.order])
    return set(rows.values_list("customer_id", "reference"))
