"""Recommendations for programs: what the rows suggest, and settling it."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hbu.lib.api.asking import Several, StrictFilters, StrictOrdering
from hbu.lib.api.permissions import may
from hbu.lib.api.shapes import Strict
from kpis.advice.telling import Advice, advice
from kpis.models import Recommendation
from kpis.services import recommending

SEE, SETTLE = may("kpis.view_recommendation"), may("kpis.change_recommendation")
TAGS = ["kpis"]
Settle = Callable[..., None]


class ProofShape(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment] # a field of the answer
    count = serializers.CharField()
    rows = serializers.CharField(source="url", help_text="The list of the rows; empty: not yours.")


class AdviceShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="row.pk")
    rule = serializers.CharField(source="row.rule")
    about = serializers.CharField(source="row.about")
    department = serializers.CharField(
        source="row.department.code", default="", help_text="Empty: the whole house."
    )
    state = serializers.ChoiceField(source="row.state", choices=Recommendation.State.choices)
    priority = serializers.IntegerField(source="row.priority", help_text="1 is the highest.")
    effort = serializers.CharField(source="row.effort", help_text="minutes, hours or days.")
    title = serializers.CharField()
    why = serializers.CharField()
    impact = serializers.FloatField(source="row.impact")
    impact_told = serializers.CharField(source="impact")
    impact_computed = serializers.CharField(source="computed")
    evidence = ProofShape(source="proofs", many=True)
    act = serializers.CharField(source="url", help_text="Where one can do something about it.")
    found_at = serializers.DateTimeField(source="row.found_at")
    seen_at = serializers.DateTimeField(source="row.seen_at")
    settled_at = serializers.DateTimeField(source="row.settled_at", allow_null=True)
    reason = serializers.CharField(source="row.reason")


class RecommendationFilter(filters.FilterSet):
    state = Several(words=Recommendation.State.values)
    rule = Several(field_name="rule")
    department = Several(field_name="department__code")

    class Meta:
        model = Recommendation
        fields: list[str] = []


class Recommendations(ListAPIView[Recommendation]):
    """What the rows suggest should be done, the most urgent first; open ones with `state=open`."""

    permission_classes = [SEE]
    serializer_class = AdviceShape
    queryset = Recommendation.objects.none()
    filter_backends = [StrictFilters, StrictOrdering]
    filterset_class = RecommendationFilter
    ordering_fields = ["priority", "impact", "found_at"]
    ordering = ["priority", "-impact"]

    def get_queryset(self) -> "QuerySet[Recommendation]":
        return recommending.seen_by(self.request.user)

    def paginate_queryset(self, queryset: Any) -> list[Advice]:  # type: ignore[override] # told, not bare
        return advice(super().paginate_queryset(queryset) or [], self.request.user)

    @extend_schema(tags=TAGS)
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)


class ReasonForm(Strict[Any]):
    reason = serializers.CharField(
        max_length=recommending.LONGEST_REASON, required=False, allow_blank=True, default=""
    )


class _Settle(APIView):
    permission_classes = [SETTLE]

    def settled(self, request: Request, pk: int, verb: Settle) -> Response:
        form = ReasonForm(data=request.data)
        form.is_valid(raise_exception=True)
        row = get_object_or_404(recommending.seen_by(request.user), pk=pk)
        verb(row, by=request.user, reason=form.validated_data["reason"])
        return Response(AdviceShape(advice([row], request.user)[0]).data)


class Done(_Settle):
    """Say that it was done."""

    @extend_schema(tags=TAGS, request=ReasonForm, responses=AdviceShape)
    def post(self, request: Request, pk: int) -> Response:
        return self.settled(request, pk, recommending.done)


class Dismiss(_Settle):
    """Decide against it, with a reason."""

    @extend_schema(tags=TAGS, request=ReasonForm, responses=AdviceShape)
    def post(self, request: Request, pk: int) -> Response:
        return self.settled(request, pk, recommending.dismiss)
