"""Tasks are measured, and carry the id of the request that rang them."""

import time
from typing import Any

from celery import Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

from hbu.lib import measuring, tracing

CARRIED = "hbu_request_id"
_began: dict[str, float] = {}


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Django has set it up; the worker would put its own level over it."""


@before_task_publish.connect
def hand_on(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and (name := tracing.current("request_id")):
        headers[CARRIED] = name


@task_prerun.connect
def begin(task_id: str, task: "Task[..., Any]", **_: Any) -> None:
    tracing.begin(
        task=task.name, task_id=task_id, request_id=getattr(task.request, CARRIED, None) or ""
    )
    _began[task_id] = time.perf_counter()


@task_postrun.connect
def end(task_id: str, task: "Task[..., Any]", state: str | None = None, **_: Any) -> None:
    began = _began.pop(task_id, None)
    if began is not None:
        outcome = measuring.DONE if state in (None, "SUCCESS") else str(state).lower()
        measuring.observe(measuring.TASK, task.name, outcome, seconds=time.perf_counter() - began)
    tracing.begin()
