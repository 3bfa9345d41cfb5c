"""Reports: how we keep our promises of speed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import tablib
from django import forms
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agents.models import Department
from agents.scope import departments_of
from cases.models import Case, SLAMark, SLAPolicy, SLAResult
from cases.services import sla_reports
from cases.services.sla_reports import Compliance, Period, Share
from hbu.lib.admin.exporting import LONGEST_FILTER, SafeCSV
from hbu.lib.admin.exporting import PERMISSION as EXPORT
from hbu.lib.admin.shell import in_the_shell
from hbu.lib.api.asking import YEARS
from hbu.lib.auditing import Export, tell
from kpis import links

DAYS = 30
MOST_DAYS = 730


class PeriodForm(forms.Form):
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=gettext_lazy("Department"),
        required=False,
        empty_label=gettext_lazy("all"),
    )

    def __init__(self, user: Any, data: Mapping[str, Any]) -> None:
        today = timezone.localdate()
        asked = {name: data[name] for name in ("first", "last", "department") if data.get(name)}
        usual = {"first": today - timedelta(days=DAYS - 1), "last": today}
        super().__init__({**usual, **asked})
        mine = departments_of(user)
        rows = Department.objects.all() if mine is None else Department.objects.filter(pk__in=mine)
        self.fields["department"].queryset = rows  # type: ignore[attr-defined] # a choice of rows

    def chosen(self) -> tuple[Period, int | None]:
        """Return what was asked for; the usual period where that made no sense."""
        if not self.is_valid():
            today = timezone.localdate()
            return Period(today - timedelta(days=DAYS - 1), today), None
        said = self.cleaned_data
        desk = said["department"]
        return Period(said["first"], said["last"]), desk.pk if desk else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if not (first and last):
            return said
        if first.year not in YEARS or not 0 <= (last - first).days < MOST_DAYS:
            raise forms.ValidationError(_("A period ends after it began, within two years."))
        return said


@dataclass(frozen=True, slots=True)
class Line:
    """A share as it is shown: each number with the address of its rows."""

    name: str
    share: Share
    all_rows: str
    kept_rows: str
    late_rows: str


@never_cache
@require_safe
@staff_member_required
@permission_required("cases.report_case", raise_exception=True)
def sla(request: HttpRequest) -> HttpResponse:
    """Show how the clocks went that ended in a period; as a table to take along with ?as=csv."""
    form = PeriodForm(request.user, request.GET)
    period, department = form.chosen()
    report = sla_reports.compliance(request.user, period, department=department)
    if request.GET.get("as") == "csv":
        return _table(request, report)
    return in_the_shell(request, "kpis/reports/sla.html", _context(request, form, report))


def _context(request: HttpRequest, form: PeriodForm, report: Compliance) -> dict[str, Any]:
    query = request.GET.copy()
    query["as"] = "csv"
    may_take = request.user.has_perm(EXPORT)
    names = _Names()
    return {
        "title": _("How we keep our promises"),
        "form": form,
        "report": report,
        "overall": _line("", report.overall),
        "groups": [
            (_("By clock"), [_line(names.clock(one), one) for one in report.clocks]),
            (_("By department"), [_line(names.department(one), one) for one in report.departments]),
            (_("By SLA"), [_line(names.policy(one), one) for one in report.policies]),
        ],
        "trend": [_line(date_format(one.name, "SHORT_DATE_FORMAT"), one) for one in report.trend],
        "paces": [(str(SLAMark.Clock(one.clock).label), one) for one in report.paces],
        "at_risk": (report.at_risk.count, links.rows(Case, **report.at_risk.lookups)),
        "breached": (report.breached.count, links.rows(Case, **report.breached.lookups)),
        "csv": query.urlencode() if may_take else "",
    }


def _line(name: str, share: Share) -> Line:
    def rows(**more: Any) -> str:
        return links.rows(SLAResult, **share.lookups, **more)

    return Line(name, share, rows(), rows(kept__exact=1), rows(kept__exact=0))


class _Names:
    """What the keys of a report are called."""

    def __init__(self) -> None:
        self.departments = {one.pk: str(one) for one in Department.objects.all()}
        self.policies = {one.pk: str(one) for one in SLAPolicy.objects.all()}

    def clock(self, share: Share) -> str:
        return str(SLAMark.Clock(share.name).label)

    def department(self, share: Share) -> str:
        return self.departments.get(share.name, "–")

    def policy(self, share: Share) -> str:
        return self.policies.get(share.name, _("none"))


def _table(request: HttpRequest, report: Compliance) -> HttpResponse:
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    headers = [
        _("what"),
        _("name"),
        pgettext("clocks", "ended"),
        pgettext("clocks", "in time"),
        pgettext("clocks", "late"),
        _("in time (%)"),
    ]
    table = tablib.Dataset(*_rows(report), headers=headers)
    with transaction.atomic():
        tell(Export(SLAResult, request.user, len(table), request.GET.urlencode()[:LONGEST_FILTER]))
    name = f"sla-{report.period.first}-{report.period.last}.csv"
    return HttpResponse(
        SafeCSV().export_data(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(report: Compliance) -> Iterator[Sequence[Any]]:
    names = _Names()
    groups = (
        (_("all"), [report.overall], lambda _one: ""),
        (_("clock"), report.clocks, names.clock),
        (_("department"), report.departments, names.department),
        (_("SLA"), report.policies, names.policy),
        (_("from"), report.trend, lambda one: one.name.isoformat()),
    )
    for what, shares, name in groups:
        for one in shares:
            yield what, name(one), one.ended, one.kept, one.late, round(one.percent, 1)
