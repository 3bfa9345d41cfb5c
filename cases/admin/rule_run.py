"""The log of workflow rules: what each did for a case, and what failed; and the calls of webhooks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.enums import ActionVariant

from cases.models import Case, RuleRun, WebhookCall
from cases.services import calling, choices, ruling
from hbu.lib.admin import (
    Facts,
    PageAdmin,
    Section,
    Table,
    Transition,
    anchor,
    column,
    link,
    moment,
    words_of,
)
from hbu.lib.conditions import OPS
from hbu.lib.telling import plain, told

RUN_AGAIN = Transition(
    name="again",
    label=_("Try what failed again"),
    act=lambda run, by, _reason: ruling.again(run, by=by),
    possible=lambda run: run.outcome == RuleRun.Outcome.FAILED,
    question=_("Only the actions that failed are done again, as the rule said them then."),
    icon="refresh",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
CALL_AGAIN = Transition(
    name="again",
    label=_("Call again"),
    act=lambda call, by, _reason: calling.again(call, by=by),
    possible=lambda call: call.state == WebhookCall.State.FAILED,
    question=_("The program is told again, with the same number, as often as the first time."),
    icon="refresh",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)


class OfCasesAdmin(PageAdmin):
    """Rows about cases: of those that the person may see."""

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        visible = Case.objects.visible_to(request.user)
        return super().get_queryset(request).filter(case__in=visible)

    @column(_("case"), ordering="case")
    def matter(self, one: Any) -> str:
        return anchor(one.case.get_absolute_url(), str(one.case))


@admin.register(RuleRun)
class RuleRunAdmin(OfCasesAdmin):
    empty_words = _("No rule was asked yet.")
    list_display = ("at", "rule", "matter", "result", "what", "depth")
    list_display_links = ("at",)
    list_select_related = ("rule", "case")
    list_filter = (
        ("rule", RelatedDropdownFilter),
        ("outcome", ChoicesDropdownFilter),
    )
    search_fields = ("case__number", "case__title", "error")
    search_help_text = _("Number or title of the case, or an error")
    ordering = ("-pk",)
    transitions = (RUN_AGAIN,)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        self._values = choices.of_actions()
        return super().changelist_view(request, extra_context)

    @column(
        _("outcome"),
        ordering="outcome",
        label={"done": "success", "failed": "danger", "too_deep": "warning"},
    )
    def result(self, run: RuleRun) -> tuple[str, str]:
        return run.outcome, words_of(run, "outcome")

    @column(_("what was done"))
    def what(self, run: RuleRun) -> str:
        if not run.results:
            return told(run.error)
        return results_in_words(run, self._values)

    def _may(self, request: HttpRequest, _transition: Transition) -> bool:
        return request.user.has_perm("cases.change_workflowrule")

    def sections(self, request: HttpRequest, run: RuleRun) -> Sequence[Section]:
        return [
            Table(
                title=_("What was done"),
                headers=(_("action"), _("what came of it")),
                rows=[
                    (_sentence(one), told(one["error"]) if one["error"] else _("done"))
                    for one in run.results
                ],
                empty=_("Nothing."),
            ),
            Table(
                title=_("What was looked at"),
                headers=(_("field"), _("comparison"), _("value"), _("found"), _("holds")),
                rows=_checks(run),
                empty=_("The rule has no condition."),
            ),
            Facts(
                title=str(_("Run")),
                beside=True,
                items=(
                    (_("rule"), link(run.rule)),
                    (_("version"), _version(run)),
                    (_("case"), self.matter(run)),
                    (_("outcome"), words_of(run, "outcome")),
                    (_("at"), moment(run.at)),
                    (_("cause"), _cause(run.cause)),
                    (_("set off by so many rules"), run.depth),
                    (_("seconds"), run.seconds),
                    (_("error"), told(run.error)),
                ),
            ),
        ]


def _sentence(result: dict[str, Any]) -> str:
    return choices.actions_in_words([result["action"]])[0]


def results_in_words(run: RuleRun, values: choices.Named) -> str:
    said = choices.actions_in_words([one["action"] for one in run.results], values)
    errors = [told(one["error"]) for one in run.results]
    rows = ((one, f" – {error}" if error else "") for one, error in zip(said, errors, strict=True))
    return format_html_join("", "<div>{}<b>{}</b></div>", rows)


def _checks(run: RuleRun) -> list[tuple[str, str, str, str, str]]:
    values = choices.of_conditions() if run.checks else {}
    return [_check(one, values.get(one["field"], {})) for one in run.checks]


def _check(check: dict[str, Any], called: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    given = check["value"] if isinstance(check["value"], list) else [check["value"]]
    value = ", ".join(str(called.get(one, one)) for one in given if one is not None)
    found = str(called.get(check["actual"], check["actual"]))
    held = told(check["error"]) if check["error"] else plain(check["hit"])
    op = gettext(OPS.get(check["op"], check["op"]))
    return choices.field_in_words(check["field"]), op, value, found, held


def _version(run: RuleRun) -> str:
    kept = run.rule.versions.filter(version=run.version).first()
    if kept is None:
        return f"v{run.version}"
    url = reverse("admin:cases_workflowversion_change", args=[kept.pk])
    return anchor(url, f"v{run.version}")


def _cause(cause: str) -> str:
    kind, _colon, what = cause.partition(":")
    if kind != "event":
        return cause
    return anchor(reverse("admin:journal_event_change", args=[what]), cause)


@admin.register(WebhookCall)
class WebhookCallAdmin(OfCasesAdmin):
    empty_words = _("No program was told of anything yet.")
    list_display = ("at", "url", "by", "matter", "stand", "attempts", "error")
    list_display_links = ("at", "url")
    list_select_related = ("case",)
    list_filter = (("state", ChoicesDropdownFilter),)
    search_fields = ("url", "case__number", "by")
    ordering = ("-pk",)
    transitions = (CALL_AGAIN,)

    @column(
        _("state"), ordering="state",
        label={"waits": "info", "delivered": "success", "failed": "danger"},
    )  # fmt: skip
    def stand(self, call: WebhookCall) -> tuple[str, str]:
        return call.state, words_of(call, "state")

    def _may(self, request: HttpRequest, _transition: Transition) -> bool:
        return request.user.has_perm("cases.change_workflowrule")

    def sections(self, request: HttpRequest, call: WebhookCall) -> Sequence[Section]:
        return [
            Facts(
                title=str(_("Webhook call")),
                items=(
                    (_("address"), call.url),
                    (_("case"), self.matter(call)),
                    (_("set off by"), call.by),
                    (_("state"), words_of(call, "state")),
                    (_("answer"), call.status_code),
                    (_("error"), told(call.error)),
                    (_("attempts"), call.attempts),
                    (
                        _("next attempt"),
                        moment(call.next_attempt_at) if call.state == "waits" else "",
                    ),
                    (_("delivered at"), moment(call.delivered_at) if call.delivered_at else ""),
                    (_("cause"), call.cause),
                ),
            )
        ]
