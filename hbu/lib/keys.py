"""Secrets that the first start makes for itself."""

import secrets
from pathlib import Path

from cryptography.fernet import Fernet


def kept(folder: Path, name: str, make: str = "token") -> str:
    """Return the secret `name` kept in `folder` (mode 0600); make it on the first call.

    `make` is "token" (random text), "fernet" (an encryption key) or "password" (to be typed).
    """
    path = folder / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    makers = {
        "token": lambda: secrets.token_urlsafe(48),
        "fernet": lambda: Fernet.generate_key().decode("ascii"),
        "password": lambda: secrets.token_urlsafe(12),
    }
    value = makers[make]()
    path.touch(mode=0o600)
    path.write_text(value + "\n", encoding="ascii")
    return value
