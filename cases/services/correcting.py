"""What follows when staff say that a mail is something else: its case goes with it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agents.models import Department
from cases.models import Case, Task
from cases.services import clocks
from cases.services.opening import opens_a_case
from emails.models import Correction, Email
from hbu.journal.recording import record
from hbu.lib.reasons import N_

CORRECTED = N_("Staff corrected what the mail is about")
# How long a doorbell may be on its way before the sweep rings again.
PATIENCE = timedelta(seconds=30)


def follow(emails: Collection[int]) -> None:
    """Move the cases of corrected mails, or take in those that had none; each correction once."""
    with transaction.atomic():
        locked = Correction.objects.select_for_update().filter(followed_at=None)
        rows = list(locked.filter(email__in=emails).order_by("pk"))
        moved = {row.email_id for row in rows if row.is_of_department}
        corrected = Email.objects.filter(pk__in={row.email_id for row in rows}).order_by("pk")
        for email in corrected.select_related("department"):
            _follow(email, moved=email.pk in moved)
        # One that came meanwhile waits for its own bell.
        Correction.objects.filter(pk__in=[row.pk for row in rows]).update(
            followed_at=timezone.now()
        )


def unfollowed(now: datetime) -> list[int]:
    """Return corrected mails whose case was not looked at: the sweep's list."""
    rows = Correction.objects.filter(followed_at=None, at__lt=now - PATIENCE)
    return list(rows.values_list("email_id", flat=True).distinct())


def _follow(email: Email, *, moved: bool) -> None:
    case = Case.objects.filter(links__email=email).select_for_update(of=("self",)).first()
    if case is None:
        _take_in_again(email)
    elif _opened(case, email):
        case.kind = email.kind
        case.save(update_fields=["kind"])
        if moved and email.department and email.department_id != case.department_id:
            _move(case, email.department)
        clocks.refresh([case.pk])


def _opened(case: Case, email: Email) -> bool:
    """A case is about the mail that opened it; to correct a later one moves nothing."""
    opener = case.links.order_by("pk").values_list("email_id", flat=True).first()
    return opener == email.pk and case.status not in {Case.Status.RESOLVED, Case.Status.CLOSED}


def _move(case: Case, department: Department) -> None:
    desk = Task.objects.open().filter(case=case, department_id=case.department_id)
    desk.update(department=department)
    case.department = department
    case.save(update_fields=["department"])
    record("case.handed_over", case, to=department.code, why=CORRECTED)


def _take_in_again(email: Email) -> None:
    """Spam and mere copies have no case; the stage that opens one gets them again."""
    if opens_a_case(email, wanted=True):
        Email.objects.filter(pk=email.pk, state=Email.State.HANDLED).update(
            state=Email.State.TRIAGED, attempts=0, claim=None, claimed_until=None
        )
