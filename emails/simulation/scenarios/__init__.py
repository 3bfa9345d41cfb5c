"""Every kind of letter by name. A new one is a function and a line in its module's SCENARIOS."""

from emails.simulation.drafts import Scenario
from emails.simulation.scenarios import (
    aftermath,
    complaints,
    doubtful,
    everyday,
    noise,
    oem,
    orders,
    service,
    suppliers,
    winding,
)

ALL: dict[str, Scenario] = {
    **orders.SCENARIOS,
    **doubtful.SCENARIOS,
    **service.SCENARIOS,
    **complaints.SCENARIOS,
    **suppliers.SCENARIOS,
    **oem.SCENARIOS,
    **noise.SCENARIOS,
    **everyday.SCENARIOS,
    **aftermath.SCENARIOS,
    **winding.SCENARIOS,
}
