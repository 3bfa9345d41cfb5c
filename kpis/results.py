"""Clocks that ended, as a list: the rows behind the numbers of reports."""

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from cases.models import SLAMark, SLAResult
from hbu.lib.api.asking import Keys, Moment, Several, YesNo

WITHOUT = "-"


class ResultFilter(filters.FilterSet):
    clock = Several(words=SLAMark.Clock.values)
    kept = YesNo(method="in_time")
    department = Several(field_name="case__department__code")
    policy = Several(method="of_policy")
    assignee = Keys(field_name="case__assignee")
    case = Several(field_name="case__number")
    ended_after = Moment(field_name="ended_at", lookup_expr="gte")
    ended_before = Moment(field_name="ended_at", lookup_expr="lt")

    class Meta:
        model = SLAResult
        fields: list[str] = []

    def in_time(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(kept=value == "true")

    def of_policy(self, rows: QuerySet[Any], _name: str, codes: list[str]) -> QuerySet[Any]:
        """By code; a dash means cases whose policy is gone."""
        wanted = Q(case__policy__code__in=codes)
        return rows.filter(wanted | Q(case__policy=None) if WITHOUT in codes else wanted)
