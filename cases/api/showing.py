"""The rows that a caller may see, with all that their shapes tell."""

from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from django.db.models import Case as Whether
from django.db.models import QuerySet, Value, When
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer

from cases.api.serializers import CaseSerializer, TaskSerializer
from cases.models import Case, Task
from cases.services.escalating import RANKS
from hbu.lib.api.versions import must_match, version_of

# Lists are sorted by how urgent something is, not by what that is called.
URGENCY = Whether(*(When(priority=code, then=Value(rank)) for rank, code in enumerate(RANKS)))
SORTED_AS = {"priority": "urgency"}


def staff(request: Request) -> AbstractUser:
    """Return in whose name it is done; addresses for staff let nobody else in."""
    return cast(AbstractUser, request.user)


def cases_of(request: Request) -> QuerySet[Case]:
    rows = Case.objects.visible_to(request.user).alias(urgency=URGENCY)
    return rows.select_related(
        "customer", "department", "assignee", "policy", "merged_into"
    ).prefetch_related("tags")


def tasks_of(request: Request) -> QuerySet[Task]:
    rows = Task.objects.visible_to(request.user).alias(urgency=URGENCY)
    return rows.select_related("case", "department", "assignee")


class AboutCase(GenericAPIView[Any]):
    """An address below a case."""

    queryset = Case.objects.none()
    serializer_class: type[BaseSerializer[Any]] = CaseSerializer

    def case(self) -> Case:
        return get_object_or_404(cases_of(self.request), pk=self.kwargs["pk"])

    def held(self) -> Case:
        """Return the case for a change, held against others. Call inside a transaction.

        Raises Overtaken where the caller knows an older version.
        """
        case = self.case()
        hold(self.request, case)
        return case

    def told(self, case: Case, status: int = 200) -> Response:
        """Answer with the case as it is now, though it may have left the caller's departments."""
        rows = Case.objects.select_related(
            "customer", "department", "assignee", "policy", "merged_into"
        )
        return answer(CaseSerializer(rows.get(pk=case.pk)), status)


class AboutTask(GenericAPIView[Any]):
    queryset = Task.objects.none()
    serializer_class: type[BaseSerializer[Any]] = TaskSerializer

    def task(self) -> Task:
        return get_object_or_404(tasks_of(self.request), pk=self.kwargs["pk"])

    def held(self) -> Task:
        task = self.task()
        hold(self.request, task)
        return task

    def told(self, task: Task, status: int = 200) -> Response:
        rows = Task.objects.select_related("case", "department", "assignee")
        return answer(TaskSerializer(rows.get(pk=task.pk)), status)


def hold(request: Request, row: Case | Task) -> None:
    """Hold a row against others, if it is what the caller knows. Call inside a transaction."""
    rows = type(row)._default_manager.select_for_update(of=("self",))
    held = rows.filter(pk=row.pk).first()
    if held is None:
        raise NotFound
    must_match(request, held.updated_at)


def answer(shape: Serializer[Any], status: int = 200) -> Response:
    changed_at = shape.instance.updated_at  # type: ignore[union-attr] # made of a row above
    return Response(shape.data, status=status, headers={"ETag": f'"{version_of(changed_at)}"'})


def checked(shape: type[Serializer[Any]], request: Request, **options: Any) -> dict[str, Any]:
    """Return what a request says. Raises ValidationError with the path of each wrong field."""
    said = shape(data=request.data, context={"request": request}, **options)
    said.is_valid(raise_exception=True)
    found: dict[str, Any] = said.validated_data
    return found
