"""The figures of the house, in one dict.

A new one is an entry here and a code in hbu/company/kpi_codes.py; tests/kpis/test_figures.py proves
it by the rows of tests/kpis/busy_house.py.
"""

from django.utils.translation import gettext_lazy as _

from kpis.definitions.kpi import KPI, Better, How, Unit
from kpis.definitions.service import SERVICE
from kpis.definitions.trade import TRADE

__all__ = ["KPI", "KPIS", "Better", "How", "Unit"]

KPIS: dict[str, KPI] = {
    "overall_score": KPI(
        label=_("Overall score"),
        formula=_("Mean of what each figure reaches of its target, at most 100, by its weight."),
        how=How.SCORE,
        unit=Unit.POINTS,
    ),
    **SERVICE,
    **TRADE,
}
