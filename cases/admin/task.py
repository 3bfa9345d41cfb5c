"""Steps that somebody owes."""

from collections.abc import Sequence

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget

from agents.models import Agent
from cases.models import Task
from cases.services import tasks
from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    PageAdmin,
    Prose,
    Section,
    Transition,
    column,
    labelled,
    link,
    moment,
    words_of,
)
from hbu.lib.telling import told

DONE = Transition(
    name="done",
    label=_("Done"),
    act=lambda task, by, _reason: tasks.resolve(task, by=by),
    possible=lambda task: task.status in (Task.Status.NEW, Task.Status.IN_PROGRESS),
    question=_("The task is off the list."),
    icon="task_alt",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)


class ColleagueForm(forms.Form):
    assignee = forms.ModelChoiceField(
        label=_("Assigned to"),
        queryset=Agent.objects.filter(is_active=True, user__is_active=True),
        required=False,
        empty_label=_("nobody"),
        widget=UnfoldAdminSelectWidget,
    )


BEGIN = Transition(
    name="begin",
    label=_("Begin"),
    act=lambda task, by, _reason: tasks.move(task, Task.Status.IN_PROGRESS, by=by),
    possible=lambda task: task.status == Task.Status.NEW,
    question=_("Somebody works on the task."),
    icon="play_arrow",
    bulk=True,
)
GIVE = Transition(
    name="give",
    label=_("Give to somebody"),
    act=lambda task, by, said: tasks.assign(task, assignee=said["assignee"], by=by),
    possible=lambda task: task.status in (Task.Status.NEW, Task.Status.IN_PROGRESS),
    question=_("Whose task shall it be?"),
    form=ColleagueForm,
    initial=lambda task: {"assignee": task.assignee_id},
    icon="person_add",
)


@admin.register(Task)
class TaskAdmin(PageAdmin):
    empty_words = _("Nobody owes anything. The house works by itself.")
    list_display = (
        "what", "status_label", "case", "department", "assignee", "created_at", "done_at",
    )  # fmt: skip
    list_select_related = ("case", "department", "assignee")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("department", RelatedDropdownFilter),
        ("assignee", RelatedDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("title", "reason", "case__number", "case__title")
    date_hierarchy = "created_at"
    export_fields = (
        "title", "reason", "status", "case__number", "department__code", "assignee__name",
        "created_at", "done_at",
    )  # fmt: skip
    transitions = (DONE, BEGIN, GIVE)

    status_label = labelled(
        "status", _("status"), {"new": "warning", "in_progress": "info", "resolved": "success"}
    )

    @column(_("what is to do"), ordering="title")
    def what(self, task: Task) -> str:
        return gettext(task.title)

    def sections(self, request: HttpRequest, task: Task) -> Sequence[Section]:
        return [
            Prose(title=gettext(task.title), text=told(task.reason)),
            history(task),
            Facts(
                title=_("Task"),
                beside=True,
                items=(
                    (_("status"), words_of(task, "status")),
                    (_("number"), task.number),
                    (_("priority"), words_of(task, "priority")),
                    (_("case"), link(task.case)),
                    (_("department"), link(task.department)),
                    (_("assigned to"), link(task.assignee)),
                    (_("due"), moment(task.due_at)),
                    (_("created"), moment(task.created_at)),
                    (_("done"), moment(task.done_at)),
                ),
            ),
        ]
