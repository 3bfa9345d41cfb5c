"""The login that the first start makes, so that somebody can come in."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from hbu.lib.keys import kept

STAFF = "admin"


def ensure_staff() -> str:
    """Make the first login; return its password, or "" where somebody has changed it since."""
    password = kept(settings.SECRETS_DIR, "staff-password", "password")
    users = get_user_model()._default_manager
    try:
        user = users.filter(username=STAFF).first()
        if user is None:
            user = users.create_superuser(STAFF, password=password)
        return password if user.check_password(password) else ""
    finally:
        # Called in a thread of its own, whose connection nobody else would close.
        connection.close()
