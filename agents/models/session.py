"""The engine of sessions (`SESSION_ENGINE`): as Django keeps them in the database, each with its person,
so that all sessions of somebody can be ended at once."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as KeptInTheDatabase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class Session(AbstractBaseSession):
    """A browser that came to us, with the key of who signed in there; nobody's until then."""

    user_key = models.BigIntegerField(null=True, db_index=True, editable=False)
    """No foreign key: a session outlives nobody, and must not hold up who is removed."""

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        # Nobody gives or takes rights on them.
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


class SessionStore(KeptInTheDatabase):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.user_key = data.get(SESSION_KEY)
        return row
