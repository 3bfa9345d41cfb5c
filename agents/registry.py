"""Which software roles there are. A new one is a file in roles/ and a line here."""

from collections.abc import Callable

from agents.data import Brief, Outcome
from agents.roles import finance, info, sales, support

ROLES: dict[str, Callable[[Brief], Outcome]] = {
    "info": info.decide,
    "sales": sales.decide,
    "support": support.decide,
    "finance": finance.decide,
}
