"""What the caller was told, for programs: the same lines as behind the bell."""

from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api.requests import ids
from cases.models import Notice, Notification
from cases.services import bell
from hbu.lib.api.asking import Several, StrictFilters, YesNo
from hbu.lib.api.shapes import Strict


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


class NotificationFilter(filters.FilterSet):
    kind = Several(words=Notice.values)
    unread = YesNo(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notification
        fields: list[str] = []


class ReadRequest(Strict[Any]):
    ids = ids(
        required=False,
        allow_empty=True,
        help_text="Lines that were read. Without it, all of them.",
    )


class Unread(serializers.Serializer[Any]):
    unread = serializers.IntegerField()


class Notifications(ListAPIView[Any]):
    """Notifications of the caller, those of one kind in one case as one line, newest first."""

    permission_classes = [IsAdminUser]
    serializer_class = NotificationLine
    queryset = Notification.objects.none()
    filter_backends = [StrictFilters]
    filterset_class = NotificationFilter

    def get_queryset(self) -> QuerySet[Notification]:
        return bell.shown(_user(self.request))

    @extend_schema(tags=["notifications"], operation_id="notifications")
    def get(self, request: Request, *_args: Any, **_named: Any) -> Response:
        rows = self.filter_queryset(self.get_queryset())
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
        lines = said.validated_data.get("ids")
        if lines is None:
            bell.read_all(_user(request))
        else:
            bell.read(_user(request), lines)
        return Response({"unread": bell.unread(_user(request))})


def _user(request: Request) -> AbstractUser:
    return cast(AbstractUser, request.user)
