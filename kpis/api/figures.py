"""The figures for programs: what they come to for the caller, with formula and rows."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.models import Department
from hbu.lib.api.asking import known
from hbu.lib.api.permissions import may
from kpis import values
from kpis.counting import Departments
from kpis.definitions import KPIS
from kpis.figures.asked import AskedForm
from kpis.figures.cards import course
from kpis.periods import LENGTHS, USUAL, Span
from kpis.standing import Status, Trend
from kpis.values import Measure, may_open, may_see, rows_of

SEEN = may("kpis.view_snapshot")
ASKED = [
    OpenApiParameter("days", int, enum=LENGTHS, description=f"Until today; else {USUAL}."),
    OpenApiParameter("department", str, description="Code of one department; else all you see."),
]
TAGS = ["kpis"]


class WeightShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    weight = serializers.IntegerField()
    reached = serializers.FloatField(help_text="Percent of its target, at most 100.")


class StepShape(serializers.Serializer[Any]):
    first = serializers.DateField(source="span.first")
    last = serializers.DateField(source="span.last")
    value = serializers.FloatField(allow_null=True)
    part = serializers.FloatField()
    whole = serializers.FloatField()


class FigureShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField(source="kpi.label")
    formula = serializers.CharField(source="kpi.formula")
    unit = serializers.CharField(
        source="kpi.unit", help_text="percent, hours (of open time), points, money, pieces."
    )
    better = serializers.ChoiceField(source="kpi.better", choices=["up", "down"])
    weight = serializers.IntegerField(source="kpi.weight", help_text="In the overall score.")
    first = serializers.DateField(source="span.first")
    last = serializers.DateField(source="span.last")
    value = serializers.FloatField(allow_null=True, help_text="null: nothing to make it of.")
    part = serializers.FloatField(help_text="What is divided, or the sum itself.")
    whole = serializers.FloatField(help_text="By what it is divided.")
    before = serializers.FloatField(
        allow_null=True, help_text="Its value in the time before, of the same length."
    )
    target = serializers.FloatField(allow_null=True)
    status = serializers.ChoiceField(choices=[one.value for one in Status])
    trend = serializers.ChoiceField(choices=[one.value for one in Trend])
    by_department = serializers.BooleanField(
        source="kpi.by_department", help_text="false: it is one of the whole house."
    )
    part_rows = serializers.CharField(help_text="The list of what was counted; empty for none.")
    whole_rows = serializers.CharField()
    weighed = WeightShape(many=True, help_text="Of what the overall score is made.")


class HistoryShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    steps = StepShape(many=True, help_text="Days; weeks of a time longer than 92 days.")


class _Figures(APIView):
    permission_classes = [SEEN]

    def asked(self) -> tuple[Span, Department | None]:
        """Return what was asked for. Raises ValidationError for what there is not."""
        known(self.request, ("days", "department"))
        form = AskedForm(self.request.user, self.request.query_params)
        if not form.is_valid():
            raise ValidationError(
                {name: [str(one) for one in said] for name, said in form.errors.items()}
            )
        return form.chosen()

    def known(self, code: str) -> str:
        if code not in KPIS:
            raise Http404
        if not may_see(self.request.user, code):
            raise PermissionDenied
        return code

    def told(self, measure: Measure, department: Department | None) -> dict[str, Any]:
        departments: Departments = values.scope_of(self.request.user, department)
        opens = may_open(self.request.user, measure.kpi)
        rows = rows_of(measure.kpi, measure.span, departments) if opens else ("", "")
        fields = (
            "code", "kpi", "span", "value", "part", "whole", "before", "target", "status", "trend",
            "weighed",
        )  # fmt: skip
        said = {name: getattr(measure, name) for name in fields}
        return said | {"part_rows": rows[0], "whole_rows": rows[1]}


class Figures(_Figures):
    """All figures that the caller may see."""

    @extend_schema(tags=TAGS, parameters=ASKED, responses=FigureShape(many=True))
    def get(self, request: Request) -> Response:
        span, department = self.asked()
        found = values.values(request.user, span, department)
        told = [self.told(one, department) for one in found.values()]
        return Response(FigureShape(told, many=True).data)


class Figure(_Figures):
    """One figure, counted from its rows now."""

    @extend_schema(tags=TAGS, parameters=ASKED, responses=FigureShape)
    def get(self, request: Request, code: str) -> Response:
        span, department = self.asked()
        found = values.measure(request.user, self.known(code), span, department)
        return Response(FigureShape(self.told(found, department)).data)


class History(_Figures):
    """What a figure came to, day by day."""

    @extend_schema(tags=TAGS, parameters=ASKED, responses=HistoryShape)
    def get(self, request: Request, code: str) -> Response:
        span, department = self.asked()
        found = values.measure(request.user, self.known(code), span, department)
        return Response(HistoryShape({"code": code, "steps": course(found)}).data)
