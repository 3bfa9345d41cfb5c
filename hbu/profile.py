"""What HBU_PROFILE=production refuses to start on: whatever a demo may have and a company may not.

It looks at the variables alone, before any setting is made of them.
"""

from collections.abc import Iterator, Mapping

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

PROFILES = ("embedded", "production")
SECRETS = ("SECRET_KEY", "HBU_MESSAGE_ID_KEY")
SHORTEST_SECRET = 32


def chosen(environment: Mapping[str, str]) -> str:
    """Return the profile. Raises ImproperlyConfigured with all that is wrong with it at once."""
    profile = environment.get("HBU_PROFILE", "embedded")
    if profile not in PROFILES:
        raise ImproperlyConfigured(f"HBU_PROFILE is {' or '.join(PROFILES)}, not {profile!r}.")
    if profile == "production" and (found := list(problems(environment))):
        raise ImproperlyConfigured("HBU_PROFILE=production does not start: " + " ".join(found))
    return profile


def problems(environment: Mapping[str, str]) -> Iterator[str]:
    """Name each variable that is not fit for production, and what it should be."""
    yield from _secrets(environment)
    yield from _doors(environment)
    yield from _servers(environment)


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    for name in SECRETS:
        value = environment.get(name, "")
        if len(value) < SHORTEST_SECRET or value.startswith("django-insecure-"):
            yield f"{name} must be a random text of {SHORTEST_SECRET} characters or more."
    try:
        Fernet(environment.get("HBU_FIELD_KEY", ""))
    except ValueError:
        yield "HBU_FIELD_KEY must be a Fernet key: 32 random bytes in URL-safe base64."


def _doors(environment: Mapping[str, str]) -> Iterator[str]:
    if _on(environment, "DEBUG"):
        yield "DEBUG must be off, it shows the inside of the house to strangers."
    hosts = [host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",")]
    if not any(hosts) or "*" in hosts:
        yield "ALLOWED_HOSTS must name the hosts, and '*' is none."
    if not environment.get("HBU_SITE_URL", "").startswith("https://"):
        yield "HBU_SITE_URL must be where customers reach us: https://… Links in letters begin so."


def _servers(environment: Mapping[str, str]) -> Iterator[str]:
    database = environment.get("DATABASE_URL", "")
    if not database or database.startswith("sqlite"):
        yield "DATABASE_URL must name a database server: postgres://…"
    if not environment.get("REDIS_URL"):
        yield "REDIS_URL must name a server: redis://…"
    for name in ("HBU_MAIL_HUB", "HBU_SIMULATE"):
        if _on(environment, name):
            yield f"{name} must be off, it belongs to the demo."


def _on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").strip().lower() in environ.Env.BOOLEAN_TRUE_STRINGS
