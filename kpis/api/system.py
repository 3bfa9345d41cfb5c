"""The state of the house for programs: the report of /health under the rules of the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.keys import ByAccessKey
from hbu.lib.api.permissions import may
from kpis import health
from kpis.alerting import WATCH
from kpis.monitoring import has_token


class Watching(BasePermission):
    """Whoever has the token of the monitoring, or may watch the house."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return has_token(request._request) or may(WATCH)().has_permission(request, view)


class Health(APIView):
    authentication_classes = [ByAccessKey, SessionAuthentication]
    permission_classes = [Watching]

    @extend_schema(responses=OpenApiTypes.OBJECT, tags=["system"])
    def get(self, _request: Request, **_named: Any) -> Response:
        report = health.report(timezone.now())
        return Response(report, status=503 if report["status"] == "failing" else 200)
