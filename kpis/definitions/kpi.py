"""What a figure is."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from kpis.counting import Source


class How(StrEnum):
    """What part and whole of many days come to."""

    PERCENT = "percent"
    """100 × sum of parts ÷ sum of wholes."""
    MEAN = "mean"
    """Sum of parts ÷ sum of wholes."""
    SUM = "sum"
    """Sum of parts."""
    LEVEL = "level"
    """The part of the last day."""
    GROWTH = "growth"
    """In percent, how much more the sum of parts is than that of the time before."""
    SCORE = "score"
    """What the others reach of their targets, weighed."""


class Better(StrEnum):
    UP = "up"
    DOWN = "down"


class Unit(StrEnum):
    PERCENT = "percent"
    HOURS = "hours"
    POINTS = "points"
    MONEY = "money"
    PIECES = "pieces"


@dataclass(frozen=True, slots=True, kw_only=True)
class KPI:
    label: Promise
    formula: Promise
    """In words, so exactly that somebody could count it by hand."""
    how: How
    unit: Unit
    better: Better = Better.UP
    weight: int = 0
    """In the overall score; 0: it has no say there."""
    source: Source | None = None
    """None: made of other figures."""
    of: str = ""
    """Of which other figure it is made."""
    opens: Source | None = None
    """And whose rows it opens then."""
    part: Promise | str = ""
    whole: Promise | str = ""
    """What is counted, for the links to its rows."""

    @property
    def by_department(self) -> bool:
        """Whether it can be told for one department."""
        return any(self.source.splits) if self.source else self.how == How.SCORE

    @property
    def permissions(self) -> frozenset[str]:
        """Those that show the rows."""
        source = self.source or self.opens
        models = source.models if source else ()
        return frozenset(f"{one._meta.app_label}.view_{one._meta.model_name}" for one in models)
