"""Who a person is, for open sockets: when that changes, they ask again whether they may stay.

Users, groups and memberships are rows of Django's own, changed by its own forms, which write no
event; so these few follow its signals.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import m2m_changed, post_delete, post_save  # noqa: TID251 - see above
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from agents.models import Department
from agents.scope import departments_of
from agents.services import sessions
from hbu.journal import live
from hbu.journal.audiences import scope

scope(departments_of)
User = get_user_model()
DONE = ("post_add", "post_remove", "post_clear", "pre_clear")


@receiver(user_logged_in)
def logged_in(user: AbstractUser, request: HttpRequest, **_signal: Any) -> None:
    if user.is_staff:
        sessions.begin(request.session, timezone.now())


@receiver(user_logged_out)
def logged_out(user: AbstractUser | None, **_signal: Any) -> None:
    if user is not None:
        live.doubt([user.pk])


@receiver(post_save, sender=User)
def user_saved(instance: Any, update_fields: Any, created: bool, **_signal: Any) -> None:  # noqa: FBT001 - Django calls it so
    if created:
        # Whoever was made this moment has no page open, whatever is set in the same breath.
        instance._is_new = True
    # A login notes its time and changes nothing.
    elif not _is_new(instance) and set(update_fields or ("all",)) != {"last_login"}:
        live.doubt([instance.pk])


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Department.members.through)
def rights_changed(instance: Any, action: str, pk_set: set[int] | None, **_signal: Any) -> None:
    if action not in DONE:
        return
    if isinstance(instance, User):
        if not _is_new(instance):
            live.doubt([instance.pk])
    else:
        live.doubt(pk_set if pk_set is not None else _members(instance))


@receiver(post_save, sender=Department.members.through)
@receiver(post_delete, sender=Department.members.through)
def membership_changed(instance: Any, **_signal: Any) -> None:
    """On the page of a user each membership is a line of its own."""
    live.doubt([instance.user_id])


def _is_new(user: Any) -> bool:
    return getattr(user, "_is_new", False)


def _members(instance: Any) -> set[int]:
    people = instance.members if isinstance(instance, Department) else instance.user_set
    return set(people.values_list("pk", flat=True))


@receiver(m2m_changed, sender=Group.permissions.through)
def group_changed(instance: Any, action: str, **_signal: Any) -> None:
    if action in DONE and isinstance(instance, Group):
        live.doubt(_members(instance))
