"""What may be asked for; nothing else of a request reaches the database (promise F13)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters

from cases.models import Case, Task
from cases.services import searching
from emails.data import Kind, Priority, Sentiment
from hbu.journal.models import Event
from hbu.lib.api.asking import Keys, Moment, Several, YesNo

LONGEST_QUESTION = 200


class CaseFilter(filters.FilterSet):
    status = Several(words=Case.Status.values)
    priority = Several(words=list(Priority))
    department = Several(field_name="department__code")
    assignee = Keys()
    customer = Several(field_name="customer__number")
    kind = Several(words=list(Kind))
    channel = Several(words=Case.Channel.values)
    tag = Several(field_name="tags__name", distinct=True)
    standing = Several(words=Case.Standing.values)
    sentiment = Several(words=list(Sentiment))
    opened_after = Moment(field_name="opened_at", lookup_expr="gte")
    opened_before = Moment(field_name="opened_at", lookup_expr="lt")
    updated_after = Moment(field_name="updated_at", lookup_expr="gte")
    updated_before = Moment(field_name="updated_at", lookup_expr="lt")
    resolved_after = Moment(field_name="resolved_at", lookup_expr="gte")
    resolved_before = Moment(field_name="resolved_at", lookup_expr="lt")
    reopened_after = Moment(method="reopened", help_text="Came back after they were done.")
    reopened_before = Moment(method="reopened")
    rated_after = Moment(field_name="rating__at", lookup_expr="gte")
    rated_before = Moment(field_name="rating__at", lookup_expr="lt")
    open_at = Moment(method="stood_open", help_text="Opened by then, and not resolved yet.")
    open = YesNo(method="not_done", help_text="Neither resolved nor closed.")
    unassigned = YesNo(field_name="assignee", lookup_expr="isnull")
    mine = YesNo(method="of_caller", help_text="Assigned to you.")
    followed = YesNo(method="by_caller", help_text="Followed by you.")
    overdue = YesNo(method="late", help_text="Whose next deadline is past.")
    q = filters.CharFilter(
        method="asked", max_length=LONGEST_QUESTION, help_text="Part of number, title or customer."
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def reopened(self, rows: QuerySet[Case], _name: str, _at: datetime) -> QuerySet[Case]:
        """Whichever end is named, both are asked of one and the same event."""
        said = self.form.cleaned_data
        since, until = said.get("reopened_after"), said.get("reopened_before")
        came_back = Event.objects.filter(
            kind="case.reopened",
            subject_type=Case._meta.label_lower,
            data__from__in=list(Case.DONE),
        )
        came_back = came_back.filter(at__gte=since) if since else came_back
        came_back = came_back.filter(at__lt=until) if until else came_back
        return rows.filter(pk__in=came_back.values("subject_id"))

    def stood_open(self, rows: QuerySet[Case], _name: str, at: datetime) -> QuerySet[Case]:
        return rows.filter(Q(resolved_at=None) | Q(resolved_at__gte=at), opened_at__lt=at)

    def not_done(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        return (
            rows.exclude(status__in=Case.DONE) if _yes(value) else rows.filter(status__in=Case.DONE)
        )

    def of_caller(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        return _either(rows, Q(assignee__user=self.request.user.pk), value)

    def by_caller(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        through = Case.followers.through.objects.filter(
            case=OuterRef("pk"), user=self.request.user.pk
        )
        return _either(rows, Q(Exists(through)), value)

    def late(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        return _either(rows, Q(next_deadline_at__lt=timezone.now()), value)

    def asked(self, rows: QuerySet[Case], _name: str, words: str) -> QuerySet[Case]:
        found = Q(number__icontains=words) | Q(title__icontains=words)
        return rows.filter(found | Q(customer__name__icontains=words))


class CaseSearchFilter(CaseFilter):
    """As the list, but words are looked for in mails and letters, too."""

    def asked(self, rows: QuerySet[Case], _name: str, words: str) -> QuerySet[Case]:
        found = searching.cases(self.request.user, words)
        return rows.filter(pk__in=found.order_by().values("pk"))


class TaskFilter(filters.FilterSet):
    status = Several(words=Task.Status.values)
    priority = Several(words=list(Priority))
    department = Several(field_name="department__code")
    assignee = Keys()
    case = Several(field_name="case__number")
    created_after = Moment(field_name="created_at", lookup_expr="gte")
    created_before = Moment(field_name="created_at", lookup_expr="lt")
    updated_after = Moment(field_name="updated_at", lookup_expr="gte")
    updated_before = Moment(field_name="updated_at", lookup_expr="lt")
    due_after = Moment(field_name="due_at", lookup_expr="gte")
    due_before = Moment(field_name="due_at", lookup_expr="lt")
    done_after = Moment(field_name="done_at", lookup_expr="gte")
    done_before = Moment(field_name="done_at", lookup_expr="lt")
    open = YesNo(method="not_done", help_text="New or in progress.")
    unassigned = YesNo(field_name="assignee", lookup_expr="isnull")
    mine = YesNo(method="of_caller", help_text="Given to you.")
    overdue = YesNo(method="late", help_text="Open, and due in the past.")
    q = filters.CharFilter(
        method="asked", max_length=LONGEST_QUESTION, help_text="Part of number, title or case."
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def not_done(self, rows: Any, _name: str, value: str) -> QuerySet[Task]:
        return _either(rows, Q(status__in=[Task.Status.NEW, Task.Status.IN_PROGRESS]), value)

    def of_caller(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        return _either(rows, Q(assignee__user=self.request.user.pk), value)

    def late(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        late = Task.objects.late(timezone.now())
        return _either(rows, Q(pk__in=late.values("pk")), value)

    def asked(self, rows: QuerySet[Task], _name: str, words: str) -> QuerySet[Task]:
        found = Q(number__icontains=words) | Q(title__icontains=words)
        return rows.filter(
            found | Q(case__number__icontains=words) | Q(case__title__icontains=words)
        )


def _yes(value: str) -> bool:
    return value == "true"


def _either(rows: QuerySet[Any], wanted: Q, value: str) -> QuerySet[Any]:
    return rows.filter(wanted) if _yes(value) else rows.exclude(wanted)
