"""The journal hears what staff change by hand, what lists they take along, and who comes and goes."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext

from hbu.journal.recording import record, whoever_asks
from hbu.lib.auditing import Change, Export, listen

LONGEST_NAME = 150


@listen
def note(fact: Change | Export) -> None:
    if isinstance(fact, Export):
        record("list.exported", fact.by, actor=fact.by, model=fact.model._meta.label_lower,
               rows=fact.rows, filters=fact.narrowed)  # fmt: skip
        return
    record(
        f"config.{fact.what}", fact.subject, actor=fact.by,
        model=fact.subject._meta.label_lower, object=str(fact.subject)[:LONGEST_NAME],
        before=fact.before, after=fact.after,
    )  # fmt: skip


@receiver(user_logged_in)
def note_login(user: AbstractBaseUser, **_signal: Any) -> None:
    record("login.succeeded", user, actor=user)


@receiver(user_logged_out)
def note_logout(user: AbstractBaseUser | None, **_signal: Any) -> None:
    if user is not None:
        record("login.ended", user, actor=user)


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], **_signal: Any) -> None:
    """What was typed for a name; the user is looked for in either case, for the time it takes."""
    users = get_user_model()
    typed = str(credentials.get(users.USERNAME_FIELD, "")).replace("\x00", "")[:LONGEST_NAME]
    user = users._default_manager.filter(**{users.USERNAME_FIELD: typed}).first()
    record("login.failed", user or users(pk=0), name=typed)


class Noted:
    """Stands among AUTH_PASSWORD_VALIDATORS: Django tells them of every password that was changed."""

    def validate(self, password: str, user: Any = None) -> None:
        """Any password will do as far as the journal is concerned."""

    def get_help_text(self) -> str:
        return gettext("The journal notes when it is changed, and never what it is.")

    def password_changed(self, password: str, user: Any = None) -> None:
        if user is not None and user.pk:
            with transaction.atomic():
                record("login.password_changed", user, actor=whoever_asks())
