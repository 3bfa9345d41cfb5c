"""What figures count of cases, as filters of their list."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from cases.models import Case, CaseEmail, StatusChange
from hbu.lib.admin.filters import NamedFilter

Cases = QuerySet[Case]
STARS = "rating__stars__gte"


def _letters() -> QuerySet[CaseEmail]:
    """What people wrote in the case."""
    return CaseEmail.objects.filter(case=OuterRef("pk"), email__automatic="")


def with_a_letter(cases: Cases) -> Cases:
    return cases.filter(Exists(_letters()))


def at_first_contact(cases: Cases) -> Cases:
    """Somebody wrote once, and what was resolved then never came back."""
    resolved = StatusChange.objects.filter(case=OuterRef("pk"), status=Case.Status.RESOLVED)
    once = cases.alias(
        letters=Subquery(_counted(_letters())), times=Subquery(_counted(resolved))
    ).filter(letters=1)
    return once.filter(Q(times=None) | Q(times=1))


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.order_by().values("case").annotate(many=Count("pk"))
    return found.values("many")


class ContactFilter(NamedFilter):
    title = _("contact")
    parameter_name = "contact"
    questions = {
        "any": (_("somebody wrote to us"), with_a_letter),
        "first": (_("resolved at the first contact"), at_first_contact),
    }


class OpenAtFilter(DropdownFilter):
    """Cases that were open at a moment, which the address names."""

    title = _("open at")
    parameter_name = "open_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        asked = request.GET.get(self.parameter_name, "")
        moment = _moment(asked)
        shown = date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""
        return [("now", _("now")), *([(asked, gettext("on %s") % shown)] if shown else [])]

    def queryset(self, request: HttpRequest, rows: Cases) -> Cases:
        moment = timezone.now() if self.value() == "now" else _moment(self.value() or "")
        return open_at(rows, moment) if moment else rows


def open_at(cases: Cases, moment: datetime) -> Cases:
    """Opened before the moment, and not resolved then or since taken up again."""
    still = Q(resolved_at=None) | Q(resolved_at__gte=moment)
    return cases.filter(still, opened_at__lt=moment)


def _moment(said: str) -> datetime | None:
    try:
        found = parse_datetime(said)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
