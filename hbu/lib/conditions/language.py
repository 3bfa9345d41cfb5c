"""The bounds and the words of the rule language."""

from collections.abc import Mapping
from typing import Any

from hbu.lib.reasons import N_

MAX_DEPTH = 8
MAX_LEAVES = 100
MAX_WORDS = 200
MAX_VALUE = 500
MAX_TEXT = 200_000
SHOWN = 200
SECONDS_PER_MATCH = 0.1
SECONDS_PER_ASKING = 1.0
"""For all patterns that are tried on the same facts, whatever rules they stand in."""
TOO_SLOW = N_("too slow")
NO_TIME_LEFT = N_("not tried, other patterns took all the time")

OPS: Mapping[str, str] = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "in": N_("is one of"),
    "contains": N_("contains"),
    "contains_any": N_("contains any of"),
    "matches": N_("matches"),
    "greater": N_("is greater than"),
    "less": N_("is less than"),
    "exists": N_("is given"),
    "true": N_("is true"),
    "false": N_("is false"),
}
WITHOUT_VALUE = frozenset({"exists", "true", "false"})
WITH_LIST = frozenset({"in", "contains_any"})
WITH_TEXT = frozenset({"contains", "matches"})
WITH_NUMBER = frozenset({"greater", "less"})
GROUPS = ("all", "any")

Condition = Mapping[str, Any]
