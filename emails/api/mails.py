"""Mails that came in: list, read, why they are where they are, and the way out of quarantine."""

from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from emails.api.shapes import DismissRequest, EmailShape, EmailSummary, WhyShape
from emails.data import Kind, Priority, Sentiment
from emails.models import Email
from emails.services import quarantine
from hbu.lib.api.asking import Keys, Moment, Several, StrictFilters, StrictOrdering, YesNo, known
from hbu.lib.api.permissions import may

READ = may("emails.view_email")
CHANGE = may("emails.change_email")


class EmailFilter(filters.FilterSet):
    kind = Several(words=list(Kind))
    priority = Several(words=list(Priority))
    department = Several(field_name="department__code")
    state = Several(words=Email.State.values)
    sentiment = Several(words=list(Sentiment))
    customer = Several(field_name="customer__number")
    mailbox = Several(field_name="mailbox__address")
    thread = Keys(field_name="thread")
    automatic = YesNo(method="by_machine", help_text="A machine wrote it.")
    since = Moment(field_name="received_at", lookup_expr="gte")
    until = Moment(field_name="received_at", lookup_expr="lt")
    q = filters.CharFilter(
        method="asked", max_length=200, help_text="Part of subject, sender or Message-ID."
    )

    class Meta:
        model = Email
        fields: list[str] = []

    def by_machine(self, rows: QuerySet[Email], _name: str, value: str) -> QuerySet[Email]:
        return rows.exclude(automatic="") if value == "true" else rows.filter(automatic="")

    def asked(self, rows: QuerySet[Email], _name: str, words: str) -> QuerySet[Email]:
        found = Q(subject__icontains=words) | Q(from_address__icontains=words)
        return rows.filter(found | Q(from_name__icontains=words) | Q(message_id__icontains=words))


class AboutEmail(GenericAPIView[Email]):
    queryset = Email.objects.none()
    serializer_class: type[BaseSerializer[Any]] = EmailShape

    def email(self) -> Email:
        rows = Email.objects.visible_to(self.request.user)
        rows = rows.select_related("department", "customer", "mailbox")
        return get_object_or_404(
            rows.prefetch_related("attachments", "answers"), pk=self.kwargs["pk"]
        )


class Emails(ListAPIView[Email]):
    """Mails that you may see, newest first."""

    permission_classes = [READ]
    serializer_class = EmailSummary
    queryset = Email.objects.none()
    filter_backends = [StrictFilters, StrictOrdering]
    filterset_class = EmailFilter
    ordering_fields = ["received_at", "priority", "kind", "state", "confidence"]
    ordering = ["-received_at"]

    def get_queryset(self) -> QuerySet[Email]:
        rows = Email.objects.visible_to(self.request.user)
        rows = rows.select_related("department", "customer", "mailbox")
        return rows.defer("text", "html_safe", "reply_text", "reasons", "trace", "references")

    @extend_schema(tags=["emails"], operation_id="emails_list")
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)


class OneEmail(AboutEmail):
    permission_classes = [READ]

    @extend_schema(tags=["emails"], operation_id="email_read")
    def get(self, request: Request, pk: str) -> Response:
        known(request, ())
        return Response(EmailShape(self.email()).data)


class Why(AboutEmail):
    permission_classes = [READ]

    @extend_schema(tags=["emails"], responses=WhyShape)
    def get(self, request: Request, pk: str) -> Response:
        """The verdict with its reasons, and every rule that was asked, with what it looked at."""
        known(request, ())
        return Response(WhyShape(self.email()).data)


class Retry(AboutEmail):
    permission_classes = [CHANGE]

    @extend_schema(tags=["emails"], request=None, responses=EmailShape)
    def post(self, request: Request, pk: str) -> Response:
        """Out of quarantine, back to where it failed."""
        email = self.email()
        quarantine.retry(email, by=cast(AbstractUser, request.user))
        return Response(EmailShape(email).data)


class Dismiss(AboutEmail):
    permission_classes = [CHANGE]

    @extend_schema(tags=["emails"], request=DismissRequest, responses=EmailShape)
    def post(self, request: Request, pk: str) -> Response:
        """Out of quarantine: nobody needs to look at it again."""
        email = self.email()
        said = DismissRequest(data=request.data)
        said.is_valid(raise_exception=True)
        quarantine.dismiss(
            email, by=cast(AbstractUser, request.user), reason=said.validated_data["reason"]
        )
        return Response(EmailShape(email).data)
