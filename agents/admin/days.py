"""On how many days of a time agents worked, as a filter of their list that adds two columns."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from agents.models import Agent
from agents.working import WorkingDays, at_work, with_days_worked

LONGEST = 3 * 366


class DaysFilter(DropdownFilter):
    """The agents of whom work could be expected from one day to another: "2026-11-01_2026-11-30"."""

    title = _("days at work")
    parameter_name = "days"

    @classmethod
    def days_of(cls, request: HttpRequest) -> tuple[date, date] | None:
        """Return the first and the last day that the address names."""
        first, _between, last = request.GET.get(cls.parameter_name, "").partition("_")
        try:
            found = date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            return None
        return found if 0 <= (found[1] - found[0]).days < LONGEST else None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        found = self.days_of(request)
        if found is None:
            # A list without choices would not be asked at all.
            return [("", _("All"))]
        shown = " – ".join(date_format(day, "SHORT_DATE_FORMAT") for day in found)
        return [(request.GET[self.parameter_name], shown)]

    def queryset(self, request: HttpRequest, rows: "QuerySet[Agent]") -> "QuerySet[Agent]":
        found = self.days_of(request)
        if found is None:
            return rows
        days = WorkingDays.between(*found)
        return with_days_worked(rows.filter(pk__in=at_work().values("pk")), days)
