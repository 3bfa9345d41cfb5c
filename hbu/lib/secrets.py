"""Fields that are encrypted at rest (Fernet: AES-128-CBC with HMAC-SHA256)."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


class SecretField(models.TextField):  # type: ignore[type-arg]
    """A text that is plain in Python and encrypted in the database.

    With a lost key the value reads as empty: the owner types it again, nothing else breaks.
    """

    def get_prep_value(self, value: Any) -> str:
        text = super().get_prep_value(value)
        return _fernet().encrypt(str(text).encode()).decode("ascii") if text else ""

    def from_db_value(self, value: str | None, *_: object) -> str:
        if not value:
            return ""
        try:
            return _fernet().decrypt(value.encode("ascii")).decode()
        except InvalidToken:
            return ""


def _fernet() -> Fernet:
    return Fernet(settings.FIELD_KEY)
