"""Agents for programs: how they are at work, what they decided; and starting, pausing, draining them."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.models import Agent, AgentRun
from agents.services import running
from cases.api.showing import staff
from hbu.lib.api.asking import Moment, StrictFilters, StrictOrdering, known
from hbu.lib.api.permissions import may
from kpis import workforce

SEE, RUN = may("agents.view_agent"), may("agents.run_agent")
TAGS = ["agents"]


class WorkShape(serializers.Serializer[Any]):
    """Of what you may see."""

    waiting = serializers.IntegerField(source="queue")
    oldest_at = serializers.DateTimeField(source="oldest", allow_null=True)
    busy = serializers.IntegerField(help_text="Instances at work just now.")
    runs_today = serializers.IntegerField(source="runs.today")
    runs = serializers.IntegerField(source="runs.month", help_text="In 30 days, as all below.")
    failed = serializers.IntegerField(source="runs.failed")
    corrected = serializers.IntegerField(
        source="runs.corrected", help_text="Changed by a person afterwards."
    )
    success_percent = serializers.FloatField(
        source="runs.success",
        allow_null=True,
        help_text="Without an error, and no person changed what was proposed.",
    )
    mean_seconds = serializers.FloatField(source="runs.mean", allow_null=True)
    p95_seconds = serializers.FloatField(source="runs.p95", allow_null=True)
    last_at = serializers.DateTimeField(source="runs.last", allow_null=True)
    memories = serializers.IntegerField()


class AgentSerializer(serializers.ModelSerializer[Agent]):
    departments = serializers.SlugRelatedField[Any]("code", many=True, read_only=True)
    work = serializers.SerializerMethodField(help_text="Null for people.")

    class Meta:
        model = Agent
        fields = [
            "id", "name", "kind", "role", "is_active", "state", "state_at", "instances",
            "departments", "work",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(WorkShape(allow_null=True))
    def get_work(self, agent: Agent) -> dict[str, Any] | None:
        found = self.context["work"].get(agent.pk)
        return dict(WorkShape(found).data) if found else None


class RunSerializer(serializers.ModelSerializer[AgentRun]):
    actions = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = AgentRun
        fields = [
            "id",
            "case_number",
            "at",
            "seconds",
            "error",
            "corrected_at",
            "actions",
            "reasons",
        ]
        read_only_fields = fields

    def get_actions(self, run: AgentRun) -> list[str]:
        return [str(one.get("do", "")) for one in run.outcome.get("actions", ())]

    def get_reasons(self, run: AgentRun) -> list[str]:
        return [str(one) for one in run.outcome.get("reasons", ())]


class AgentFilter(filters.FilterSet):
    class Meta:
        model = Agent
        fields = ["kind", "state", "is_active"]


class RunFilter(filters.FilterSet):
    since = Moment(field_name="at", lookup_expr="gte")
    until = Moment(field_name="at", lookup_expr="lt")

    class Meta:
        model = AgentRun
        fields: list[str] = []


class _WithWork(APIView):
    def get_serializer_context(self) -> dict[str, Any]:
        now = timezone.now()
        asked = {"agents": [self.kwargs["pk"]]} if "pk" in self.kwargs else {}
        found = workforce.software(self.request.user, now, **asked)
        return {"request": self.request, "work": {one.agent.pk: one for one in found}}

    def shown(self, pk: int) -> Response:
        agent = get_object_or_404(Agent.objects.prefetch_related("departments"), pk=pk)
        return Response(AgentSerializer(agent, context=self.get_serializer_context()).data)


class Agents(_WithWork, ListAPIView[Agent]):
    """Who works here, software and people."""

    permission_classes = [SEE]
    serializer_class = AgentSerializer
    queryset = Agent.objects.prefetch_related("departments")
    filter_backends = [StrictFilters, StrictOrdering]
    filterset_class = AgentFilter
    ordering_fields = ["name"]
    ordering = ["name"]

    @extend_schema(tags=TAGS, operation_id="agents_list")
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)


class OneAgent(_WithWork):
    """How an agent is at work."""

    permission_classes = [SEE]

    @extend_schema(tags=TAGS, operation_id="agents_one", responses=AgentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        known(request, {})
        return self.shown(pk)


class _Turn(_WithWork):
    permission_classes = [RUN]


class Start(_Turn):
    """Let it take what waits for it."""

    @extend_schema(tags=TAGS, operation_id="agents_start", request=None, responses=AgentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        running.start(get_object_or_404(Agent, pk=pk), by=staff(request))
        return self.shown(pk)


class Pause(_Turn):
    """Let wait what waits for it."""

    @extend_schema(tags=TAGS, operation_id="agents_pause", request=None, responses=AgentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        running.pause(get_object_or_404(Agent, pk=pk), by=staff(request))
        return self.shown(pk)


class Drain(_Turn):
    """Let it work off what waits already; what is new goes to people."""

    @extend_schema(tags=TAGS, operation_id="agents_drain", request=None, responses=AgentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        running.drain(get_object_or_404(Agent, pk=pk), by=staff(request))
        return self.shown(pk)


class Runs(ListAPIView[AgentRun]):
    """What an agent decided, newest first, on cases that you may see."""

    permission_classes = [may("agents.view_agentrun")]
    serializer_class = RunSerializer
    queryset = AgentRun.objects.none()
    filter_backends = [StrictFilters, StrictOrdering]
    filterset_class = RunFilter
    ordering_fields = ["at", "seconds"]
    ordering = ["-at"]

    def get_queryset(self) -> "QuerySet[AgentRun]":
        agent = get_object_or_404(Agent, pk=self.kwargs.get("pk", 0))
        return AgentRun.objects.visible_to(self.request.user).filter(agent=agent).defer("brief")

    @extend_schema(tags=TAGS, operation_id="agents_runs")
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)
