"""What the caller was told, for programs: the same lines as behind the bell."""

from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.models import Notice
from cases.services import bell
from hbu.lib.api.asking import known

MOST = 200


class NotificationLine(serializers.Serializer[bell.Line]):
    id = serializers.IntegerField(source="row.pk")
    kind = serializers.ChoiceField(Notice.choices, source="row.kind")
    title = serializers.CharField(source="words.title")
    text = serializers.CharField(source="words.body")
    url = serializers.CharField(source="words.url")
    case = serializers.CharField(source="row.case.number", default=None, allow_null=True)
    at = serializers.DateTimeField(source="row.at")
    read = serializers.SerializerMethodField()
    count = serializers.IntegerField(help_text="How many notifications the line stands for.")

    def get_read(self, line: bell.Line) -> bool:
        return line.row.read_at is not None


class ReadRequest(serializers.Serializer[Any]):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        max_length=MOST,
        required=False,
        help_text="Lines that were read. Without it, all of them.",
    )


class Unread(serializers.Serializer[Any]):
    unread = serializers.IntegerField()


class Notifications(ListAPIView[Any]):
    """Notifications of the caller, those of one kind in one case as one line, newest first."""

    permission_classes = [IsAdminUser]
    serializer_class = NotificationLine
    filter_backends = []

    @extend_schema(
        tags=["notifications"],
        operation_id="notifications",
        parameters=[
            OpenApiParameter("unread", bool, description="Only what is not read yet."),
            OpenApiParameter("kind", str, enum=Notice.values),
        ],
    )
    def get(self, request: Request, *_args: Any, **_named: Any) -> Response:
        known(request, ("unread", "kind"))
        rows = bell.shown(_user(request))
        if kind := request.query_params.get("kind"):
            rows = rows.filter(kind=serializers.ChoiceField(Notice.choices).run_validation(kind))
        if request.query_params.get("unread") == "true":
            rows = rows.filter(read_at=None)
        found = self.paginate_queryset(bell.folded(rows)) or []
        lines = bell.lines(_user(request), found)
        return self.get_paginated_response(self.get_serializer(lines, many=True).data)


class NotificationsRead(APIView):
    """Mark notifications of the caller as read."""

    permission_classes = [IsAdminUser]

    @extend_schema(
        tags=["notifications"],
        operation_id="notifications_read",
        request=ReadRequest,
        responses=Unread,
    )
    def post(self, request: Request) -> Response:
        said = ReadRequest(data=request.data)
        said.is_valid(raise_exception=True)
        ids = said.validated_data.get("ids")
        if ids is None:
            bell.read_all(_user(request))
        else:
            bell.read(_user(request), ids)
        return Response({"unread": bell.unread(_user(request))})


def _user(request: Request) -> AbstractUser:
    return cast(AbstractUser, request.user)
