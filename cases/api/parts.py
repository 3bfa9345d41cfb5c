"""What people add to a case: tasks and notes; who follows it, what is put off or put together."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.cases import CHANGE, KEY, READ, once
from cases.api.requests import MergeRequest, NoteRequest, SnoozeRequest, StepRequest
from cases.api.serializers import (
    CaseSerializer,
    NoteSerializer,
    TaskSerializer,
)
from cases.api.showing import AboutCase, checked, staff, tasks_of
from cases.models import Case, Note, Task
from cases.services import attending, noting, regrouping, tasks
from hbu.lib.api.asking import known
from hbu.lib.api.permissions import may

STEP = OpenApiExample(
    "A step",
    {"title": "Call back before noon", "assignee": 4, "due_at": "2026-12-01T11:00:00+01:00"},
    request_only=True,
)


class CaseTasks(AboutCase):
    permission_classes = [may("cases.view_case", POST="cases.change_case")]
    serializer_class = TaskSerializer

    @extend_schema(tags=["cases"], responses=TaskSerializer(many=True), operation_id="case_tasks")
    def get(self, request: Request, pk: str) -> Response:
        """What is owed and was done in a case, newest first."""
        known(request, ())
        rows = self.paginate_queryset(tasks_of(request).filter(case=self.case()).order_by("-pk"))
        return self.get_paginated_response(TaskSerializer(rows, many=True).data)

    @extend_schema(
        tags=["cases"],
        operation_id="case_tasks_create",
        parameters=[KEY],
        request=StepRequest,
        responses={201: TaskSerializer},
        examples=[STEP],
    )
    def post(self, request: Request, pk: str) -> Response:
        case = self.case()
        said = checked(StepRequest, request)
        return once(request, f"task:{case.pk}", lambda: open_task(case, said, request))


def open_task(case: Case, said: dict[str, Any], request: Request) -> Any:
    task = tasks.add(Task(case=case, **said), by=staff(request))
    return TaskSerializer(task).data


class Notes(AboutCase):
    permission_classes = [may("cases.view_case", POST="cases.change_case")]
    serializer_class = NoteSerializer

    @extend_schema(tags=["cases"], responses=NoteSerializer(many=True), operation_id="case_notes")
    def get(self, request: Request, pk: str) -> Response:
        """Words among colleagues, oldest first."""
        known(request, ())
        notes = Note.objects.filter(case=self.case()).select_related("author")
        rows = self.paginate_queryset(notes.prefetch_related("mentions"))
        return self.get_paginated_response(NoteSerializer(rows, many=True).data)

    @extend_schema(
        tags=["cases"],
        operation_id="case_notes_create",
        parameters=[KEY],
        request=NoteRequest,
        responses={201: NoteSerializer},
    )
    def post(self, request: Request, pk: str) -> Response:
        case = self.case()
        said = checked(NoteRequest, request)
        named = [person.pk for person in said["mentions"]]

        def act() -> Any:
            note = noting.write(case, said["text"], by=staff(request), mentions=named)
            return NoteSerializer(note).data

        return once(request, f"note:{case.pk}", act)


class Merge(AboutCase):
    permission_classes = [may("cases.merge_case")]

    @extend_schema(
        tags=["cases"], operation_id="case_merge", request=MergeRequest, responses=CaseSerializer
    )
    def post(self, request: Request, pk: str) -> Response:
        """Put the case into another one; the answer is the one that stays."""
        case = self.case()
        into = checked(MergeRequest, request)["into"]
        regrouping.merge_cases(case, into, by=staff(request))
        return self.told(into)


class Follow(AboutCase):
    """Hear of all that happens in a case."""

    permission_classes = [READ]

    @extend_schema(tags=["cases"], operation_id="case_follow", request=None, responses={204: None})
    def post(self, request: Request, pk: str) -> Response:
        attending.follow(self.case(), by=staff(request))
        return Response(status=204)

    @extend_schema(
        tags=["cases"], operation_id="case_follow_set", request=None, responses={204: None}
    )
    def put(self, request: Request, pk: str) -> Response:
        return self.post(request, pk)

    @extend_schema(tags=["cases"], operation_id="case_unfollow", responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        attending.unfollow(self.case(), by=staff(request))
        return Response(status=204)


class Snooze(AboutCase):
    permission_classes = [CHANGE]

    @extend_schema(
        tags=["cases"], operation_id="case_snooze", request=SnoozeRequest, responses=CaseSerializer
    )
    def post(self, request: Request, pk: str) -> Response:
        """Put a case off; it comes back by itself, or when something happens in it."""
        case = self.case()
        attending.snooze(case, checked(SnoozeRequest, request)["until"], by=staff(request))
        return self.told(case)

    @extend_schema(
        tags=["cases"],
        operation_id="case_snooze_set",
        request=SnoozeRequest,
        responses=CaseSerializer,
    )
    def put(self, request: Request, pk: str) -> Response:
        return self.post(request, pk)

    @extend_schema(tags=["cases"], operation_id="case_wake", responses=CaseSerializer)
    def delete(self, request: Request, pk: str) -> Response:
        """Bring it back at once."""
        case = self.case()
        attending.wake([case.pk], by=staff(request))
        return self.told(case)
