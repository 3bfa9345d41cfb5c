"""Two customers that are one are put together, and taken apart again where that was a mistake.

Everything that points to a customer is found by its foreign keys, so that an app above joins in by
having one. What moved is kept with the merge, and only that comes back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Exists, ForeignKey, Model, OuterRef, Q, QuerySet, UniqueConstraint
from django.utils import timezone
from django.utils.functional import Promise

from hbu.journal.recording import record_many
from hbu.lib.addresses import domain_key
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Customer, Merge

# Issued invoices are never changed (promise O5); the page of the one that is left shows them.
STAYS = {"orders.invoice"}
PORTION = 500
SAME = N_("A customer cannot be put into itself.")
MERGED = N_("This customer was put into another one meanwhile.")
CHANGED = N_("Something changed meanwhile. Please try again.")
UNDONE = N_("This was undone meanwhile.")
KEPT_IS_GONE = N_("The customer that was kept was put into another one since; undo that first.")


@dataclass(frozen=True, slots=True)
class Share:
    """What of one kind moves, and what stays because the other customer has the same."""

    what: str | Promise
    moves: int
    stays: int


@dataclass(slots=True)
class Moved:
    """What Merge.moved holds."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    stayed: dict[str, list[int]] = field(default_factory=dict)
    domains: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "stayed": self.stayed, "domains": self.domains}


def links() -> list["ForeignKey[Any, Any]"]:
    """Return every foreign key to a customer whose rows go along."""
    return [
        one
        for model in apps.get_models(include_auto_created=True)
        for one in model._meta.concrete_fields
        if isinstance(one, ForeignKey)
        and one.related_model is Customer
        and model not in (Customer, Merge)
        and model._meta.label_lower not in STAYS
    ]


def preview(kept: Customer, gone: Customer) -> list[Share]:
    """Return what would move; kinds of which there is nothing are left out. Writes nothing."""
    shares = []
    for link in links():
        stays = _clashing(link, gone, kept).count()
        moves = _rows(link, gone).count() - stays
        if moves or stays:
            shares.append(Share(link.model._meta.verbose_name_plural or "", moves, stays))
    return shares


def merge(kept: Customer, gone: Customer, *, by: AbstractBaseUser | None = None) -> Merge:
    """Put `gone` into `kept`. Raises DomainError when one of them is not there any more."""
    if kept.pk == gone.pk:
        raise DomainError("customer.same", SAME)
    try:
        with transaction.atomic():
            return _merge(*_held(kept, gone), by)
    except IntegrityError:
        # Somebody wrote a row to the one that the other has as well, after we looked.
        raise DomainError("customer.changed", CHANGED) from None


def _held(kept: Customer, gone: Customer) -> tuple[Customer, Customer]:
    """Lock both in the order of their keys, so that two merges of the same pair never wait for each
    other for ever."""
    rows = Customer.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    held = {row.pk: row for row in rows}
    if len(held) < 2:
        raise DomainError("customer.changed", CHANGED)
    return held[kept.pk], held[gone.pk]


def _merge(kept: Customer, gone: Customer, by: AbstractBaseUser | None) -> Merge:
    if kept.merged_into_id or gone.merged_into_id:
        raise DomainError("customer.merged", MERGED)
    moved = Moved(domains=_unite_domains(kept, gone))
    for link in links():
        stayed = list(_clashing(link, gone, kept).values_list("pk", flat=True))
        keys = list(_rows(link, gone).exclude(pk__in=stayed).values_list("pk", flat=True))
        _move(link, keys, gone, kept)
        if keys:
            moved.rows[str(link)] = keys
        if stayed:
            moved.stayed[str(link)] = stayed
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    row = Merge.objects.create(
        kept=kept, gone=gone, moved=moved.as_json(), by_id=by.pk if by else None
    )
    _tell("customer.merged", kept, gone, by, rows=_count(moved.rows), stayed=_count(moved.stayed))
    return row


def unmerge(merge: Merge, *, by: AbstractBaseUser | None = None) -> int:
    """Take apart again what was put together; return how many rows had moved on and stay.

    Raises DomainError when that was done before, or the one that was kept is gone itself.
    """
    try:
        with transaction.atomic():
            return _unmerge(merge, by)
    except IntegrityError:
        raise DomainError("customer.changed", CHANGED) from None


def _unmerge(merge: Merge, by: AbstractBaseUser | None) -> int:
    kept, gone = _held(merge.kept, merge.gone)
    row = Merge.objects.select_for_update().get(pk=merge.pk)
    if row.undone_at or gone.merged_into_id != kept.pk:
        raise DomainError("customer.undone", UNDONE)
    if kept.merged_into_id:
        raise DomainError("customer.merged", KEPT_IS_GONE)
    by_name = {str(link): link for link in links()}
    wanted = moved = 0
    for name, keys in row.moved["rows"].items():
        wanted += len(keys)
        if link := by_name.get(name):
            clashing = _clashing(link, kept, gone).values_list("pk", flat=True)
            moved += _move(link, sorted(set(keys) - set(clashing)), kept, gone)
    _part_domains(kept, gone, row.moved["domains"])
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    row.undone_at, row.undone_by_id = timezone.now(), by.pk if by else None
    row.save(update_fields=["undone_at", "undone_by"])
    _tell("customer.unmerged", kept, gone, by, rows=moved, stayed=wanted - moved)
    return wanted - moved


def _rows(link: "ForeignKey[Any, Any]", of: Customer) -> QuerySet[Model]:
    rows: QuerySet[Model] = link.model._base_manager.filter(**{link.name: of.pk})
    return rows


def _clashing(link: "ForeignKey[Any, Any]", source: Customer, target: Customer) -> QuerySet[Model]:
    """Rows of the one that the other cannot have as well: there may be one of them a customer."""
    rows = _rows(link, source)
    clashes = Q(pk__in=[])
    for fields, condition in _unique(link):
        same = {name: OuterRef(name) for name in fields}
        theirs = _rows(link, target).filter(condition, **same)
        clashes |= condition & Q(Exists(theirs))
    return rows.filter(clashes)


def _unique(link: "ForeignKey[Any, Any]") -> Iterator[tuple[list[str], Q]]:
    """Yield what must differ between the rows of one customer, and of which rows that is said."""
    if link.unique:
        yield [], Q()
    for one in link.model._meta.constraints:
        if isinstance(one, UniqueConstraint) and link.name in one.fields:
            others = [name for name in one.fields if name != link.name]
            yield others, one.condition or Q()
    for together in link.model._meta.unique_together:
        if link.name in together:
            yield [name for name in together if name != link.name], Q()


def _move(
    link: "ForeignKey[Any, Any]", keys: Iterable[int], source: Customer, target: Customer
) -> int:
    """Move the rows that are still there; return how many."""
    keys, moved = iter(keys), 0
    while portion := list(islice(keys, PORTION)):
        moved += (
            _rows(link, source).filter(pk__in=portion).order_by().update(**{link.name: target.pk})
        )
    return moved


def _unite_domains(kept: Customer, gone: Customer) -> list[str]:
    """Mail from the domains of both is the kept one's; return those that are new to it."""
    known = {domain_key(one) for one in kept.domains}
    new = [one for one in gone.domains if domain_key(one) not in known]
    if new:
        kept.domains = [*kept.domains, *new]
        kept.save(update_fields=["domains"])
    return new


def _part_domains(kept: Customer, gone: Customer, added: Sequence[str]) -> None:
    """Take back what came with the one that leaves, but not what another one brought as well."""
    others = Customer.objects.filter(merged_into=kept).exclude(pk=gone.pk)
    needed = {domain_key(one) for domains in others.values_list("domains", flat=True)
              for one in domains}  # fmt: skip
    leaving = {one for one in added if domain_key(one) not in needed}
    if leaving & set(kept.domains):
        kept.domains = [one for one in kept.domains if one not in leaving]
        kept.save(update_fields=["domains"])


def _count(rows: dict[str, list[int]]) -> int:
    return sum(map(len, rows.values()))


def _tell(
    kind: str, kept: Customer, gone: Customer, by: AbstractBaseUser | None, **counts: int
) -> None:
    told = {"kept": kept.number, "gone": gone.number, **counts}
    record_many(kind, [(kept, told), (gone, told)], actor=by)


def family(customer: Customer) -> list[int]:
    """Return the keys of the customer and of all that were put into it, however deep."""
    found, asked = [customer.pk], [customer.pk]
    while asked:
        asked = list(Customer.objects.filter(merged_into__in=asked).values_list("pk", flat=True))
        found += asked
    return found


def heads() -> dict[int, int]:
    """Return for each customer that was put into another one which is left of them; one query."""
    rows = Customer.objects.order_by().values_list("pk", "merged_into")
    into = {pk: kept for pk, kept in rows.exclude(merged_into=None) if kept}
    return {gone: _last(gone, into) for gone in into}


def _last(customer: int, into: Mapping[int, int]) -> int:
    while customer in into:
        customer = into[customer]
    return customer
