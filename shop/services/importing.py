"""A catalogue comes in as a file: what it would change is shown, and exactly that is written."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.db import IntegrityError, transaction

from hbu.company.models import Company
from hbu.journal.recording import record
from hbu.lib import blobs, jail
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all
from shop.importing import table
from shop.models import Movement, Product, Stock, TierPrice
from shop.services import import_columns
from shop.services.import_columns import COLUMNS
from shop.services.import_plan import Plan, Row, plan

SECONDS = 20.0
MOST_BYTES = table.MAX_BYTES
HOLDS = 24 * 3600
"""How long a preview may be applied: as long as the janitor leaves the file."""
_SALT = "shop.importing"


class CatalogueMoved(DomainError):
    def __init__(self) -> None:
        message = N_("The catalogue has changed since you looked. Please look at it again.")
        super().__init__("import.moved", message)


def look(content: bytes, name: str) -> tuple[Plan, str]:
    """Return what the file would do, and a token with which `apply` does it. Writes no row.

    Raises DomainError where the file cannot be read at all.
    """
    shown = plan(_read(content))
    told = {
        "file": blobs.put(settings.BLOBS_DIR, content),
        "name": name[:120],
        "digest": shown.digest(),
    }
    return shown, signing.dumps(told, salt=_SALT, compress=True)


def apply(token: str, *, by: AbstractBaseUser) -> dict[str, int]:
    """Write what was shown, all of it, and return how much that was. Raises DomainError."""
    try:
        told = signing.loads(token, salt=_SALT, max_age=HOLDS)
        read = _read(blobs.get(settings.BLOBS_DIR, told["file"]))
    except (signing.BadSignature, blobs.Missing):
        raise CatalogueMoved from None
    try:
        with transaction.atomic():
            wanted = plan(read, lock=True)
            if wanted.digest() != told["digest"] or not wanted.may_be_applied:
                raise CatalogueMoved
            counts = wanted.counts()
            _write(wanted, by)
            facts = {"file": told["name"], "new": counts["new"], "changed": counts["changed"]}
            record("catalogue.imported", Company.objects.first() or by, actor=by, **facts)
    except IntegrityError:
        # Somebody entered one of the new products in this very moment.
        raise CatalogueMoved from None
    return counts


def _read(content: bytes) -> table.Answer:
    if len(content) > table.MAX_BYTES:
        raise table.refused(N_("The file is too big. Up to 5 MB are read."))
    read: table.Answer = jail.call("shop.importing.table:read", content, seconds=SECONDS)
    return read


def _write(wanted: Plan, by: AbstractBaseUser) -> None:
    new = [row for row in wanted.rows if row.verdict == "new"]
    changed = [row for row in wanted.rows if row.verdict == "changed"]
    for row in (*new, *changed):
        product = row.product = row.product or Product()
        for name, value in row.values.items():
            if COLUMNS[name].of_product:
                setattr(product, name, value)
    Product.objects.bulk_create(row.product for row in new if row.product)
    fields = sorted({name for row in changed for name in row.values if COLUMNS[name].of_product})
    if fields:
        save_all([row.product for row in changed if row.product], fields)
    _write_tiers([*new, *changed])
    _write_stock(new, changed, by)


def _write_tiers(rows: Sequence[Row]) -> None:
    told = [row for row in rows if "tier_prices" in row.values]
    public = TierPrice.objects.filter(price_list=None)
    public.filter(product__in=[row.product for row in told]).delete()
    TierPrice.objects.bulk_create(
        TierPrice(product=row.product, from_quantity=since, price=price)
        for row in told
        for since, price in row.values["tier_prices"]
    )


def _write_stock(new: Sequence[Row], changed: Sequence[Row], by: AbstractBaseUser) -> None:
    """What a file says of the shelf is a count, with its movement."""
    counted = [row for row in changed if row.values.get("stock") is not None]
    shelves, moved = [], {}
    for row in (*new, *counted):
        if row.product is not None:
            shelf = import_columns.shelf(row.product) or Stock(product=row.product)
            pieces = row.values.get("stock") or 0
            moved[row.product.pk] = pieces - shelf.on_hand
            shelf.on_hand = pieces
            shelves.append(shelf)
    Stock.objects.bulk_create(one for one in shelves if one.pk is None)
    save_all((one for one in shelves if one.pk is not None), ["on_hand"])
    Movement.objects.bulk_create(
        Movement(product_id=key, kind=Movement.Kind.COUNTED, quantity=pieces, by_id=by.pk)
        for key, pieces in moved.items()
        if pieces
    )
