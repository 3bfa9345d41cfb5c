"""A person puts a document right: the row follows, and what can be learned is learned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from stdnum import iban

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import ReadDocument
from orders.mending import Value, mended
from orders.models import Document, FieldCorrection
from orders.services import filing, learning
from shop.models import Customer, Product, Supplier
from shop.services import suppliers


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the document shall be read; what is not named stays as it is."""

    changes: Mapping[str, Value] = field(default_factory=dict)
    """By path, see orders.mending."""
    products: Mapping[int, Product] = field(default_factory=dict)
    """Which product a line means, by its index."""
    supplier: Supplier | None = None
    seen: int | None = None
    """The corrections that were shown to the one who corrects."""


def correct(document: Document, wanted: Wanted, *, by: AbstractBaseUser) -> list[FieldCorrection]:
    """Write the corrections, check the figures again and learn from them.

    Raises DomainError when the document was rejected, somebody else corrected it meanwhile, or a
    product is chosen for a customer nobody knows.
    """
    with transaction.atomic():
        held = _held(document, wanted)
        before = filing.read_of(held)
        changes = _effective(before, wanted)
        after = mended(before, changes) if changes else before
        rows = [
            FieldCorrection(
                document=held, field=path, before=_told(_at(before, path)), after=_told(new)
            )
            for path, new in changes.items()
        ]
        rows += _choose_supplier(held, after, wanted.supplier, by)
        rows += _learn_products(held, _written(before, changes, wanted.products), by)
        if not rows:
            return []
        for row in rows:
            row.by_id = by.pk
        FieldCorrection.objects.bulk_create(rows)
        filing.appraise(held, after)
        held.save()
        record(
            "document.corrected", held, actor=by, number=held.number, fields=[r.field for r in rows]
        )
    document.refresh_from_db()
    return rows


def add_supplier(document: Document, *, by: AbstractBaseUser) -> Supplier:
    """Keep who wrote the invoice as a new supplier, with the account the invoice names."""
    with transaction.atomic():
        held = _held(document, Wanted())
        seller = filing.read_of(held).seller
        if held.kind != Document.Kind.INVOICE or held.supplier or not seller.name.strip():
            refusal = N_("Only an invoice that names an unknown supplier makes a new one.")
            raise DomainError("document.no_new_supplier", refusal)
        supplier = suppliers.add(
            Supplier(
                name=seller.name[:120],
                vat_id=seller.vat_id[:20],
                iban=str(iban.format(seller.iban))[:42],
                street=seller.street[:120],
                postcode=seller.postcode[:12],
                city=seller.city[:80],
                country=seller.country[:2] or "DE",
            ),
            by=by,
        )
        correct(held, Wanted(supplier=supplier), by=by)
    document.refresh_from_db()
    return supplier


def check(document: Document, *, by: AbstractBaseUser) -> None:
    """A person has looked at it and found it right."""
    _move(document, Document.State.CHECKED, "document.checked", by)


def reject(document: Document, *, reason: str, by: AbstractBaseUser) -> None:
    """It is not to be paid or entered."""
    if not reason.strip():
        raise DomainError("document.no_reason", N_("Say why the document is rejected."), status=400)
    _move(document, Document.State.REJECTED, "document.rejected", by, reason=reason.strip())


def customer_of(document: Document) -> Customer | None:
    """Who ordered with it, as the order says."""
    order = document.orders.exclude(customer=None).select_related("customer").last()
    return order.customer if order else None


def _move(
    document: Document, state: Document.State, kind: str, by: AbstractBaseUser, reason: str = ""
) -> None:
    with transaction.atomic():
        waiting = Document.objects.filter(pk=document.pk, state=Document.State.READ)
        if not waiting.update(state=state):
            raise DomainError("document.decided", N_("Somebody has decided on it already."))
        record(kind, document, actor=by, number=document.number, reason=reason)
    document.refresh_from_db()


def _held(document: Document, wanted: Wanted) -> Document:
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.state == Document.State.REJECTED:
        raise DomainError("document.rejected", N_("A rejected document is not corrected."))
    if wanted.seen is not None and wanted.seen != held.corrections.count():
        raise DomainError(
            "document.corrected_meanwhile",
            N_("Somebody corrected the document meanwhile; look at it again."),
        )
    return held


def _effective(read: ReadDocument, wanted: Wanted) -> dict[str, Value]:
    return {path: new for path, new in wanted.changes.items() if _at(read, path) != new}


def _at(read: ReadDocument, path: str) -> Any:
    """The value at a path; None for a line that is not there, "" for a line as a whole."""
    match path.split("."):
        case ["lines", index]:
            return " ".join(
                filter(
                    None,
                    (
                        _told(_at(read, f"lines.{index}.{name}"))
                        for name in ("sku", "name", "quantity")
                    ),
                )
            )
        case ["lines", index, name]:
            known = int(index) < len(read.lines)
            return getattr(read.lines[int(index)], name) if known else None
        case [party, name]:
            return getattr(getattr(read, party), name)
    return getattr(read, path)


def _told(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"[:300]
    return (value.isoformat() if isinstance(value, date) else value)[:300]


def _choose_supplier(
    held: Document, read: ReadDocument, supplier: Supplier | None, by: AbstractBaseUser
) -> list[FieldCorrection]:
    if supplier is None or supplier == held.supplier:
        return []
    before, held.supplier = held.supplier, supplier
    suppliers.learn_name(supplier, read.seller.name, by=by)
    told = before.name if before else ""
    return [FieldCorrection(document=held, field="supplier", before=told, after=supplier.name)]


def _written(
    read: ReadDocument, changes: Mapping[str, Value], products: Mapping[int, Product]
) -> list[tuple[int, learning.Written, Product]]:
    """The lines that mean a product, as they stand in the document with what was put right."""
    found = []
    for index, product in products.items():
        if index < len(read.lines) and f"lines.{index}" not in changes:
            line = read.lines[index]
            sku, name = (
                str(changes.get(f"lines.{index}.{part}", getattr(line, part)) or "")
                for part in ("sku", "name")
            )
            found.append((index, learning.Written(sku, name), product))
    return found


def _learn_products(
    held: Document, chosen: list[tuple[int, learning.Written, Product]], by: AbstractBaseUser
) -> list[FieldCorrection]:
    if not chosen:
        return []
    customer = customer_of(held)
    if customer is None:
        raise DomainError(
            "document.no_customer",
            N_("Choose the customer of the order first: articles are learned for a customer."),
        )
    rows = []
    for index, written, product in chosen:
        if learning.learn(customer, written, product, source=str(held), by=by):
            said = (written.sku or written.name)[:300]
            path = f"lines.{index}.product"
            rows.append(FieldCorrection(document=held, field=path, before=said, after=product.sku))
    return rows
