"""Found by words, counted, and changed many at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api.cases import CHANGE, READ, Cases
from cases.api.filters import LONGEST_QUESTION, CaseFilter, CaseSearchFilter, TaskFilter
from cases.api.requests import BulkAssign, BulkCaseStatus
from cases.api.serializers import BulkDone, CasesCounted, TasksCounted
from cases.api.showing import checked, staff
from cases.models import Case, Task
from cases.models.task import TaskQuerySet
from cases.services import assigning, life
from hbu.lib.api.asking import StrictFilters, known, parameters
from hbu.lib.api.permissions import may
from hbu.lib.errors import DomainError

WORDS = OpenApiParameter("q", str, required=True, description="Words, as in the search field.")
BULK = OpenApiExample(
    "Some of it went well",
    {
        "done": 1,
        "failed": 1,
        "results": [
            {"id": 7, "ok": True, "code": "done", "detail": ""},
            {"id": 8, "ok": False, "code": "not_found", "detail": "There is no such case."},
        ],
    },
    response_only=True,
)


def must_ask(request: Request) -> None:
    """Raise ValidationError where a search names no words."""
    words = request.query_params.get("q", "").strip()
    if not words or len(words) > LONGEST_QUESTION:
        raise ValidationError({"q": gettext("Say in some words what you look for.")}, "required")


class CaseSearch(Cases):
    """Cases by words; every filter of the list narrows them."""

    permission_classes = [READ]
    filterset_class = CaseSearchFilter
    http_method_names = ["get", "head", "options"]

    @extend_schema(tags=["cases"], operation_id="cases_search", parameters=[WORDS])
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        must_ask(request)
        return self.list(request, *args, **named)


class _Stats(ListAPIView[Any]):
    filter_backends = [StrictFilters]
    pagination_class = None

    def counted(self, columns: Mapping[str, str]) -> dict[str, Any]:
        rows = self.filter_queryset(self.get_queryset()).order_by()
        total = rows.aggregate(all=Count("pk", distinct=True))["all"]
        return {"total": total, **{name: _by(rows, column) for name, column in columns.items()}}


def _by(rows: QuerySet[Any], column: str) -> dict[str, int]:
    """Return how many of the rows have which value."""
    found = rows.values(column).annotate(many=Count("pk", distinct=True)).order_by(column)
    return {str(one[column]): one["many"] for one in found}


COLUMNS = {"status": "status", "priority": "priority", "department": "department__code"}


class CaseStats(_Stats):
    """How many cases there are; every filter of the list narrows them."""

    permission_classes = [READ]
    serializer_class = CasesCounted
    filterset_class = CaseFilter

    def get_queryset(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.request.user).filter(merged_into=None)

    @extend_schema(
        tags=["cases"],
        operation_id="cases_stats",
        parameters=parameters(CaseFilter),
        responses=CasesCounted,
        filters=False,
    )
    def get(self, request: Request, *_args: Any, **_named: Any) -> Response:
        return Response(self.counted({**COLUMNS, "standing": "standing"}))


class TaskStats(_Stats):
    """How many tasks there are; every filter of the list narrows them."""

    permission_classes = [may("cases.view_task")]
    serializer_class = TasksCounted
    filterset_class = TaskFilter

    def get_queryset(self) -> TaskQuerySet:
        return Task.objects.visible_to(self.request.user)

    @extend_schema(
        tags=["tasks"],
        operation_id="tasks_stats",
        parameters=parameters(TaskFilter),
        responses=TasksCounted,
        filters=False,
    )
    def get(self, request: Request, *_args: Any, **_named: Any) -> Response:
        late = self.filter_queryset(self.get_queryset().late(timezone.now()))
        overdue = late.aggregate(all=Count("pk", distinct=True))["all"]
        return Response({**self.counted(COLUMNS), "overdue": overdue})


def each(ids: Sequence[int], rows: QuerySet[Any], act: Callable[[Any], None]) -> Response:
    """Do something to each row in a transaction of its own, and tell what became of each."""
    found = rows.in_bulk(set(ids))
    results = [_one(pk, found.get(pk), act) for pk in dict.fromkeys(ids)]
    done = sum(one["ok"] for one in results)
    return Response({"done": done, "failed": len(results) - done, "results": results})


def _one(pk: int, row: Any, act: Callable[[Any], None]) -> dict[str, Any]:
    missing = gettext("There is nothing of this key that you may see.")
    not_found = {"id": pk, "ok": False, "code": "not_found", "detail": missing}
    if row is None:
        return not_found
    try:
        with transaction.atomic():
            act(row)
    except ObjectDoesNotExist:
        return not_found  # somebody removed it just now
    except DomainError as error:
        return {"id": pk, "ok": False, "code": error.code, "detail": gettext(error.message)}
    return {"id": pk, "ok": True, "code": "done", "detail": ""}


class CasesBulkStatus(APIView):
    """Give up to 200 cases a status; what is refused for one does not hinder the others."""

    permission_classes = [CHANGE]

    @extend_schema(
        tags=["cases"],
        operation_id="cases_bulk_status",
        request=BulkCaseStatus,
        responses=BulkDone,
        examples=[BULK],
    )
    def post(self, request: Request) -> Response:
        known(request, ())
        said = checked(BulkCaseStatus, request)
        ids = said.pop("ids")
        rows = Case.objects.visible_to(request.user)
        return each(ids, rows, lambda case: life.move(case, by=staff(request), **said))


class CasesBulkAssign(APIView):
    """Hand up to 200 cases to a department, to a person (null: to nobody), or both."""

    permission_classes = [CHANGE]

    @extend_schema(
        tags=["cases"],
        operation_id="cases_bulk_assign",
        request=BulkAssign,
        responses=BulkDone,
        examples=[BULK],
    )
    def post(self, request: Request) -> Response:
        known(request, ())
        said = checked(BulkAssign, request)
        ids = said.pop("ids")
        rows = Case.objects.visible_to(request.user)
        return each(ids, rows, lambda case: assigning.assign(case, by=staff(request), **said))
