"""What figures count of mails, as filters of their list."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from emails.data import Kind
from emails.models import Email, OutgoingEmail
from hbu.lib.admin.filters import NamedFilter

Mails = QuerySet[Email]
NOT_SENT = [one for one in OutgoingEmail.State if one != OutgoingEmail.State.SENT]


def from_people(mails: Mails) -> Mails:
    """What people wrote to us and was read: neither machines nor spam."""
    return mails.filter(state__in=Email.DECIDED, automatic="").exclude(kind=Kind.SPAM)


def answered_alone(mails: Mails) -> Mails:
    """Answered without a person, and nobody was asked to do anything in their cases."""
    letters = OutgoingEmail.objects.filter(answers=OuterRef("pk"))
    by_a_person = Q(created_by__isnull=False) | Q(approved_by__isnull=False)
    # Said as what it is not: for each mail SQLite would go by the index of states through all that left.
    left = letters.exclude(state__in=NOT_SENT).filter(created_by=None, approved_by=None)
    # The names lead to rows of a higher floor, which mails do not know.
    alone = from_people(mails).filter(Exists(left), link__case__tasks=None)
    return alone.exclude(Exists(letters.filter(by_a_person)))


def went_smoothly(mails: Mails) -> Mails:
    """Done, and nobody had to put right what we made of them."""
    return mails.filter(state=Email.State.HANDLED, corrections=None)


class WorkFilter(NamedFilter):
    title = _("how they were handled")
    parameter_name = "work"
    questions = {
        "people": (_("written by people"), from_people),
        "alone": (_("answered by itself"), answered_alone),
        "smooth": (_("handled without a correction"), went_smoothly),
    }
