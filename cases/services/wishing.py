"""How people want to hear: what they chose, else what the house thinks fit."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction

from cases.models import Notice, NotificationPreference, Quiet
from cases.notices import DEFAULTS, Rest, Wish
from hbu.company.models import Company
from hbu.journal.recording import record

Wishes = Mapping[str, Wish]


def of(users: Collection[int]) -> dict[int, Wishes]:
    """Return for each user the wish for every kind."""
    chosen: dict[int, dict[str, Wish]] = defaultdict(dict)
    for row in NotificationPreference.objects.filter(user__in=users):
        chosen[row.user_id][row.kind] = Wish(row.in_page, row.mail)
    return {user: {**DEFAULTS, **chosen[user]} for user in users}


def quiet_of(users: Collection[int]) -> dict[int, Quiet]:
    known = {row.user_id: row for row in Quiet.objects.filter(user__in=users)}
    return {user: known.get(user) or Quiet(user_id=user) for user in users}


def rest(quiet: Quiet) -> Rest:
    return Rest(quiet.begins, quiet.ends, quiet.digest_at, quiet.working_days_only)


def language_of(quiet: Quiet) -> str:
    """Return the language in which a person is written to: the chosen one, else the company's."""
    if quiet.language:
        return quiet.language
    company = Company.objects.first()
    return company.language if company else "en"


def choose(user: AbstractBaseUser, wishes: Wishes, quiet: Quiet) -> None:
    """Keep what a person chose. `quiet` need not be saved yet."""
    with transaction.atomic():
        NotificationPreference.objects.bulk_create(
            (
                NotificationPreference(
                    user_id=user.pk, kind=kind, in_page=wish.in_page, mail=wish.mail
                )
                for kind, wish in wishes.items()
                if kind in Notice.values
            ),
            update_conflicts=True,
            unique_fields=["user", "kind"],
            update_fields=["in_page", "mail"],
        )
        quiet.save()
        record("notices.chosen", User.objects.get(pk=user.pk), actor=user)
