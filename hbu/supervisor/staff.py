"""The login that the first start makes, so that somebody can come in."""

from collections import Counter

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    check_password,
    make_password,
)
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.db.models import QuerySet

from hbu.lib.keys import kept
from hbu.roles import CODES

STAFF = "admin"


def ensure_staff() -> str:
    """Make the first login; return its password, or "" where somebody has changed it since.

    The company's people who have no password yet get the same one, so that one can look at the house
    with the eyes of each role. Only for the embedded set-up; in production a person invites them.
    """
    password = kept(settings.SECRETS_DIR, "staff-password", "password")
    users = get_user_model()._default_manager
    try:
        user = users.filter(username=STAFF).first()
        if user is None:
            user = users.create_superuser(STAFF, password=password)
        _let_in(password)
        return password if user.check_password(password) else ""
    finally:
        # Called in a thread of its own, whose connection nobody else would close.
        connection.close()


def _let_in(password: str) -> None:
    # Django marks a password that nobody can type by how it begins.
    unable = _people().filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    hashed = make_password(password) if unable.exists() else ""
    for user in unable:
        user.password = hashed
        user.save(update_fields=["password"])


def colleagues() -> str:
    """Return in one line who else may come in with the first login's password; "" for nobody."""
    try:
        rows = list(_people().values_list("username", "groups__name", "password"))
        # They got one hash together; checking each would take a second for three of them.
        common = Counter(hashed for _name, _role, hashed in rows).most_common(1)
        password = kept(settings.SECRETS_DIR, "staff-password", "password")
        if not common or not check_password(password, common[0][0]):
            return ""
        named = (f"{name} ({role})" for name, role, hashed in rows if hashed == common[0][0])
        return f"With the password {password} of the first start also: {', '.join(named)}."
    finally:
        connection.close()


def _people() -> "QuerySet[AbstractUser]":
    found = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
    return found.filter(groups__name__in=CODES).order_by("username").distinct()
