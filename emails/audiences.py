"""Who hears of mails and letters at open pages: whoever sees them (`visible_to`), by their numbers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from emails.models import Email, OutgoingEmail
from hbu.journal.audiences import Audience, audience

# The department before the mail was routed comes last: it counts where there is no other.
MAIL = ("department", "mailbox__department")
CASE = ("department", "assignee__user", "followers")


@audience("emails.email")
def of_mails(ids: Collection[int]) -> Mapping[int, Audience]:
    return _gathered(_rows(Email.objects.filter(pk__in=ids), ""))


@audience("emails.outgoingemail")
def of_letters(ids: Collection[int]) -> Mapping[int, Audience]:
    letters = OutgoingEmail.objects.filter(pk__in=ids)
    unprompted = letters.filter(answers=None)
    alone = unprompted.filter(thread=None).values_list("pk", "mailbox__department")
    return _gathered(
        [
            *_rows(letters.exclude(answers=None), "answers__"),
            *_rows(unprompted.exclude(thread__emails=None), "thread__emails__"),
            *_of_cases(unprompted.exclude(thread=None), "thread__cases__"),
            *((pk, department, None, None) for pk, department in alone),
            *((pk, None, by, None) for pk, by in letters.values_list("pk", "created_by")),
        ]
    )


Row = tuple[int, int | None, int | None, int | None]
"""The subject's number, a department, two people."""


def _rows(rows: "Iterable[object]", path: str) -> Iterable[Row]:
    names = [f"{path}{name}" for name in MAIL] + [f"{path}link__case__{name}" for name in CASE]
    for pk, own, mailbox, of_case, assignee, follower in rows.order_by().values_list("pk", *names):  # type: ignore[attr-defined] # a query set
        yield pk, own if own is not None else mailbox, assignee, follower
        yield pk, of_case, None, None


def _of_cases(rows: "Iterable[object]", path: str) -> Iterable[Row]:
    names = [f"{path}{name}" for name in CASE]
    yield from rows.order_by().values_list("pk", *names)  # type: ignore[attr-defined] # a query set


def _gathered(rows: Iterable[Row]) -> Mapping[int, Audience]:
    departments: dict[int, set[int]] = defaultdict(set)
    users: dict[int, set[int]] = defaultdict(set)
    for pk, department, *people in rows:
        departments[pk].update({department} - {None})  # type: ignore[arg-type]
        users[pk].update(one for one in people if one is not None)
    return {
        pk: Audience(frozenset(found), frozenset(users[pk])) for pk, found in departments.items()
    }
