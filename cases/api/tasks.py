"""Tasks: steps that somebody owes."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api.cases import CHANGE, IF_MATCH, KEY, once
from cases.api.filters import TaskFilter
from cases.api.overview import BULK, WORDS, each, must_ask
from cases.api.parts import open_task
from cases.api.requests import (
    AssignRequest,
    BulkAssign,
    BulkTaskStatus,
    TaskChange,
    TaskRequest,
    TaskStatusRequest,
)
from cases.api.serializers import BulkDone, TaskSerializer
from cases.api.showing import SORTED_AS, AboutTask, answer, checked, staff, tasks_of
from cases.models import Task
from cases.services import removing, tasks
from hbu.lib.api.asking import StrictFilters, StrictOrdering, known
from hbu.lib.api.permissions import may

READ = may("cases.view_task")


class Tasks(ListAPIView[Task]):
    """Tasks that you may see, newest first; POST opens one in a case."""

    permission_classes = [may("cases.view_task", POST="cases.change_case")]
    serializer_class = TaskSerializer
    queryset = Task.objects.none()
    filter_backends = [StrictFilters, StrictOrdering]
    filterset_class = TaskFilter
    ordering_fields = [
        "created_at",
        "updated_at",
        "due_at",
        "done_at",
        "number",
        "priority",
        "status",
    ]
    ordering_columns = SORTED_AS
    ordering = ["-created_at"]

    def get_queryset(self) -> QuerySet[Task]:
        return tasks_of(self.request)

    @extend_schema(tags=["tasks"], operation_id="tasks_list")
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)

    @extend_schema(
        tags=["tasks"],
        operation_id="tasks_create",
        parameters=[KEY],
        request=TaskRequest,
        responses={201: TaskSerializer},
    )
    def post(self, request: Request) -> Response:
        said = checked(TaskRequest, request)
        case = said.pop("case")
        return once(request, "task", lambda: open_task(case, said, request))


class TaskSearch(Tasks):
    """Tasks by words; every filter of the list narrows them."""

    permission_classes = [READ]
    http_method_names = ["get", "head", "options"]

    @extend_schema(tags=["tasks"], operation_id="tasks_search", parameters=[WORDS])
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        must_ask(request)
        return self.list(request, *args, **named)


class OneTask(AboutTask):
    permission_classes = [
        may(
            "cases.view_task",
            PUT="cases.change_case",
            PATCH="cases.change_case",
            DELETE="cases.delete_task",
        )
    ]

    @extend_schema(tags=["tasks"])
    def get(self, request: Request, pk: str) -> Response:
        return answer(TaskSerializer(self.task()))

    @extend_schema(
        tags=["tasks"], parameters=[IF_MATCH], request=TaskChange, responses=TaskSerializer
    )
    def put(self, request: Request, pk: str) -> Response:
        """Say all of it anew; only the status may be left out."""
        return self._change(request, partial=False)

    @extend_schema(
        tags=["tasks"], parameters=[IF_MATCH], request=TaskChange, responses=TaskSerializer
    )
    def patch(self, request: Request, pk: str) -> Response:
        """Change what is named; all of it or, where something is refused, nothing."""
        return self._change(request, partial=True)

    def _change(self, request: Request, *, partial: bool) -> Response:
        self.task()
        said = checked(TaskChange, request, partial=partial)
        with transaction.atomic():
            task = self.held()
            change(task, said, by=staff(request))
        return self.told(task)

    @extend_schema(tags=["tasks"], parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        """Remove a step that a person asked for and nobody did."""
        with transaction.atomic():
            removing.remove_task(self.held(), by=staff(request))
        return Response(status=204)


def change(task: Task, said: dict[str, Any], *, by: Any) -> None:
    """Give a task all that was said of it. Raises DomainError; call inside a transaction."""
    status = said.pop("status", task.status)
    if {"department", "assignee"} & set(said):
        assign(task, said, by=by)
    tasks.describe(task, by=by, **said)
    if status != task.status:
        tasks.move(task, status, by=by)


def assign(task: Task, said: dict[str, Any], *, by: Any) -> None:
    """Give a task to whom was said; who is not named stays. Raises DomainError."""
    wanted = (said.get("assignee", task.assignee), said.get("department", task.department))
    if wanted != (task.assignee, task.department):
        tasks.assign(task, assignee=wanted[0], department=wanted[1], by=by)


class TaskStatus(AboutTask):
    permission_classes = [CHANGE]

    @extend_schema(
        tags=["tasks"],
        operation_id="task_status_set",
        parameters=[IF_MATCH],
        request=TaskStatusRequest,
        responses=TaskSerializer,
    )
    def put(self, request: Request, pk: str) -> Response:
        self.task()
        said = checked(TaskStatusRequest, request)
        with transaction.atomic():
            task = self.held()
            tasks.move(task, said["status"], by=staff(request))
        return self.told(task)

    @extend_schema(
        tags=["tasks"],
        operation_id="task_status_post",
        request=TaskStatusRequest,
        responses=TaskSerializer,
    )
    def post(self, request: Request, pk: str) -> Response:
        return self.put(request, pk)


class TaskAssign(AboutTask):
    permission_classes = [CHANGE]

    @extend_schema(
        tags=["tasks"],
        operation_id="task_assign_set",
        parameters=[IF_MATCH],
        request=AssignRequest,
        responses=TaskSerializer,
    )
    def put(self, request: Request, pk: str) -> Response:
        self.task()
        said = checked(AssignRequest, request)
        with transaction.atomic():
            task = self.held()
            assign(task, said, by=staff(request))
        return self.told(task)

    @extend_schema(
        tags=["tasks"],
        operation_id="task_assign_post",
        request=AssignRequest,
        responses=TaskSerializer,
    )
    def post(self, request: Request, pk: str) -> Response:
        return self.put(request, pk)


class TaskByNumber(AboutTask):
    permission_classes = [READ]

    @extend_schema(tags=["tasks"], operation_id="task_by_number")
    def get(self, request: Request, number: str) -> Response:
        known(request, ())
        task = tasks_of(request).filter(number=number.upper()).first()
        if task is None:
            raise Http404
        return answer(TaskSerializer(task))


class TasksBulkStatus(APIView):
    """Give up to 200 tasks a status; what is refused for one does not hinder the others."""

    permission_classes = [CHANGE]

    @extend_schema(
        tags=["tasks"],
        operation_id="tasks_bulk_status",
        request=BulkTaskStatus,
        responses=BulkDone,
        examples=[BULK],
    )
    def post(self, request: Request) -> Response:
        known(request, ())
        said = checked(BulkTaskStatus, request)
        rows = Task.objects.visible_to(request.user).select_related("case")
        return each(
            said["ids"], rows, lambda task: tasks.move(task, said["status"], by=staff(request))
        )


class TasksBulkAssign(APIView):
    """Give up to 200 tasks to a person (null: to nobody), a department, or both."""

    permission_classes = [CHANGE]

    @extend_schema(
        tags=["tasks"],
        operation_id="tasks_bulk_assign",
        request=BulkAssign,
        responses=BulkDone,
        examples=[BULK],
    )
    def post(self, request: Request) -> Response:
        known(request, ())
        said = checked(BulkAssign, request)
        return each(
            said["ids"], tasks_of(request), lambda task: assign(task, said, by=staff(request))
        )
