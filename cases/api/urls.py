from django.urls import URLPattern, re_path
from rest_framework.views import APIView

from cases.api import cases, notifications, overview, parts, tasks, telling

CASE = r"^cases/(?P<pk>[0-9]{1,18})"
TASK = r"^tasks/(?P<pk>[0-9]{1,18})"
NUMBER = r"/number/(?P<number>[A-Za-z0-9.-]{1,30})"


def address(pattern: str, view: type[APIView], name: str) -> URLPattern:
    """With and without the slash at the end: programs write both."""
    return re_path(f"{pattern}/?$", view.as_view(), name=name)


urlpatterns = [
    address(r"^cases", cases.Cases, "cases"),
    address(r"^cases/search", overview.CaseSearch, "cases_search"),
    address(r"^cases/stats", overview.CaseStats, "cases_stats"),
    address(r"^cases/bulk/status", overview.CasesBulkStatus, "cases_bulk_status"),
    address(r"^cases/bulk/assign", overview.CasesBulkAssign, "cases_bulk_assign"),
    address(rf"^cases{NUMBER}", cases.CaseByNumber, "case_by_number"),
    address(CASE, cases.OneCase, "case"),
    address(f"{CASE}/status", cases.CaseStatus, "case_status"),
    address(f"{CASE}/assign", cases.CaseAssign, "case_assign"),
    address(f"{CASE}/tasks", parts.CaseTasks, "case_tasks"),
    address(f"{CASE}/timeline", telling.Timeline, "case_timeline"),
    address(f"{CASE}/threads", telling.Threads, "case_threads"),
    address(f"{CASE}/notes", parts.Notes, "case_notes"),
    address(f"{CASE}/sla", telling.Clocks, "case_sla"),
    address(f"{CASE}/merge", parts.Merge, "case_merge"),
    address(f"{CASE}/follow", parts.Follow, "case_follow"),
    address(f"{CASE}/snooze", parts.Snooze, "case_snooze"),
    address(r"^notifications", notifications.Notifications, "notifications"),
    address(r"^notifications/read", notifications.NotificationsRead, "notifications_read"),
    address(r"^tasks", tasks.Tasks, "tasks"),
    address(r"^tasks/search", tasks.TaskSearch, "tasks_search"),
    address(r"^tasks/stats", overview.TaskStats, "tasks_stats"),
    address(r"^tasks/bulk/status", tasks.TasksBulkStatus, "tasks_bulk_status"),
    address(r"^tasks/bulk/assign", tasks.TasksBulkAssign, "tasks_bulk_assign"),
    address(rf"^tasks{NUMBER}", tasks.TaskByNumber, "task_by_number"),
    address(TASK, tasks.OneTask, "task"),
    address(f"{TASK}/status", tasks.TaskStatus, "task_status"),
    address(f"{TASK}/assign", tasks.TaskAssign, "task_assign"),
]
