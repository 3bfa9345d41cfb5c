"""Numbers on cases for programs: what they count is what the caller may see."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.models import Department
from cases.models import Case, SLAResult
from hbu.lib.api.asking import Moment, StrictFilters, StrictOrdering, known
from hbu.lib.api.permissions import may
from kpis import performance, trends
from kpis.api.renderers import Sheet
from kpis.api.serializers import (
    DashboardShape,
    LinesShape,
    PerformanceShape,
    ReportShape,
    ResultSerializer,
    TrendsShape,
)
from kpis.casework import MOST_DAYS, Casework, Period, dashboard, last_days
from kpis.results import ResultFilter

REPORT = may("cases.report_case")
PERIOD = [
    OpenApiParameter("from", str, description="A day or moment; else 30 days ago."),
    OpenApiParameter("to", str, description="A day or moment that no longer belongs; else now."),
    OpenApiParameter("department", str, description="Code of one department; else all you see."),
]
FORMAT = OpenApiParameter("format", str, enum=["json", "csv"], description="Or say it by Accept.")
OF_CASES = ["analytics"]


class _PeriodForm(filters.FilterSet):
    department = filters.CharFilter(max_length=30)

    class Meta:
        model = Case
        fields: list[str] = []


# Words of Python cannot name them in the class.
_PeriodForm.base_filters["from"] = Moment(field_name="from")
_PeriodForm.base_filters["to"] = Moment(field_name="to")


def period_of(request: Request) -> Period:
    """Return the time that a request asks for. Raises ValidationError for one that makes no sense."""
    known(request, _PeriodForm.base_filters)
    asked = _PeriodForm(request.query_params, queryset=Case.objects.none())
    if not asked.is_valid():
        raise ValidationError(asked.errors)
    said = asked.form.cleaned_data
    code = said.get("department") or ""
    if code and not Department.objects.filter(code=code).exists():
        raise ValidationError({"department": gettext("There is no such department.")})
    usual = last_days(code)
    until = said.get("to") or usual.until
    since = said.get("from") or min(usual.since, until - timedelta(days=1))
    if not since < until <= since + timedelta(days=MOST_DAYS):
        raise ValidationError({"from": gettext("The time ends after it begins, within a year.")})
    return Period(since, until, code)


class _Analytics(APIView):
    permission_classes = [REPORT]

    def work(self) -> Casework:
        return Casework(self.request.user, period_of(self.request))


class Dashboard(_Analytics):
    """How cases stand now, and how they went in a time."""

    @extend_schema(tags=OF_CASES, parameters=PERIOD, responses=DashboardShape)
    def get(self, request: Request) -> Response:
        work = self.work()
        return Response(DashboardShape({"period": work.period, "numbers": dashboard(work)}).data)


class Trends(_Analytics):
    """Opened, resolved, left over and late, day by day."""

    @extend_schema(tags=OF_CASES, parameters=PERIOD, responses=TrendsShape)
    def get(self, request: Request) -> Response:
        work = self.work()
        return Response(TrendsShape({"period": work.period, "days": trends.trends(work)}).data)


class Performance(_Analytics):
    """How agents and departments do with their cases."""

    @extend_schema(tags=OF_CASES, parameters=PERIOD, responses=PerformanceShape)
    def get(self, request: Request) -> Response:
        work = self.work()
        lines = {
            "agents": performance.performance(work, "assignee"),
            "departments": performance.performance(work, "department"),
        }
        return Response(PerformanceShape({"period": work.period, **lines}).data)


class _Lines(_Analytics):
    by = ""

    def lines(self) -> Response:
        work = self.work()
        lines = performance.performance(work, self.by)
        return Response(LinesShape({"period": work.period, "lines": lines}).data)


class Agents(_Lines):
    by = "assignee"

    @extend_schema(tags=OF_CASES, parameters=PERIOD, responses=LinesShape)
    def get(self, request: Request) -> Response:
        return self.lines()


class Departments(_Lines):
    by = "department"

    @extend_schema(tags=OF_CASES, parameters=PERIOD, responses=LinesShape)
    def get(self, request: Request) -> Response:
        return self.lines()


class Reports(_Analytics):
    """How promises were kept, by department, policy and clock; as JSON, or CSV for a spreadsheet."""

    renderer_classes = [JSONRenderer, Sheet]

    @extend_schema(
        tags=OF_CASES,
        parameters=[*PERIOD, FORMAT],
        responses={
            (200, "application/json"): ReportShape,
            (200, "text/csv"): OpenApiResponse(str, description="The lines, with semicolons."),
        },
    )
    def get(self, request: Request) -> Response:
        work = self.work()
        formula = gettext("percent = clocks kept ÷ clocks that ended in the time × 100")
        lines = [asdict(line) for line in performance.report(work)]
        told = {"period": work.period, "formula": formula, "lines": lines}
        name = f"sla-{work.period.since:%Y-%m-%d}.csv"
        csv = request.accepted_renderer.format == "csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'} if csv else None
        return Response(ReportShape(told).data, headers=headers)


class Results(ListAPIView[SLAResult]):
    """Clocks that ended: the rows behind averages and compliance."""

    permission_classes = [REPORT]
    serializer_class = ResultSerializer
    queryset = SLAResult.objects.none()
    filter_backends = [StrictFilters, StrictOrdering]
    filterset_class = ResultFilter
    ordering_fields = ["ended_at", "minutes"]
    ordering = ["-ended_at"]

    def get_queryset(self) -> QuerySet[SLAResult]:
        return SLAResult.objects.visible_to(self.request.user).select_related("case")

    @extend_schema(tags=OF_CASES)
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)
