"""What a customer calls our products, learned when a person puts a line right."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from hbu.journal.recording import record
from orders.matching import normalised_name, normalised_sku
from shop.models import Alias, Customer, Product


@dataclass(frozen=True, slots=True)
class Written:
    """How an article stood in a document: by its number there, or else by its name."""

    sku: str = ""
    name: str = ""

    def is_same(self, alias: Alias) -> bool:
        if self.sku:
            return normalised_sku(alias.sku) == normalised_sku(self.sku)
        return bool(alias.name) and normalised_name(alias.name) == normalised_name(self.name)


def learn(
    customer: Customer,
    written: Written,
    product: Product,
    *,
    source: str,
    by: AbstractBaseUser | None = None,
) -> Alias | None:
    """Remember which product the customer means from now on; what was known before gives way.

    `source` is the document or order, as people call it. Returns None where there is nothing to
    learn: the line said nothing, or our own number.
    """
    said = _plain(written)
    if not (said.sku or said.name) or normalised_sku(said.sku) == normalised_sku(product.sku):
        return None
    with transaction.atomic():
        known = [row for row in customer.aliases.select_related("product") if said.is_same(row)]
        alias = known[0] if known else Alias(customer=customer)
        before = alias.product.sku if known else ""
        Alias.objects.filter(pk__in=[row.pk for row in known[1:]]).delete()
        alias.sku, alias.name, alias.product = said.sku, said.name, product
        alias.learned_at, alias.learned_by_id = timezone.now(), by.pk if by else None
        alias.source = source[:120]
        alias.save()
        told = {"customer": customer.name, "name": said.sku or said.name, "sku": product.sku}
        record("alias.learned", alias, actor=by, before=before, **told)
    return alias


def _plain(written: Written) -> Written:
    sku = written.sku.strip()[:60]
    return Written(sku, "" if sku else " ".join(written.name.split())[:200])
