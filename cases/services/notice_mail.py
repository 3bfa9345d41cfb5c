"""Notifications by mail: at once or in one digest a day, in the person's language, never twice.

What was read in the page meanwhile is not mailed. Rows are held while their letter is written, so
that two workers never write two.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cases.models import Case, Notification, Quiet
from cases.notices import AT_ONCE, DIGEST, mail_moment
from cases.services import bell, wishing
from cases.services.telling_staff import Words, words
from emails.data import Letter
from emails.models import Mailbox, OutgoingEmail
from emails.services import writing
from hbu.company.calendar import calendar
from hbu.company.models import Company
from hbu.lib.chunks import together_or_alone

NOTICE, DIGESTS = "staff_notice", "staff_digest"
# One busy case does not fill an inbox: the next mail of its kind waits so long.
HUSH = timedelta(hours=1)
# What piled up, as over night, comes as one mail.
SINGLY = 3
PEOPLE_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notifications that are one line of a mail."""

    rows: list[Notification]
    words: Words

    @property
    def newest(self) -> Notification:
        return self.rows[-1]


def due(now: datetime) -> list[int]:
    """Return people for whom a mail is due."""
    rows = Notification.objects.filter(mail_at__lte=now, mailed_at=None)
    return list(rows.order_by().values_list("user", flat=True).distinct()[:PEOPLE_AT_ONCE])


def send(users: Iterable[int]) -> None:
    """Write what is due for these people into the outbox; repeatable."""
    together_or_alone(list(User.objects.filter(pk__in=list(users))), _mail_all)


def _mail_all(users: Sequence[User]) -> None:
    for user in users:
        with transaction.atomic():
            _mail(user, timezone.now())


def _mail(user: User, now: datetime) -> None:
    waiting = Notification.objects.select_for_update(of=("self",)).filter(
        user=user, mail_at__lte=now, mailed_at=None
    )
    held = list(waiting.order_by("pk").values_list("pk", flat=True))
    if not held:
        return
    # What is neither mailed nor put off below is not mailed at all.
    Notification.objects.filter(pk__in=held).update(mail_at=None)
    if not (user.is_active and user.email):
        return
    quiet = wishing.quiet_of([user.pk])[user.pk]
    with override(wishing.language_of(quiet)):
        bundles = list(_bundles(user, held))
        for bundle in _put_off(user, bundles, quiet, now):
            bundles.remove(bundle)
        _write(user, bundles, wishing.language_of(quiet), now)


def _bundles(user: User, held: Sequence[int]) -> Iterator[Bundle]:
    """Fold what nobody has read and what the person still sees, oldest first."""
    rows = bell.visible(Notification.objects.filter(pk__in=held, read_at=None), user)
    lines: dict[tuple[Any, ...], list[Notification]] = {}
    for row in rows.select_related("case__department").order_by("pk"):
        lines.setdefault(bell.line_of(row), []).append(row)
    cases = {line[0].case_id for line in lines.values() if line[0].case_id is not None}
    sees = set(Case.objects.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True))
    for line in lines.values():
        yield Bundle(line, words(line[-1], sees_case=line[-1].case_id in sees))


def _put_off(user: User, bundles: Sequence[Bundle], quiet: Quiet, now: datetime) -> list[Bundle]:
    """Let those wait of whose case and kind a mail has left just now."""
    lately = Notification.objects.filter(
        user=user, mailed_at__gt=now - HUSH, case__in={one.newest.case_id for one in bundles}
    )
    last = {
        (kind, case): at
        for kind, case, at in lately.order_by()
        .values_list("kind", "case")
        .annotate(at=Max("mailed_at"))
    }
    waiting = [one for one in bundles if (one.newest.kind, one.newest.case_id) in last]
    for bundle in waiting:
        at = last[bundle.newest.kind, bundle.newest.case_id] + HUSH
        moment = mail_moment(at, AT_ONCE, wishing.rest(quiet), calendar())
        _rows(bundle).update(mail_at=moment)
    return waiting


def _write(user: User, bundles: Sequence[Bundle], language: str, now: datetime) -> None:
    wishes = wishing.of([user.pk])[user.pk]
    at_once = [one for one in bundles if wishes[one.newest.kind].mail == AT_ONCE]
    digest = [one for one in bundles if wishes[one.newest.kind].mail == DIGEST]
    if len(at_once) > SINGLY:
        at_once, digest = [], [*at_once, *digest]
    frame = _frame(user, language)
    letters = {one.cause: (one, [bundle]) for bundle in at_once if (one := _single(frame, bundle))}
    if digest:
        one = _digest(frame, digest, now)
        letters[one.cause] = (one, digest)
    written = {
        row.cause for row in writing.queue([letter for letter, _bundles in letters.values()])
    }
    for cause in written:
        for bundle in letters[cause][1]:
            _rows(bundle).update(mail_at=now, mailed_at=now)


def _rows(bundle: Bundle) -> Any:
    return Notification.objects.filter(pk__in=[row.pk for row in bundle.rows])


@dataclass(frozen=True, slots=True)
class Frame:
    """What all letters to a person have in common."""

    user: User
    language: str
    company: Company
    desk: Mailbox | None

    def letter(self, template: str, bundles: Sequence[Bundle], **variables: Any) -> Letter:
        company, desk = self.company, self.desk
        newest = max(bundle.newest.pk for bundle in bundles)
        name = self.user.get_short_name() or self.user.get_username()
        return Letter(
            cause=f"notice:{self.user.pk}:{newest}",
            template=template,
            language=self.language,
            variables={
                "salutation": _("Good day %(name)s") % {"name": name},
                "company": company.name,
                "signature": company.imprint(self.language),
                **variables,
            },
            to_address=self.user.email,
            to_name=self.user.get_full_name(),
            from_name=company.name,
            from_address=desk.address if desk else company.email,
            # Of no mailbox: whoever reads that one's letters need not see what colleagues are told.
            weight=OutgoingEmail.Weight.NOTICE,
        )


def _frame(user: User, language: str) -> Frame:
    company = Company.objects.get()
    boxes = Mailbox.objects.watched()
    desk = min(boxes, key=lambda box: (box.address != company.email, box.pk), default=None)
    return Frame(user, language, company, desk)


def _single(frame: Frame, bundle: Bundle) -> Letter:
    return frame.letter(
        NOTICE,
        [bundle],
        notice=_title(bundle),
        details=bundle.words.body,
        link=_address(bundle.words.url),
    )


def _digest(frame: Frame, bundles: Sequence[Bundle], now: datetime) -> Letter:
    """One mail for all, those of a case together, the case of the newest word first."""
    of_case: dict[int | None, list[Bundle]] = {}
    for bundle in sorted(bundles, key=lambda one: -one.newest.pk):
        of_case.setdefault(bundle.newest.case_id, []).append(bundle)
    number = sum(len(bundle.rows) for bundle in bundles)
    return frame.letter(
        DIGESTS,
        bundles,
        notice=ngettext("%(number)d notification", "%(number)d notifications", number)
        % {"number": number},
        deadline=date_format(timezone.localtime(now), "DATE_FORMAT"),
        notices=[row for group in of_case.values() for row in _digest_rows(group)],
        link=_address(reverse("notifications:list")),
    )


def _digest_rows(group: Sequence[Bundle]) -> Iterator[dict[str, str]]:
    case = group[0].newest.case
    for place, bundle in enumerate(group):
        at = timezone.localtime(bundle.newest.at)
        yield {
            "heading": (str(case) if case else _("Besides")) if place == 0 else "",
            "when": date_format(at, "SHORT_DATETIME_FORMAT"),
            "title": _title(bundle),
            "details": bundle.words.body,
            "link": _address(bundle.words.url),
        }


def _title(bundle: Bundle) -> str:
    times = f" ({len(bundle.rows)}×)" if len(bundle.rows) > 1 else ""
    return f"{bundle.words.title}{times}"


def _address(path: str) -> str:
    return f"{settings.HBU_SITE_URL}{path}"
