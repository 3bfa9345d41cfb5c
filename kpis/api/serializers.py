"""Shapes of answers. Each number names its formula and the list of the rows it was counted from."""

from typing import Any

from rest_framework import serializers

from cases.models import SLAResult


class Amount(serializers.FloatField):
    """Pieces stay whole numbers."""

    def to_representation(self, value: Any) -> Any:
        return value


class NumberShape(serializers.Serializer[Any]):
    value = Amount(allow_null=True, help_text="null: nothing to make it of.")
    count = serializers.IntegerField(help_text="How many rows the list at `rows` holds.")
    unit = serializers.CharField(help_text="minutes (of open time), percent, stars; empty: pieces.")
    formula = serializers.CharField()
    rows = serializers.CharField(help_text="The list of the rows that were counted.")


class PeriodShape(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(help_text="The first moment that does not belong to it.")
    department = serializers.CharField(help_text="Empty: all that you may see.")


class DashboardShape(serializers.Serializer[Any]):
    period = PeriodShape()
    numbers = serializers.DictField(child=NumberShape())


class DayShape(serializers.Serializer[Any]):
    day = serializers.DateField()
    opened = NumberShape()
    resolved = NumberShape()
    backlog = NumberShape()
    breached = NumberShape()


class TrendsShape(serializers.Serializer[Any]):
    period = PeriodShape()
    days = DayShape(many=True)


class LineShape(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="Key of the agent, or code of the department.")
    name = serializers.CharField()
    resolved = NumberShape()
    open = NumberShape()
    first_response = NumberShape()
    resolution = NumberShape()
    rating = NumberShape()


class LinesShape(serializers.Serializer[Any]):
    period = PeriodShape()
    lines = LineShape(many=True)


class PerformanceShape(serializers.Serializer[Any]):
    period = PeriodShape()
    agents = LineShape(many=True)
    departments = LineShape(many=True)


class ComplianceShape(serializers.Serializer[Any]):
    department = serializers.CharField()
    policy = serializers.CharField()
    clock = serializers.CharField()
    ended = serializers.IntegerField()
    kept = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    average_minutes = serializers.FloatField(allow_null=True)
    rows = serializers.CharField()


class ReportShape(serializers.Serializer[Any]):
    period = PeriodShape()
    formula = serializers.CharField()
    lines = ComplianceShape(many=True)


class ResultSerializer(serializers.ModelSerializer[SLAResult]):
    case = serializers.CharField(source="case.number", read_only=True)
    case_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = SLAResult
        fields = [
            "id", "case", "case_id", "clock", "since", "ended_at", "minutes", "promised_minutes",
            "kept",
        ]  # fmt: skip
        read_only_fields = fields
