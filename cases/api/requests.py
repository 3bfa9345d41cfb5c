"""Shapes of requests. Departments are named by code, customers by number, agents by id."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.models import Agent, Department
from cases.models import Case, Task
from cases.services.assigning import TAGS
from emails.labels import KIND_LABELS, PRIORITY_LABELS
from hbu.lib.api.shapes import Strict
from shop.models import Customer

AT_ONCE = 200
KINDS = [(str(code), label) for code, label in KIND_LABELS.items()]
PRIORITIES = [(str(code), label) for code, label in PRIORITY_LABELS.items()]


class ByName(serializers.SlugRelatedField[Any]):
    """Something that is there under a code; whatever else is said is an error of this field."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not data.isprintable() or len(data) > 60:
            self.fail("does_not_exist", slug_name=self.slug_field, value=str(data)[:60])
        return super().to_internal_value(data)


class ById(serializers.PrimaryKeyRelatedField[Any]):
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.INT64)
class VisibleCase(ById):
    """A case that the caller may see; others are as if they were not there."""

    def get_queryset(self) -> QuerySet[Case]:
        if "request" not in self.context:
            return Case.objects.all()
        return Case.objects.visible_to(self.context["request"].user)


def department(**options: Any) -> ByName:
    return ByName(slug_field="code", queryset=Department.objects.all(), **options)


def assignee(**options: Any) -> ById:
    rows = Agent.objects.filter(is_active=True)
    return ById(queryset=rows, allow_null=True, help_text="Key of an agent.", **options)


def customer(**options: Any) -> ByName:
    rows = Customer.objects.in_use()
    return ByName(slug_field="number", queryset=rows, allow_null=True, **options)


def tags(**options: Any) -> serializers.ListField:
    word = serializers.CharField(max_length=40)
    return serializers.ListField(child=word, max_length=TAGS, **options)


class CaseRequest(Strict[Any]):
    title = serializers.CharField(max_length=300)
    department = department()
    kind = serializers.ChoiceField(KINDS, default="general")
    channel = serializers.ChoiceField(Case.Channel.choices, default=Case.Channel.PROGRAM)
    priority = serializers.ChoiceField(PRIORITIES, default="normal")
    customer = customer(required=False, default=None)
    assignee = assignee(required=False, default=None)
    tags = tags(required=False, default=list)
    text = serializers.CharField(
        max_length=10_000, required=False, default="", allow_blank=True,
        help_text="What was said; becomes the first note.",
    )  # fmt: skip


class CaseChange(Strict[Any]):
    title = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(KINDS, allow_blank=True)
    priority = serializers.ChoiceField(PRIORITIES)
    department = department()
    assignee = assignee()
    customer = customer()
    tags = tags(help_text="All that it shall carry.")
    status = serializers.ChoiceField(Case.Status.choices, required=False)


class CaseStatusRequest(Strict[Any]):
    status = serializers.ChoiceField(Case.Status.choices)
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    close_tasks = serializers.BooleanField(
        required=False, default=False, help_text="Resolve what is still owed together with it."
    )


class _Something(Strict[Any]):
    """Asks for one of its fields at least."""

    def validate(self, attrs: Mapping[str, Any]) -> Any:
        if not set(attrs) & {"department", "assignee"}:
            raise serializers.ValidationError(_("Say to whom: department, assignee."), "required")
        return attrs


class AssignRequest(_Something):
    department = department(required=False)
    assignee = assignee(required=False)


def ids(**options: Any) -> serializers.ListField:
    one = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    return serializers.ListField(child=one, max_length=AT_ONCE, **{"allow_empty": False} | options)


class BulkCaseStatus(CaseStatusRequest):
    ids = ids()


class BulkAssign(AssignRequest):
    ids = ids()


class NoteRequest(Strict[Any]):
    text = serializers.CharField(max_length=10_000)
    mentions = serializers.ListField(
        child=ById(queryset=get_user_model().objects.filter(is_active=True, is_staff=True)),
        required=False, default=list, max_length=20,
        help_text="Keys of colleagues, besides those named with @ in the text.",
    )  # fmt: skip


class MergeRequest(Strict[Any]):
    into = VisibleCase(help_text="The key of the case that stays.")


class SnoozeRequest(Strict[Any]):
    until = serializers.DateTimeField()


class StepRequest(Strict[Any]):
    """A task of a case that the address names."""

    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    priority = serializers.ChoiceField(PRIORITIES, default="normal")
    department = department(required=False)
    assignee = assignee(required=False, default=None)
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class TaskRequest(StepRequest):
    case = VisibleCase(help_text="The key of its case.")


class TaskChange(Strict[Any]):
    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=500, allow_blank=True)
    priority = serializers.ChoiceField(PRIORITIES)
    due_at = serializers.DateTimeField(allow_null=True)
    department = department()
    assignee = assignee()
    status = serializers.ChoiceField(Task.Status.choices, required=False)


class TaskStatusRequest(Strict[Any]):
    status = serializers.ChoiceField(Task.Status.choices)


class BulkTaskStatus(TaskStatusRequest):
    ids = ids()
