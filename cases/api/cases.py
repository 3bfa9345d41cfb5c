"""Cases: list, create, read, change, delete; status and whose work it is."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.filters import CaseFilter
from cases.api.requests import AssignRequest, CaseChange, CaseRequest, CaseStatusRequest
from cases.api.serializers import CaseSerializer
from cases.api.showing import SORTED_AS, AboutCase, answer, cases_of, checked, staff
from cases.models import Case
from cases.services import assigning, entering, life, removing
from hbu.lib.api.asking import StrictFilters, StrictOrdering, known
from hbu.lib.api.permissions import may
from orders.services import idempotency

READ = may("cases.view_case")
CHANGE = may("cases.change_case")
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A text of your own for this very request. Sent again with the same body, it "
    "brings the same answer and nothing new.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `version` that you read. If somebody changed it since, the answer is 412.",
)
NEW = OpenApiExample(
    "A call",
    {
        "title": "Wants the buttons of last spring again",
        "department": "sales",
        "channel": "phone",
        "customer": "K-10001",
        "priority": "high",
        "tags": ["reorder"],
        "text": "Mrs Berger called and asks for a call back before noon.",
    },
    request_only=True,
)
ASSIGN = OpenApiExample("To a person", {"department": "sales", "assignee": 4}, request_only=True)
STATUS = OpenApiExample(
    "Done", {"status": "resolved", "reason": "Sent again.", "close_tasks": True}, request_only=True
)


def once(request: Request, noun: str, act: Callable[[], Any]) -> Response:
    """Do it; a request that names a key does it once, however often it is sent."""

    def first() -> idempotency.Answer:
        return idempotency.Answer(201, dict(act()))

    key = request.headers.get("Idempotency-Key")
    scope = f"staff:{request.user.pk}:{noun}"
    done = first() if key is None else idempotency.once(scope, key, request.data, first)
    return Response(done.body, status=done.status)


class Cases(ListAPIView[Case]):
    """Cases that you may see, newest first; POST opens one by hand."""

    permission_classes = [may("cases.view_case", POST="cases.add_case")]
    serializer_class = CaseSerializer
    queryset = Case.objects.none()
    filter_backends = [StrictFilters, StrictOrdering]
    filterset_class = CaseFilter
    ordering_fields = [
        "opened_at", "updated_at", "resolved_at", "next_deadline_at", "number", "priority", "status"
    ]  # fmt: skip
    ordering_columns = SORTED_AS
    ordering = ["-opened_at"]

    def get_queryset(self) -> QuerySet[Case]:
        return cases_of(self.request).filter(merged_into=None)

    @extend_schema(tags=["cases"], operation_id="cases_list")
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)

    @extend_schema(
        tags=["cases"],
        operation_id="cases_create",
        parameters=[KEY],
        request=CaseRequest,
        responses={201: CaseSerializer},
        examples=[NEW],
    )
    def post(self, request: Request) -> Response:
        asked = checked(CaseRequest, request)
        words = asked.pop("tags")

        def act() -> Mapping[str, Any]:
            with transaction.atomic():
                case = entering.enter(entering.NewCase(**asked), by=staff(request))
                assigning.tag(case, add=words, by=staff(request))
            return CaseSerializer(case).data

        return once(request, "case", act)


class OneCase(AboutCase):
    permission_classes = [
        may(
            "cases.view_case",
            PUT="cases.change_case",
            PATCH="cases.change_case",
            DELETE="cases.delete_case",
        )
    ]

    @extend_schema(tags=["cases"])
    def get(self, request: Request, pk: str) -> Response:
        return answer(CaseSerializer(self.case()))

    @extend_schema(
        tags=["cases"], parameters=[IF_MATCH], request=CaseChange, responses=CaseSerializer
    )
    def put(self, request: Request, pk: str) -> Response:
        """Say all of it anew; only the status may be left out."""
        return self._change(request, partial=False)

    @extend_schema(
        tags=["cases"], parameters=[IF_MATCH], request=CaseChange, responses=CaseSerializer
    )
    def patch(self, request: Request, pk: str) -> Response:
        """Change what is named; all of it or, where something is refused, nothing."""
        return self._change(request, partial=True)

    def _change(self, request: Request, *, partial: bool) -> Response:
        self.case()  # whoever may not see it learns nothing from what is wrong with the request
        said = checked(CaseChange, request, partial=partial)
        with transaction.atomic():
            case = self.held()
            change(case, said, by=staff(request))
        return self.told(case)

    @extend_schema(tags=["cases"], parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        """Remove a case that was opened by hand and has no mails, orders or letters."""
        with transaction.atomic():
            removing.remove(self.held(), by=staff(request))
        return Response(status=204)


def change(case: Case, said: Mapping[str, Any], *, by: Any) -> None:
    """Give a case all that was said of it. Raises DomainError; call inside a transaction."""
    described = {name: said[name] for name in ("title", "kind", "customer") if name in said}
    assigned = {name: said[name] for name in ("department", "assignee", "priority") if name in said}
    if described:
        assigning.describe(case, by=by, **described)
    if assigned:
        assigning.assign(case, by=by, **assigned)
    if "tags" in said:
        there = set(case.tags.values_list("name", flat=True))
        wanted = {" ".join(word.split()).lower() for word in said["tags"]}
        assigning.tag(case, add=sorted(wanted - there), remove=sorted(there - wanted), by=by)
    if said.get("status", case.status) != case.status:
        life.move(case, said["status"], by=by)


class CaseStatus(AboutCase):
    permission_classes = [CHANGE]

    @extend_schema(
        tags=["cases"],
        operation_id="case_status_set",
        parameters=[IF_MATCH],
        request=CaseStatusRequest,
        responses=CaseSerializer,
        examples=[STATUS],
    )
    def put(self, request: Request, pk: str) -> Response:
        self.case()
        said = checked(CaseStatusRequest, request)
        with transaction.atomic():
            case = self.held()
            life.move(case, by=staff(request), **said)
        return self.told(case)

    @extend_schema(
        tags=["cases"],
        operation_id="case_status_post",
        request=CaseStatusRequest,
        responses=CaseSerializer,
    )
    def post(self, request: Request, pk: str) -> Response:
        return self.put(request, pk)


class CaseAssign(AboutCase):
    permission_classes = [CHANGE]

    @extend_schema(
        tags=["cases"],
        operation_id="case_assign_set",
        parameters=[IF_MATCH],
        request=AssignRequest,
        responses=CaseSerializer,
        examples=[ASSIGN],
    )
    def put(self, request: Request, pk: str) -> Response:
        """Hand a case to a department, to a person (null: to nobody), or both."""
        self.case()
        said = checked(AssignRequest, request)
        with transaction.atomic():
            case = self.held()
            assigning.assign(case, by=staff(request), **said)
        return self.told(case)

    @extend_schema(
        tags=["cases"],
        operation_id="case_assign_post",
        request=AssignRequest,
        responses=CaseSerializer,
    )
    def post(self, request: Request, pk: str) -> Response:
        return self.put(request, pk)


class CaseByNumber(AboutCase):
    permission_classes = [READ]

    @extend_schema(tags=["cases"], operation_id="case_by_number")
    def get(self, request: Request, number: str) -> Response:
        known(request, ())
        case = cases_of(request).filter(number=number.upper()).first()
        if case is None:
            raise Http404
        return answer(CaseSerializer(case))
