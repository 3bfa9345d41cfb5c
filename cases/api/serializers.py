"""Shapes of answers."""

from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from agents.models import Agent, Department
from cases.models import Case, Note, SLAMark, Task
from cases.sla import State
from hbu.lib.api.versions import version_of
from hbu.lib.telling import told
from shop.models import Customer

CLOCK_STATES = [(state.value, state.value) for state in State]


class DepartmentShape(serializers.ModelSerializer[Department]):
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Department
        fields = ["code", "name"]
        read_only_fields = fields


class AgentShape(serializers.ModelSerializer[Agent]):
    class Meta:
        model = Agent
        fields = ["id", "name", "kind"]
        read_only_fields = fields


class CustomerShape(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        fields = ["number", "name"]
        read_only_fields = fields


class CaseSerializer(serializers.ModelSerializer[Case]):
    customer = CustomerShape(read_only=True, allow_null=True)
    department = DepartmentShape(read_only=True)
    assignee = AgentShape(read_only=True, allow_null=True)
    policy = serializers.CharField(source="policy.code", read_only=True, default=None)
    tags: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    merged_into = serializers.CharField(source="merged_into.number", read_only=True, default=None)
    version = serializers.SerializerMethodField(help_text="For If-Match.")

    class Meta:
        model = Case
        fields = [
            "id", "number", "title", "kind", "channel", "status", "priority", "sentiment",
            "customer", "department", "assignee", "tags", "policy", "standing", "opened_at",
            "updated_at", "customer_wrote_at", "answered_at", "first_response_due_at",
            "first_response_at", "update_due_at", "resolution_due_at", "next_deadline_at",
            "resolved_at", "closed_at", "snoozed_until", "merged_into", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_version(self, case: Case) -> str:
        return version_of(case.updated_at)


class TaskSerializer(serializers.ModelSerializer[Task]):
    case = serializers.CharField(source="case.number", read_only=True)
    case_id = serializers.IntegerField(read_only=True)
    title = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    department = DepartmentShape(read_only=True)
    assignee = AgentShape(read_only=True, allow_null=True)
    version = serializers.SerializerMethodField(help_text="For If-Match.")

    class Meta:
        model = Task
        fields = [
            "id", "number", "case", "case_id", "title", "reason", "status", "priority",
            "department", "assignee", "due_at", "created_at", "updated_at", "done_at", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_title(self, task: Task) -> str:
        return gettext(task.title) if task.title else ""

    def get_reason(self, task: Task) -> str:
        return told(task.reason) if task.reason else ""

    def get_version(self, task: Task) -> str:
        return version_of(task.updated_at)


class NoteSerializer(serializers.ModelSerializer[Note]):
    author = serializers.SerializerMethodField(help_text="Empty: a rule wrote it.")
    mentions: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = Note
        fields = ["id", "author", "text", "mentions", "at"]
        read_only_fields = fields

    def get_author(self, note: Note) -> str:
        return name_of(note.author)


def name_of(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


class FactShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.CharField()


class MomentShape(serializers.Serializer[Any]):
    """Something that happened, in words of the caller's language."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField(help_text="For programs: case.assigned, task.opened ...")
    what = serializers.CharField(help_text="For people.")
    of = serializers.CharField(help_text="What it happened to: case, task, order, letter or mail.")
    by = serializers.CharField(help_text="Empty: the house did it by itself.")
    facts = FactShape(many=True)


class FileShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


class MailShape(serializers.Serializer[Any]):
    """A mail that came, or a letter of ours."""

    id = serializers.IntegerField()
    direction = serializers.ChoiceField(["in", "out"])
    message_id = serializers.CharField()
    state = serializers.CharField()
    to = serializers.ListField(child=serializers.CharField())
    cc = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField()
    subject = serializers.CharField()
    text = serializers.CharField()
    attachments = FileShape(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # A word that Python keeps for itself.
        return {"from": serializers.CharField(), **super().get_fields()}


class ThreadShape(serializers.Serializer[Any]):
    case = serializers.CharField()
    thread = serializers.IntegerField(allow_null=True)
    subject = serializers.CharField()
    mails = MailShape(many=True)


class StretchShape(serializers.Serializer[Any]):
    """A piece of time that counted or not, and why; those that counted add up to what is used."""

    starts = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    counted = serializers.BooleanField()
    minutes = serializers.FloatField()
    why = serializers.CharField()


class ClockShape(serializers.Serializer[Any]):
    clock = serializers.ChoiceField(SLAMark.Clock.choices)
    state = serializers.ChoiceField(CLOCK_STATES)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(help_text="When it ended, else now.")
    ended = serializers.BooleanField()
    promised_minutes = serializers.IntegerField()
    used_minutes = serializers.FloatField()
    percent = serializers.FloatField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="null while it is paused.")
    stretches = StretchShape(many=True)


class ClocksShape(serializers.Serializer[Any]):
    case = serializers.CharField()
    policy = serializers.CharField(help_text="Empty: nothing is promised.")
    standing = serializers.ChoiceField(Case.Standing.choices)
    clocks = ClockShape(many=True)


class OneDone(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    ok = serializers.BooleanField()
    code = serializers.CharField(help_text="done, or why not.")
    detail = serializers.CharField()


class BulkDone(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = OneDone(many=True)


class Counted(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    status = serializers.DictField(child=serializers.IntegerField())
    priority = serializers.DictField(child=serializers.IntegerField())
    department = serializers.DictField(child=serializers.IntegerField())


class CasesCounted(Counted):
    standing = serializers.DictField(child=serializers.IntegerField())


class TasksCounted(Counted):
    overdue = serializers.IntegerField()
