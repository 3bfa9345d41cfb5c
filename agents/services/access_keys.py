"""Keys with which a program works in the name of a member of staff. Only the hash of a key is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.models import AccessKey
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MARK = "hbs_"
PREFIX_LENGTH = 12
# An exact moment is worth no write for each request.
NOTED_EVERY = timedelta(minutes=1)


def create(
    user: User, name: str, *, expires_at: datetime | None, by: AbstractBaseUser
) -> tuple[AccessKey, str]:
    """Return a new key and its secret, which nobody can ever show again.

    Raises DomainError for somebody who is not at work here, and for a day that is over.
    """
    if not (user.is_active and user.is_staff):
        raise DomainError("access_key.user", N_("Only staff that are at work get a key."))
    if expires_at is not None and expires_at <= timezone.now():
        raise DomainError("access_key.expired", N_("That day is over already."), status=400)
    secret = MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        key = AccessKey.objects.create(
            user=user,
            name=name.strip()[:80],
            prefix=secret[:PREFIX_LENGTH],
            hash=_hash(secret),
            expires_at=expires_at,
        )
        record("access_key.created", key, actor=by, name=key.name, user=user.get_username())
    return key, secret


def owner_of(secret: str) -> User | None:
    """Return in whose name the key works; None for one that is unknown, revoked or expired.

    Looked up by its hash, so that the time it takes tells nothing of how much of it is right.
    """
    keys = AccessKey.objects.in_force(timezone.now()).select_related("user")
    key = keys.filter(hash=_hash(secret)).first()
    if key is None:
        return None
    _note_use(key)
    return key.user


def revoke(key: AccessKey, *, by: AbstractBaseUser) -> None:
    """From now on nothing is done with this key. Raises DomainError when it is revoked already."""
    with transaction.atomic():
        now = timezone.now()
        if not AccessKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            raise DomainError("access_key.revoked", N_("This key is revoked already."))
        key.revoked_at = now
        record("access_key.revoked", key, actor=by, name=key.name, user=key.user.get_username())


def _note_use(key: AccessKey) -> None:
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - NOTED_EVERY:
        AccessKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
