"""What came of a workflow rule that was tried, in tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Case, WorkflowRule
from cases.services import choices
from cases.services.rehearsing import Report, Would
from hbu.lib.admin import Notice, Section, Table, anchor, moment
from hbu.lib.telling import told

NAMED = 50


def sections_of(report: Report, rule: WorkflowRule, user: Any) -> list[Section]:
    """Only cases that the person may see are named; all are counted."""
    return [*_warnings(report), _cases(report, rule, user)]


def _warnings(report: Report) -> Iterator[Section]:
    if report.partial:
        yield Notice(text=_("Only the newest events were looked at; older ones were not."))
    for error in sorted(report.errors):
        yield Notice(text=told(error), colour="danger")


def _cases(report: Report, rule: WorkflowRule, user: Any) -> Table:
    numbers = {
        "asked": report.asked,
        "would": len(report.would),
        "cases": report.cases,
    }
    words = gettext(
        "In the last %(days)d days it would have been asked %(asked)s times and have acted "
        "%(would)s times, on %(cases)s cases. The cases are asked as they stand today. Nothing was "
        "saved and nobody was told."
    )
    shown = {name: number_format(one, force_grouping=True) for name, one in numbers.items()}
    deeds = format_html_join(
        "", "<div>{}</div>", ((one,) for one in choices.actions_in_words(rule.actions))
    )
    return Table(
        title=_("If this rule were saved"),
        lead=words % {**shown, "days": report.days},
        headers=(_("case"), _("when"), _("what would be done")),
        rows=[
            (_link(one.case), moment(one.at), _("stopped: rules set each other off")
             if one.too_deep else deeds)
            for one in _visible(report.would, user)
        ],
        empty=_("It would have done nothing."),
    )  # fmt: skip


def _visible(would: Sequence[Would], user: Any) -> list[Would]:
    named = would[:NAMED]
    visible = Case.objects.visible_to(user).filter(pk__in={one.case.pk for one in named})
    seen = set(visible.values_list("pk", flat=True))
    return [one for one in named if one.case.pk in seen]


def _link(case: Case) -> str:
    return anchor(case.get_absolute_url(), str(case))
