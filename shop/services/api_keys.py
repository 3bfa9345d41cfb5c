"""Keys with which a customer's program orders. Only the hash of a key is kept."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import ApiKey, Customer
from shop.services import people

MARK = "hbu_"
PREFIX_LENGTH = 12
# An exact moment is worth no write for each request.
NOTED_EVERY = timedelta(minutes=1)


def create(customer: Customer, name: str, by: AbstractBaseUser) -> tuple[ApiKey, str]:
    """Return a new key of the customer and its secret, which nobody can ever show again."""
    if customer.merged_into_id:
        raise DomainError("customer.merged", N_("This customer was put into another one."))
    secret = MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        key = ApiKey.objects.create(
            customer=customer,
            name=name.strip()[:80],
            prefix=secret[:PREFIX_LENGTH],
            digest=_digest(secret),
            created_by_id=by.pk,
        )
        record("api_key.created", customer, actor=by, name=key.name, key=f"{key.prefix}…")
    return key, secret


def customer_of(secret: str) -> Customer | None:
    """Return whose key this is; None for one that is unknown or revoked.

    Looked up by its hash, so that the time it takes tells nothing of how much of it is right.
    """
    key = (
        ApiKey.objects.filter(digest=_digest(secret), revoked_at=None)
        .select_related("customer__merged_into")
        .first()
    )
    if key is None:
        return None
    _note_use(key)
    return people.kept(key.customer)


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def revoke(key: ApiKey, by: AbstractBaseUser) -> None:
    """From now on nobody orders with this key. Raises DomainError when it is revoked already."""
    with transaction.atomic():
        now = timezone.now()
        if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            raise DomainError("api_key.revoked", N_("This key is revoked already."))
        key.revoked_at = now
        record("api_key.revoked", key.customer, actor=by, name=key.name, key=f"{key.prefix}…")


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
